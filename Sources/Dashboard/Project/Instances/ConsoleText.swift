/// What a guest wrote to its serial port, made fit to be read: a guest may write anything.
enum ConsoleText {
    /// Text without terminal control sequences (ECMA-48 CSI and OSC) and other control characters; line breaks and tabs
    /// stay, what is not UTF-8 becomes U+FFFD.
    static func readable(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x1B {
                index = afterEscape(bytes, index + 1)
                continue
            }
            if byte >= 0x20 && byte != 0x7F || byte == 0x0A || byte == 0x09 { output.append(byte) }
            index += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The index after the escape sequence whose ESC is before `start`.
    private static func afterEscape(_ bytes: [UInt8], _ start: Int) -> Int {
        guard start < bytes.count else { return start }
        switch bytes[start] {
        case UInt8(ascii: "["):
            var index = start + 1
            while index < bytes.count, (0x20...0x3F).contains(bytes[index]) { index += 1 }
            return min(index + 1, bytes.count)
        case UInt8(ascii: "]"):
            var index = start + 1
            while index < bytes.count, bytes[index] >= 0x20 { index += 1 }
            return index < bytes.count && bytes[index] == 0x07 ? index + 1 : index
        default:
            return start + 1
        }
    }
}
