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

    static let shape = Shape<FormContent>([
        .text("heading", \.heading), .text("action", \.action), .text("verb", \.verb), .text("cancel", \.cancel),
        .optionalText("problem", \.problem), .list("fields", \.fields), .texts("notes", \.notes),
        .flag("sendsFiles", \.sendsFiles), .flag("blocked", \.isBlocked),
        .optionalText("warning", \.warning), .text("revision", \.revision),
    ])
}
