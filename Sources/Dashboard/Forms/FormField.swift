import Markup
import ServiceCore

/// One field of a form as the partial `_field` shows it: its label, what was typed, and what is wrong with it.
struct FormField: TemplateModel {
    enum Kind: Sendable, Hashable {
        /// The HTML type: text, password, number, file.
        case input(String)
        case textarea(rows: Int)
        case select([Choice])
        case checkbox
    }

    let name: String
    let label: String
    var kind = Kind.input("text")
    var value = ""
    var help: String?
    var isRequired = false
    /// Required fields carry a star, except where all are required.
    var isStarred = true
    var isReadOnly = false
    var isDisabled = false
    var takesFocus = false
    var placeholder: String?
    var maxLength: Int?
    var autocomplete: String?
    /// A class for style sheets: fields that are shown while another has a certain value.
    var group = ""
    var faults: [FieldFaultModel] = []

    var id: String { "id_" + name }
    var isChecked: Bool { kind == .checkbox && !value.isEmpty }

    private var described: String? {
        let parts = (help == nil ? [] : [id + "_help"]) + (faults.isEmpty ? [] : [id + "_faults"])
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private var type: String {
        if case .input(let type) = kind { type } else { "" }
    }

    /// As many as are wanted, and room for what was typed.
    private var rows: Int {
        guard case .textarea(let rows) = kind else { return 0 }
        return max(rows, min(value.utf8.count { $0 == 0x0A } + 2, 20))
    }

    private var options: [Choice] {
        guard case .select(let choices) = kind else { return [] }
        return choices.map { choice in
            var choice = choice
            choice.current = choice.value == value
            return choice
        }
    }

    private var isSelect: Bool {
        if case .select = kind { true } else { false }
    }

    static let shape = Shape<FormField>([
        .text("name", \.name), .text("id", \.id), .text("label", \.label), .text("value", \.value),
        .optionalText("help", \.help), .flag("required", \.isRequired),
        .flag("starred") { $0.isRequired && $0.isStarred },
        .flag("readonly", \.isReadOnly), .flag("disabled", \.isDisabled), .flag("autofocus", \.takesFocus),
        .optionalText("placeholder", \.placeholder), .number("maxLength") { $0.maxLength ?? 0 },
        .optionalText("autocomplete", \.autocomplete), .flag("invalid") { !$0.faults.isEmpty },
        .list("faults", \.faults), .optionalText("described", \.described), .text("type", \.type),
        .number("rows", \.rows), .list("options", \.options), .flag("checkbox") { $0.kind == .checkbox },
        .flag("checked", \.isChecked), .flag("select", \.isSelect), .flag("textarea") { $0.rows > 0 },
        .text("group", \.group), .flag("wide") { $0.rows > 0 }, .flag("input") { !$0.type.isEmpty },
        .flag("password") { $0.kind == .input("password") },
    ])
}

/// One fault below a field: where in it, and why it is refused.
struct FieldFaultModel: TemplateModel, Hashable {
    /// "Line 2" of a text box; nil for a field of one value.
    let place: String?
    let text: String

    static let shape = Shape<FieldFaultModel>([
        .optionalText("place", \.place), .text("text", \.text),
    ])
}
