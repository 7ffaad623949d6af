/// RFC 9112 read a second time, as plainly as it can be: with everything at hand, line by line, one rule after the
/// other, and nothing shared with the server's parser. For comparing the two.
struct PlainReading {
    /// A complete request.
    struct Message: Equatable {
        var method = ""
        var target = ""
        var fields: [String] = []
        var content: [UInt8] = []
    }

    /// What is no message: to be refused, or not all there yet.
    private enum Stop: Error {
        case refused
        case incomplete
    }

    /// The complete messages before the first that is refused or incomplete.
    private(set) var messages: [Message] = []
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
        while let next = try? message() { messages.append(next) }
    }

    private mutating func message() throws(Stop) -> Message {
        if rest.starts(with: "\r\n".utf8) { rest = rest.dropFirst(2) }
        var message = Message()
        let words = text(try line()).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, isToken(words[0]), !words[1].isEmpty else { throw .refused }
        guard words[1].unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) }) else { throw .refused }
        guard words[2].hasPrefix("HTTP/1."), words[2].utf8.count == 8, let minor = words[2].last?.wholeNumberValue
        else {
            throw .refused
        }
        (message.method, message.target) = (String(words[0]), String(words[1]))
        message.fields = try fields()
        let coding = values("transfer-encoding", message)
        let length = values("content-length", message)
        if !coding.isEmpty {
            guard coding.map({ $0.lowercased() }) == ["chunked"], length.isEmpty, minor > 0 else { throw .refused }
            message.content = try chunks()
        } else if !length.isEmpty {
            guard length.count == 1, isNumber(length[0]), let count = Int(length[0]) else { throw .refused }
            message.content = try take(count)
        }
        return message
    }

    private mutating func fields() throws(Stop) -> [String] {
        var fields: [String] = []
        while true {
            let line = text(try line())
            guard !line.isEmpty else { return fields }
            guard let colon = line.firstIndex(of: ":"), isToken(line[..<colon]) else { throw .refused }
            let value = line[line.index(after: colon)...]
            guard isText(value) else { throw .refused }
            fields.append("\(line[..<colon]): \(trimmed(value))")
        }
    }

    private mutating func chunks() throws(Stop) -> [UInt8] {
        var content: [UInt8] = []
        while true {
            let parts = text(try line()).split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
            let digits = "0123456789abcdefABCDEF"
            guard !parts[0].isEmpty, parts[0].allSatisfy({ digits.contains($0) }), let size = Int(parts[0], radix: 16),
                parts.count == 1 || isText(parts[1])
            else { throw .refused }
            guard size > 0 else { break }
            content += try take(size)
            guard try take(2) == [0x0D, 0x0A] else { throw .refused }
        }
        _ = try fields()
        return content
    }

    /// Up to the next CRLF, which is taken too. Neither of its characters may stand alone.
    private mutating func line() throws(Stop) -> ArraySlice<UInt8> {
        guard let end = rest.firstIndex(where: { $0 == 0x0D || $0 == 0x0A }) else { throw .incomplete }
        guard rest[end] == 0x0D else { throw .refused }
        guard end + 1 < rest.endIndex else { throw .incomplete }
        guard rest[end + 1] == 0x0A else { throw .refused }
        defer { rest = rest[(end + 2)...] }
        return rest[..<end]
    }

    private mutating func take(_ count: Int) throws(Stop) -> [UInt8] {
        guard rest.count >= count else { throw .incomplete }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    private func values(_ name: String, _ message: Message) -> [Substring] {
        message.fields.filter { $0.lowercased().hasPrefix(name + ": ") }.map { $0.dropFirst(name.count + 2) }
    }

    /// One character for each byte.
    private func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private func isToken(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
                    || "!#$%&'*+-.^_`|~".unicodeScalars.contains($0)
            }
    }

    private func isText(_ text: Substring) -> Bool {
        text.unicodeScalars.allSatisfy { $0 == "\t" || $0.value >= 0x20 && $0.value != 0x7F }
    }

    private func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { (0x30...0x39).contains($0.value) }
    }

    private func trimmed(_ text: Substring) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first == " " || first == "\t" { scalars.removeFirst() }
        while let last = scalars.last, last == " " || last == "\t" { scalars.removeLast() }
        return String(String.UnicodeScalarView(scalars))
    }
}
