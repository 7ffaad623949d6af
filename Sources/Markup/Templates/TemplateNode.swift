/// A template as it was written: what the parser makes and the binder reads.
indirect enum TemplateNode: Sendable {
    /// Bytes to copy; white space at the start of a line is not among them.
    case text([UInt8])
    /// The start of a line that holds something, and the white space it starts with: here indentation is added
    /// (partials, parents) or taken away (blocks).
    case lineStart([UInt8])
    case variable(TemplateName, isEscaped: Bool)
    case section(TemplateName, [TemplateNode])
    case inverted(TemplateName, [TemplateNode])
    case partial(TemplateInclusion)
    case parent(TemplateInclusion, arguments: [String: TemplateBlock])
    case block(TemplateBlock)
    case message(TemplateMessage)
}

/// A name in a tag: `subnet.name`, or `.` with no parts.
struct TemplateName: Sendable, Equatable {
    let parts: [String]
    let line: Int

    var text: String { parts.isEmpty ? "." : parts.joined(separator: ".") }

    /// Whether a name can be written with it in any template: ASCII letters, digits, underscore and hyphen.
    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// `{{>name}}` or `{{<name}}`.
struct TemplateInclusion: Sendable {
    let name: String
    let line: Int
    /// The white space before a tag that stands alone on its line; nil when other things stand there too.
    let indentation: [UInt8]?
}

/// `{{$name}}…{{/name}}`: a place that can be overridden, or, inside a parent tag, what overrides it.
struct TemplateBlock: Sendable {
    let name: String
    /// The file it is written in: its partials and its errors belong there.
    let file: String
    /// Where in the file; together with the file it tells blocks apart.
    let offset: Int
    let line: Int
    /// The white space before the opening tag when that is the first thing on its line.
    let indentation: [UInt8]
    /// Whether the opening tag stands alone, so that its line is not part of the page.
    let isStandalone: Bool
    /// Whether the content begins on a line of its own.
    let startsLine: Bool
    let content: [TemplateNode]

    /// The white space in front of the content's first line: taken away from all its lines where it is expanded.
    var contentIndentation: [UInt8] {
        startsLine ? Self.firstIndentation(content) ?? [] : []
    }

    /// The indentation of whatever stands here: that of the default content, or that of the tag when it has none.
    var expansionIndentation: [UInt8] {
        guard isStandalone else { return indentation }
        return Self.firstIndentation(content) ?? indentation
    }

    private static func firstIndentation(_ nodes: [TemplateNode]) -> [UInt8]? {
        for node in nodes {
            switch node {
            case .lineStart(let space): return space
            case .section(_, let inner), .inverted(_, let inner):
                if let space = firstIndentation(inner) { return space }
            case .block(let block): return block.expansionIndentation
            case .partial(let inclusion), .parent(let inclusion, _): return inclusion.indentation
            case .text, .variable, .message: return nil
            }
        }
        return nil
    }
}

/// `{{#_}}Text{{/_}}` or, with one form per grammatical number, `{{#_n}}{{count}} port|{{count}} ports{{/_n}}`.
struct TemplateMessage: Sendable {
    /// The text as written, with runs of white space that hold a line end made one space: the catalogue's key.
    let key: String
    let isPlural: Bool
    let line: Int
    let delimiters: TemplateDelimiters
}

/// What encloses a tag.
struct TemplateDelimiters: Sendable, Equatable {
    var open: [UInt8] = Array("{{".utf8)
    var close: [UInt8] = Array("}}".utf8)
}
