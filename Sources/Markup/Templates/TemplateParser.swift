/// Reads the Mustache language, https://github.com/mustache/spec, with inheritance; of its optional parts neither
/// lambdas nor dynamic names. Two sections of our own, `_` and `_n`, hold texts to be translated.
struct TemplateParser {
    private var scanner: TemplateScanner
    private(set) var messages: [TemplateMessage] = []

    /// A whole file.
    init(file: String, source: [UInt8]) {
        scanner = TemplateScanner(
            file: file, source: source, firstLine: 1, startsLine: true, delimiters: TemplateDelimiters())
    }

    /// The text of a message in some language; errors are told at the message's place.
    init(file: String, text: String, of message: TemplateMessage) {
        scanner = TemplateScanner(
            file: file, source: Array(text.utf8), firstLine: message.line, startsLine: false,
            delimiters: message.delimiters)
    }

    mutating func parse() throws(TemplateError) -> [TemplateNode] {
        try nodes(until: nil)
    }

    private typealias Tag = TemplateScanner.Tag

    /// What stands before the closing tag of `opening`, or before the end of the file.
    private mutating func nodes(
        until opening: Tag?, dropsLastIndentation: Bool = false
    ) throws(TemplateError) -> [TemplateNode] {
        var nodes: [TemplateNode] = []
        while let tag = try scanner.nextTag() {
            if let opening, tag.sigil == UInt8(ascii: "/") {
                guard tag.content == opening.content else { throw mismatch(tag, opening) }
                pass(tag, dropsIndentation: dropsLastIndentation, into: &nodes)
                return nodes
            }
            try append(tag, to: &nodes)
        }
        if let opening {
            throw scanner.error("\"\(opening.content)\" is not closed", at: opening.start)
        }
        appendText(upTo: scanner.source.count, isFollowedByTag: false, to: &nodes)
        scanner.position = scanner.source.count
        return nodes
    }

    /// One tag with the text before it.
    private mutating func append(_ tag: Tag, to nodes: inout [TemplateNode]) throws(TemplateError) {
        switch tag.sigil {
        case nil:
            try appendVariable(tag, isEscaped: true, to: &nodes)
        case UInt8(ascii: "{"), UInt8(ascii: "&"):
            try appendVariable(tag, isEscaped: false, to: &nodes)
        case UInt8(ascii: "!"):
            pass(tag, into: &nodes)
        case UInt8(ascii: "="):
            pass(tag, into: &nodes)
            scanner.delimiters = try delimiters(tag)
        case UInt8(ascii: "#") where tag.content == "_" || tag.content == "_n":
            try appendMessage(tag, to: &nodes)
        case UInt8(ascii: "#"), UInt8(ascii: "^"):
            pass(tag, into: &nodes)
            let name = try name(tag)
            let content = try self.nodes(until: tag)
            nodes.append(tag.sigil == UInt8(ascii: "#") ? .section(name, content) : .inverted(name, content))
        case UInt8(ascii: ">"):
            let indentation = pass(tag, into: &nodes)
            nodes.append(.partial(try inclusion(tag, indentation)))
        case UInt8(ascii: "<"):
            try appendParent(tag, to: &nodes)
        case UInt8(ascii: "$"):
            try appendBlock(tag, to: &nodes)
        default:
            throw scanner.error("\"\(tag.content)\" is closed but not open", at: tag.start)
        }
    }

    private mutating func appendVariable(
        _ tag: Tag, isEscaped: Bool, to nodes: inout [TemplateNode]
    ) throws(TemplateError) {
        appendText(upTo: tag.start, isFollowedByTag: true, to: &nodes)
        scanner.position = tag.end
        nodes.append(.variable(try name(tag), isEscaped: isEscaped))
    }

    private mutating func appendParent(_ tag: Tag, to nodes: inout [TemplateNode]) throws(TemplateError) {
        let textStart = scanner.position
        scanner.position = tag.end
        var arguments: [String: TemplateBlock] = [:]
        var closing: Tag?
        while closing == nil, let inner = try scanner.nextTag() {
            scanner.position = inner.end
            switch inner.sigil {
            case UInt8(ascii: "$"):
                guard arguments[inner.content] == nil else {
                    throw scanner.error("the block \"\(inner.content)\" is given twice", at: inner.start)
                }
                arguments[inner.content] = try argument(inner)
            case UInt8(ascii: "!"): break
            case UInt8(ascii: "="): scanner.delimiters = try delimiters(inner)
            case UInt8(ascii: "/"):
                guard inner.content == tag.content else { throw mismatch(inner, tag) }
                closing = inner
            default: throw scanner.error("only blocks stand inside a parent", at: inner.start)
            }
        }
        guard let closing else { throw scanner.error("\"\(tag.content)\" is not closed", at: tag.start) }
        scanner.position = textStart
        let indentation = pass(tag, through: closing, into: &nodes)
        nodes.append(.parent(try inclusion(tag, indentation), arguments: arguments))
    }

    /// What stands for a block of the parent; the position is behind its opening tag.
    private mutating func argument(_ tag: Tag) throws(TemplateError) -> TemplateBlock {
        let nextLine = scanner.blankEnd(after: tag.end)
        if let nextLine { scanner.position = nextLine }
        let content = try nodes(until: tag, dropsLastIndentation: true)
        return block(tag, indentation: [], isStandalone: false, startsLine: nextLine != nil, content)
    }

    private mutating func appendBlock(_ tag: Tag, to nodes: inout [TemplateNode]) throws(TemplateError) {
        let indentation = scanner.blankStart(before: tag.start).map { Array(scanner.source[$0..<tag.start]) }
        let isStandalone = pass(tag, into: &nodes) != nil
        let content = try self.nodes(until: tag)
        nodes.append(
            .block(
                block(
                    tag, indentation: indentation ?? [], isStandalone: isStandalone, startsLine: isStandalone,
                    content)))
    }

    private func block(
        _ tag: Tag, indentation: [UInt8], isStandalone: Bool, startsLine: Bool, _ content: [TemplateNode]
    ) -> TemplateBlock {
        TemplateBlock(
            name: tag.content, file: scanner.file, offset: tag.start, line: scanner.line(at: tag.start),
            indentation: indentation, isStandalone: isStandalone, startsLine: startsLine, content: content)
    }

    /// The text of a message is not parsed here: each language's text is, when it is bound.
    private mutating func appendMessage(_ tag: Tag, to nodes: inout [TemplateNode]) throws(TemplateError) {
        appendText(upTo: tag.start, isFollowedByTag: true, to: &nodes)
        scanner.position = tag.end
        while let inner = try scanner.nextTag() {
            scanner.position = inner.end
            switch inner.sigil {
            case nil, UInt8(ascii: "{"), UInt8(ascii: "&"): continue
            case UInt8(ascii: "/") where inner.content == tag.content: break
            default: throw scanner.error("a text to translate holds variables only", at: inner.start)
            }
            let parts = MessageText(scanner.source[tag.end..<inner.start])
            guard !parts.key.isEmpty else { throw scanner.error("a text to translate is empty", at: tag.start) }
            let message = TemplateMessage(
                key: parts.key, isPlural: tag.content == "_n", line: scanner.line(at: tag.start),
                delimiters: scanner.delimiters)
            messages.append(message)
            if !parts.leading.isEmpty { nodes.append(.text(parts.leading)) }
            nodes.append(.message(message))
            if !parts.trailing.isEmpty { nodes.append(.text(parts.trailing)) }
            return
        }
        throw scanner.error("\"\(tag.content)\" is not closed", at: tag.start)
    }
}

extension TemplateParser {
    private func mismatch(_ tag: Tag, _ opening: Tag) -> TemplateError {
        scanner.error(
            "\"\(tag.content)\" is closed where \"\(opening.content)\" of line \(scanner.line(at: opening.start)) "
                + "is open", at: tag.start)
    }

    private func name(_ tag: Tag) throws(TemplateError) -> TemplateName {
        let line = scanner.line(at: tag.start)
        if tag.content == "." { return TemplateName(parts: [], line: line) }
        let parts = tag.content.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !parts.contains(where: { $0.isEmpty || $0.utf8.contains(where: TemplateScanner.isSpace) }) else {
            throw scanner.error("\"\(tag.content)\" is not a name", at: tag.start)
        }
        return TemplateName(parts: parts, line: line)
    }

    private func inclusion(_ tag: Tag, _ indentation: [UInt8]?) throws(TemplateError) -> TemplateInclusion {
        guard !tag.content.isEmpty else { throw scanner.error("a template's name is missing", at: tag.start) }
        return TemplateInclusion(name: tag.content, line: scanner.line(at: tag.start), indentation: indentation)
    }

    /// `{{=<% %>=}}`.
    private func delimiters(_ tag: Tag) throws(TemplateError) -> TemplateDelimiters {
        let parts = tag.content.utf8.split(whereSeparator: TemplateScanner.isSpace).map(Array.init)
        guard parts.count == 2, !(parts[0] + parts[1]).contains(UInt8(ascii: "=")) else {
            throw scanner.error("two delimiters are set, with a space between", at: tag.start)
        }
        return TemplateDelimiters(open: parts[0], close: parts[1])
    }

    /// Appends the text before the tag and moves behind it. When the tag (or the unit from `tag` through `last`)
    /// stands alone on its line, that line is not part of the page: the result is then its indentation.
    @discardableResult
    private mutating func pass(
        _ tag: Tag, through last: Tag? = nil, dropsIndentation: Bool = false, into nodes: inout [TemplateNode]
    ) -> [UInt8]? {
        let last = last ?? tag
        let blank = scanner.blankStart(before: tag.start)
        if let blank, let nextLine = scanner.blankEnd(after: last.end) {
            appendText(upTo: blank, isFollowedByTag: false, to: &nodes)
            scanner.position = nextLine
            return Array(scanner.source[blank..<tag.start])
        }
        let dropped = dropsIndentation ? blank : nil
        appendText(upTo: dropped ?? tag.start, isFollowedByTag: dropped == nil, to: &nodes)
        scanner.position = last.end
        return nil
    }

    /// Appends the text from the position to `end`, line by line.
    private func appendText(upTo end: Int, isFollowedByTag: Bool, to nodes: inout [TemplateNode]) {
        var start = scanner.position
        while start < end || (start == end && isFollowedByTag && scanner.isLineStart(start)) {
            if scanner.isLineStart(start) {
                let content = min(scanner.skipSpace(from: start, newlines: false), end)
                let isEmptyLine = content == start && content < end && TemplateScanner.isSpace(scanner.source[content])
                if !isEmptyLine {
                    nodes.append(.lineStart(Array(scanner.source[start..<content])))
                    start = content
                }
            }
            guard start < end else { return }
            let newline = scanner.source[start..<end].firstIndex(of: UInt8(ascii: "\n"))
            let next = newline.map { $0 + 1 } ?? end
            nodes.append(.text(Array(scanner.source[start..<next])))
            start = next
        }
    }
}
