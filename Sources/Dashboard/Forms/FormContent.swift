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

    static let shape = Shape<FormContent>([
        .text("heading", \.heading), .text("action", \.action), .text("verb", \.verb), .text("cancel", \.cancel),
        .optionalText("problem", \.problem), .list("fields", \.fields), .texts("notes", \.notes),
        .flag("sendsFiles", \.sendsFiles),
    ])
}
