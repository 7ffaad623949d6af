/// Finds the tags of a template and what surrounds them on their lines.
struct TemplateScanner {
    let file: String
    let source: [UInt8]
    let firstLine: Int
    /// Whether the source begins at the start of a line.
    let startsLine: Bool
    var delimiters: TemplateDelimiters
    /// Everything before it has been read.
    var position = 0
    /// Where the lines end.
    private let newlines: [Int]

    init(file: String, source: [UInt8], firstLine: Int, startsLine: Bool, delimiters: TemplateDelimiters) {
        self.file = file
        self.source = source
        self.firstLine = firstLine
        self.startsLine = startsLine
        self.delimiters = delimiters
        newlines = source.indices.filter { source[$0] == UInt8(ascii: "\n") }
    }

    /// One tag.
    struct Tag {
        let sigil: UInt8?
        let content: String
        let start: Int
        let end: Int
    }

    /// The next tag from the present position on, or nil when there is only text left. Does not move the position.
    func nextTag() throws(TemplateError) -> Tag? {
        guard let start = find(delimiters.open, from: position) else { return nil }
        let sigilAt = skipSpace(from: start + delimiters.open.count, newlines: true)
        guard sigilAt < source.count else { throw unclosed(start) }
        let sigil = Self.sigils.contains(source[sigilAt]) ? source[sigilAt] : nil
        var close = delimiters.close
        if sigil == UInt8(ascii: "{") { close.insert(UInt8(ascii: "}"), at: 0) }
        if sigil == UInt8(ascii: "=") { close.insert(UInt8(ascii: "="), at: 0) }
        let contentStart = sigil == nil ? sigilAt : sigilAt + 1
        guard let contentEnd = find(close, from: contentStart) else { throw unclosed(start) }
        let content = source[contentStart..<contentEnd].drop(while: Self.isSpace)
        let end = content.lastIndex { !Self.isSpace($0) }.map { $0 + 1 } ?? content.startIndex
        return Tag(
            sigil: sigil, content: String(decoding: content[..<end], as: UTF8.self), start: start,
            end: contentEnd + close.count)
    }

    /// Where the line's white space before `offset` begins, when nothing else stands before it on its line.
    func blankStart(before offset: Int) -> Int? {
        var start = offset
        while start > 0, Self.isBlank(source[start - 1]) { start -= 1 }
        return isLineStart(start) ? start : nil
    }

    /// Where the next line begins, when only white space is left of the line from `offset` on.
    func blankEnd(after offset: Int) -> Int? {
        let end = skipSpace(from: offset, newlines: false)
        if end == source.count { return end }
        if source[end] == UInt8(ascii: "\n") { return end + 1 }
        let isPair = source[end] == UInt8(ascii: "\r") && end + 1 < source.count
        return isPair && source[end + 1] == UInt8(ascii: "\n") ? end + 2 : nil
    }

    func isLineStart(_ offset: Int) -> Bool {
        offset == 0 ? startsLine : source[offset - 1] == UInt8(ascii: "\n")
    }

    func skipSpace(from offset: Int, newlines: Bool) -> Int {
        var offset = offset
        while offset < source.count, newlines ? Self.isSpace(source[offset]) : Self.isBlank(source[offset]) {
            offset += 1
        }
        return offset
    }

    func line(at offset: Int) -> Int {
        var (low, high) = (0, newlines.count)
        while low < high {
            let middle = (low + high) / 2
            if newlines[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return firstLine + low
    }

    func error(_ reason: String, at offset: Int) -> TemplateError {
        TemplateError(file: file, line: line(at: offset), reason: reason)
    }

    private func unclosed(_ start: Int) -> TemplateError {
        error("the tag is not closed by \"\(String(decoding: delimiters.close, as: UTF8.self))\"", at: start)
    }

    private func find(_ pattern: [UInt8], from start: Int) -> Int? {
        var offset = start
        while offset <= source.count - pattern.count {
            if source[offset] == pattern[0], source[offset..<offset + pattern.count].elementsEqual(pattern) {
                return offset
            }
            offset += 1
        }
        return nil
    }

    private static let sigils = Set("#^/>!<$&{=".utf8)

    /// Space and tab.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    static func isSpace(_ byte: UInt8) -> Bool { isBlank(byte) || byte == 0x0A || byte == 0x0D }
}
