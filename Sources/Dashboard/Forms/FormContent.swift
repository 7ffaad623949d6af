import Markup

/// A page that is one form.
struct FormContent: TemplateModel {
    let heading: String
    let action: String
    let verb: String
    let cancel: String
    let problem: String?
    let fields: [FormField]
    /// Said beside the form.
    var notes: [String] = []
    var sendsFiles = false
    /// What is lost when it is sent.
    var warning: String?
    /// It cannot be sent now; `problem` says why.
    var isBlocked = false
    /// The revision that was edited; sent back, it finds who was quicker.
    var revision = ""
    /// Below the fields, what is chosen from a table.
    var choices: ChoiceSection?

    static let shape = Shape<FormContent>([
        .text("heading", \.heading), .text("action", \.action), .text("verb", \.verb), .text("cancel", \.cancel),
        .optionalText("problem", \.problem), .list("fields", \.fields), .texts("notes", \.notes),
        .flag("sendsFiles", \.sendsFiles), .flag("blocked", \.isBlocked),
        .optionalText("warning", \.warning), .text("revision", \.revision),
        .optional("choices", \.choices),
    ])
}

/// A table to choose from, under a heading.
struct ChoiceSection: TemplateModel {
    let title: String
    let help: String
    /// What style sheets know it by.
    let group: String
    let table: ChoiceTable

    static let shape = Shape<ChoiceSection>([
        .text("title", \.title), .text("help", \.help), .text("group", \.group), .object("table", \.table),
    ])
}
