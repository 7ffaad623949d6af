/// One line of a text box that is not blank, without the white space around it.
struct TypedLine {
    /// Counted from 1.
    let number: Int
    let text: String

    /// Browsers send CR LF; people paste anything.
    static func all(in text: String) -> [TypedLine] {
        let lines = text.utf8.split(omittingEmptySubsequences: false) { $0 == 0x0a }
        return lines.enumerated().compactMap { index, line in
            let trimmed = trimmed(line)
            return trimmed.isEmpty ? nil : TypedLine(number: index + 1, text: trimmed)
        }
    }

    static func parts(of text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    private static func trimmed(_ bytes: Substring.UTF8View) -> String {
        let start = bytes.firstIndex { !IPAddress.isWhiteSpace($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !IPAddress.isWhiteSpace($0) }.map(bytes.index(after:)) ?? start
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
