extension LocatedJSON {
    /// Reads one JSON text (RFC 8259). Names that occur twice in one object are refused: which of the two would count
    /// is the reader's guess, and a settings file must not be guessed at.
    init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }
}

/// A recursive-descent reader over the bytes of one settings file. Objects and lists nest at most 16 deep.
private struct JSONParser {
    let bytes: [UInt8]
    var position = 0
    var line = 1
    var lineStart = 0
    var depth = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
        // Some editors put a byte-order mark in front.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            position = 3
            lineStart = 3
        }
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func fault(_ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(line: line, column: position - lineStart + 1, reason: reason)
    }

    mutating func document() throws(JSONSyntaxError) -> LocatedJSON {
        let value = try self.value()
        skipBlanks()
        guard current == nil else { throw fault("expected the end of the file after the closing bracket") }
        return value
    }

    private mutating func skipBlanks() {
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                lineStart = position + 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
            default: return
            }
            position += 1
        }
    }

    private mutating func value() throws(JSONSyntaxError) -> LocatedJSON {
        skipBlanks()
        let (line, column) = (self.line, position - lineStart + 1)
        let value: LocatedJSON.Value
        switch current {
        case UInt8(ascii: "{"): value = .object(try nested { parser throws(JSONSyntaxError) in try parser.members() })
        case UInt8(ascii: "["): value = .array(try nested { parser throws(JSONSyntaxError) in try parser.items() })
        case UInt8(ascii: "\""): value = .string(try string())
        case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): value = .number(try number())
        default: value = try word()
        }
        return LocatedJSON(value: value, line: line, column: column)
    }

    private mutating func nested<T>(
        _ body: (inout JSONParser) throws(JSONSyntaxError) -> T
    ) throws(JSONSyntaxError) -> T {
        guard depth < 16 else { throw fault("expected at most 16 levels of brackets") }
        depth += 1
        position += 1
        let result = try body(&self)
        depth -= 1
        return result
    }

    private mutating func members() throws(JSONSyntaxError) -> [LocatedJSON.Member] {
        var members: [LocatedJSON.Member] = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return members }
        while true {
            skipBlanks()
            let nameLine = line
            guard current == UInt8(ascii: "\"") else { throw fault("expected a name in double quotes") }
            let name = try string()
            guard !members.contains(where: { $0.name == name }) else { throw fault("\"\(name)\" is given twice") }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw fault("expected \":\" after the name \"\(name)\"") }
            members.append(LocatedJSON.Member(name: name, line: nameLine, value: try value()))
            skipBlanks()
            if take(UInt8(ascii: "}")) { return members }
            guard take(UInt8(ascii: ",")) else { throw fault("expected \",\" or \"}\"") }
        }
    }

    private mutating func items() throws(JSONSyntaxError) -> [LocatedJSON] {
        var items: [LocatedJSON] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return items }
        while true {
            items.append(try value())
            skipBlanks()
            if take(UInt8(ascii: "]")) { return items }
            guard take(UInt8(ascii: ",")) else { throw fault("expected \",\" or \"]\"") }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        var content: [UInt8] = []
        while let byte = current, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw fault("expected the closing quote of the text on the same line") }
            position += 1
            if byte == UInt8(ascii: "\\") {
                content.append(contentsOf: String(try escaped()).utf8)
            } else {
                content.append(byte)
            }
        }
        guard take(UInt8(ascii: "\"")) else { throw fault("expected the closing quote of the text") }
        guard let string = String(validating: content, as: UTF8.self) else { throw fault("expected UTF-8 text") }
        return string
    }

    private mutating func escaped() throws(JSONSyntaxError) -> Unicode.Scalar {
        let kind = current
        position += 1
        switch kind {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw fault("expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u after a backslash")
        }
    }

    private mutating func unicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // A character above U+FFFF is written as two escapes, a high and a low surrogate.
        guard (0xD800...0xDBFF).contains(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw fault("expected a pair of surrogate escapes")
        }
        let second = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw fault("expected a pair of surrogate escapes") }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("expected four hexadecimal digits after \\u")
            }
            number = number * 16 + UInt32(digit)
            position += 1
        }
        return number
    }

    private mutating func number() throws(JSONSyntaxError) -> String {
        let start = position
        let signs: [UInt8] = [
            UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
        ]
        while let byte = current, signs.contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw fault("expected a number") }
        return text
    }

    private mutating func word() throws(JSONSyntaxError) -> LocatedJSON.Value {
        let words: [(String, LocatedJSON.Value)] = [("true", .bool(true)), ("false", .bool(false)), ("null", .null)]
        for (word, value) in words where bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return value
        }
        if bytes[position...].starts(with: "True".utf8) || bytes[position...].starts(with: "False".utf8) {
            throw fault("expected true or false in lower case, as JSON writes them")
        }
        if [UInt8(ascii: "#"), UInt8(ascii: "/")].contains(current) {
            throw fault("expected a value; JSON has no comments")
        }
        if current == UInt8(ascii: "}") || current == UInt8(ascii: "]") {
            throw fault("expected a value; JSON has no comma before a closing bracket")
        }
        throw fault("expected a value")
    }
}
