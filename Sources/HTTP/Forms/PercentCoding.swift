/// Percent-encoding (RFC 3986 section 2.1) and its form variant (WHATWG URL, `application/x-www-form-urlencoded`).
public enum PercentCoding {
    /// The text with every `%XX` replaced by its byte, once. nil when a `%` is not followed by two hexadecimal digits,
    /// or when the outcome is not UTF-8.
    /// - Parameter plusIsSpace: in forms and queries `+` stands for a space.
    public static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        var text = String(text)
        return text.withUTF8 { decode($0, plusIsSpace: plusIsSpace) }
    }

    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, plusIsSpace: Bool) -> String? {
        decodedBytes(bytes, plusIsSpace: plusIsSpace).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The bytes with every `%XX` replaced, whatever they are then; nil when a `%` is not followed by two digits.
    static func decodedBytes(_ bytes: UnsafeBufferPointer<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.count, let high = Grammar.hexValue(bytes[index + 1]),
                    let low = Grammar.hexValue(bytes[index + 2])
                else { return nil }
                output.append(high << 4 | low)
                index += 3
            case UInt8(ascii: "+") where plusIsSpace:
                output.append(UInt8(ascii: " "))
                index += 1
            case let byte:
                output.append(byte)
                index += 1
            }
        }
        return output
    }

    /// The text with every byte outside RFC 3986's unreserved set encoded: fit for one path segment or query value.
    public static func encode(_ text: some StringProtocol) -> String {
        encode(String(text))
    }

    /// The same for a whole text: most need no encoding, and are given back as they are.
    public static func encode(_ text: String) -> String {
        var text = text
        if text.withUTF8({ $0.allSatisfy(isUnreserved) }) { return text }
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                output.append(byte)
            } else {
                output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        Grammar.isDigit(byte) || Grammar.lowercased(byte) &- 0x61 < 26 || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }
}
