/// Escaping for HTML text and quoted attribute values: `& < > " '`.
///
/// Bytes of multi-byte characters are all above 127, so scanning bytes is scanning characters.
enum HTMLEscaping {
    /// Appends `text` with the five characters replaced; runs without them are copied whole.
    static func append(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { bytes in
            var runStart = 0
            for index in bytes.indices where needsEscape(bytes[index]) {
                output.append(contentsOf: bytes[runStart..<index])
                output.append(contentsOf: entity(for: bytes[index]).utf8)
                runStart = index + 1
            }
            output.append(contentsOf: bytes[runStart...])
        }
    }

    /// Appends `text` as it is.
    static func appendRaw(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { output.append(contentsOf: $0) }
    }

    @inline(__always)
    private static func needsEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }

    private static func entity(for byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        default: "&#39;"
        }
    }
}
