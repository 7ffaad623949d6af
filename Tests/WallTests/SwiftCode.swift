/// The text of a Swift file with comments and the contents of string literals blanked out; every line keeps its place
/// and every column its own. Enough of Swift's grammar to count braces and find words, and no more.
struct SwiftCode: Sendable {
    let lines: [Substring]

    init(_ text: String) {
        var scanner = Scanner(bytes: Array(text.utf8))
        scanner.scan()
        lines = String(decoding: scanner.output, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// A function, initialiser or computed accessor with a body.
    struct Function {
        let name: String
        /// The first line, from 1.
        let line: Int
        let length: Int
    }

    /// Functions and initialisers with the number of lines from their first to their closing brace.
    var functions: [Function] {
        var found: [Function] = []
        for (index, line) in lines.enumerated() {
            let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "`") }
            guard let at = words.firstIndex(where: { ["func", "init", "deinit"].contains($0) }),
                words[..<at].allSatisfy(Self.modifiers.contains)
            else { continue }
            let name = words[at] == "func" && at + 1 < words.count ? String(words[at + 1]) : String(words[at])
            if let end = end(ofBodyFrom: index) {
                found.append(Function(name: name, line: index + 1, length: end - index + 1))
            }
        }
        return found
    }

    private static let modifiers: Set<Substring> = [
        "public", "package", "internal", "private", "fileprivate", "static", "class", "final", "override", "mutating",
        "nonisolated", "convenience", "required", "borrowing", "consuming", "inline", "__always", "never",
        "discardableResult",
        "Test", "indirect", "isolated", "unsafe",
    ]

    /// The line on which the braces opened since `start` are closed again; `nil` for a declaration without a body.
    private func end(ofBodyFrom start: Int) -> Int? {
        var braces = 0
        var parentheses = 0
        for index in start..<lines.count {
            for character in lines[index].utf8 {
                switch character {
                case UInt8(ascii: "("): parentheses += 1
                case UInt8(ascii: ")"): parentheses -= 1
                case UInt8(ascii: "{"): braces += 1
                case UInt8(ascii: "}"):
                    braces -= 1
                    if braces == 0, parentheses == 0 { return index }
                    if braces < 0 { return nil }
                default: break
                }
            }
            // The signature is complete and the next line begins something else: a protocol's requirement.
            if braces == 0, parentheses == 0, index + 1 < lines.count {
                let next = lines[index + 1].drop { $0 == " " }
                let goesOn = ["{", "->", "where", "throws", "async", ")"].contains { next.hasPrefix($0) }
                if !goesOn { return nil }
            }
        }
        return nil
    }
}

private struct Scanner {
    let bytes: [UInt8]
    var output: [UInt8] = []
    var position = 0

    /// Bytes that begin neither comment nor string nor parenthesis: most of them.
    private static let isPlain: [Bool] = {
        var table = [Bool](repeating: true, count: 256)
        for byte in "/\"#()".utf8 { table[Int(byte)] = false }
        return table
    }()

    init(bytes: [UInt8]) {
        self.bytes = bytes
        output.reserveCapacity(bytes.count)
    }

    private func starts(_ text: StaticString, at offset: Int = 0) -> Bool {
        let start = position + offset
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<text.utf8CodeUnitCount where bytes[start + index] != text.utf8Start[index] { return false }
        return true
    }

    private mutating func blank(_ count: Int) {
        for _ in 0..<min(count, bytes.count - position) {
            output.append(bytes[position] == 10 ? 10 : 32)
            position += 1
        }
    }

    mutating func scan() {
        code(untilClosingParenthesis: false)
    }

    /// Code up to the end of the text, or to the parenthesis that ends an interpolation.
    private mutating func code(untilClosingParenthesis: Bool) {
        var depth = 0
        while position < bytes.count {
            if Self.isPlain[Int(bytes[position])] {
                output.append(bytes[position])
                position += 1
            } else if starts("//") {
                while position < bytes.count, bytes[position] != 10 { blank(1) }
            } else if starts("/*") {
                comment()
            } else if bytes[position] == UInt8(ascii: "\"") || (bytes[position] == UInt8(ascii: "#") && startsRawString)
            {
                string()
            } else {
                if bytes[position] == UInt8(ascii: "(") { depth += 1 }
                if bytes[position] == UInt8(ascii: ")") {
                    if untilClosingParenthesis, depth == 0 { return }
                    depth -= 1
                }
                output.append(bytes[position])
                position += 1
            }
        }
    }

    private var startsRawString: Bool {
        var end = position
        while end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
        return end < bytes.count && bytes[end] == UInt8(ascii: "\"")
    }

    private mutating func comment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                blank(2)
            } else if starts("*/") {
                depth -= 1
                blank(2)
            } else {
                blank(1)
            }
        } while depth > 0 && position < bytes.count
    }

    private mutating func string() {
        var hashes = 0
        while bytes[position] == UInt8(ascii: "#") {
            hashes += 1
            blank(1)
        }
        let isMultiline = starts("\"\"\"")
        let quotes = isMultiline ? 3 : 1
        blank(quotes)
        while position < bytes.count {
            if endsString(quotes: quotes, hashes: hashes) {
                blank(quotes + hashes)
                return
            }
            if !isMultiline, bytes[position] == 10 { return }
            if bytes[position] == UInt8(ascii: "\\"), isEscape(hashes: hashes) {
                blank(1 + hashes)
                if position < bytes.count, bytes[position] == UInt8(ascii: "(") {
                    blank(1)
                    code(untilClosingParenthesis: true)
                }
            }
            blank(1)
        }
    }

    private func endsString(quotes: Int, hashes: Int) -> Bool {
        let end = position + quotes + hashes
        guard end <= bytes.count else { return false }
        return bytes[position..<position + quotes].allSatisfy { $0 == UInt8(ascii: "\"") }
            && bytes[position + quotes..<end].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private func isEscape(hashes: Int) -> Bool {
        let end = position + 1 + hashes
        return end <= bytes.count && bytes[position + 1..<end].allSatisfy { $0 == UInt8(ascii: "#") }
    }
}
