import Markup

/// How a state is coloured; the word beside the dot says the same.
enum StatusLevel: String, Sendable {
    case good, busy, bad, off
    /// Well, but not meant to last: somebody has to decide something.
    case waiting
}

/// One cell of a table, or one value on a detail page.
struct Cell: TemplateModel {
    var label = ""
    var style = ""
    var status: StatusModel?
    var lines: [Line] = []
    var spark: Sparkline?

    struct Line: TemplateModel {
        let text: String
        var href: String?
        var strong = false
        var code = false
        /// Said after the text, more quietly.
        var note: String?

        static let shape = Shape<Line>([
            .text("text", \.text), .optionalText("href", \.href), .flag("strong", \.strong), .flag("code", \.code),
            .optionalText("note", \.note), .flag("long", \.isLong),
        ])

        /// It has a word that would make its column too wide: such a word is broken where there is no room for it.
        private var isLong: Bool {
            guard text.utf8.count > Self.longWord else { return false }
            return text.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x2D }).contains { $0.count > Self.longWord }
        }

        private static let longWord = 24
    }

    struct StatusModel: TemplateModel {
        let level: StatusLevel
        let text: String
        /// A sign beside it, such as a lock.
        var mark: Mark?

        static let shape = Shape<StatusModel>([
            .text("level", \.level.rawValue), .text("text", \.text), .optional("mark", \.mark),
        ])
    }

    /// A small picture and what it means.
    struct Mark: TemplateModel {
        let icon: String
        let title: String

        static let shape = Shape<Mark>([.text("icon", \.icon), .text("title", \.title)])
    }

    static let shape = Shape<Cell>([
        .text("label", \.label), .text("style", \.style), .optional("status", \.status), .list("lines", \.lines),
        .optional("spark", \.spark),
        .flag("single") { $0.lines.count == 1 && $0.status == nil && $0.spark == nil },
    ])

    /// The plain text of the cell, for sorting by what is seen.
    var sortText: String {
        (status?.text ?? "") + lines.map { $0.text + ($0.note ?? "") }.joined(separator: " ")
    }

    static func text(_ text: String) -> Cell { Cell(lines: text.isEmpty ? [] : [Line(text: text)]) }
    /// A short text that is not broken into lines.
    static func compact(_ text: String) -> Cell { Cell(style: "nowrap", lines: [Line(text: text)]) }
    static func number(_ number: Int) -> Cell { Cell(style: "number", lines: [Line(text: String(number))]) }
    static func link(_ text: String, _ url: SiteURL) -> Cell {
        Cell(lines: [Line(text: text, href: url.description)])
    }
    /// The cell that names the row; the title of the card on a phone.
    static func name(_ text: String, _ url: SiteURL?) -> Cell {
        Cell(style: "main-cell", lines: [Line(text: text, href: url?.description)])
    }
    static func status(_ level: StatusLevel, _ text: String, mark: Mark? = nil) -> Cell {
        Cell(status: StatusModel(level: level, text: text, mark: mark))
    }
    /// Ids and other things people copy.
    static func code(_ text: String) -> Cell { Cell(lines: text.isEmpty ? [] : [Line(text: text, code: true)]) }
    /// The same, of several lines.
    static func codeLines(_ text: String) -> Cell {
        Cell(lines: text.split(separator: "\n").map { Line(text: String($0), code: true) })
    }
    static func lines(_ lines: [Line]) -> Cell { Cell(lines: lines) }

    /// The same, leading somewhere.
    func link(_ url: SiteURL) -> Cell {
        var copy = self
        for index in copy.lines.indices { copy.lines[index].href = url.description }
        return copy
    }

    /// The same under a label.
    func labelled(_ label: String) -> Cell {
        var copy = self
        copy.label = label
        return copy
    }
}
