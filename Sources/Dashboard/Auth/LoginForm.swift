import HTTP
import Markup
import ServiceCore

/// The login form: Horizon's fields, by Horizon's names and ids.
struct LoginForm: Sendable {
    let userName: String
    let password: String
    let domain: String
    let next: String?

    init(_ form: FormData, defaultDomain: String) {
        userName = form["username"] ?? ""
        password = form["password"] ?? ""
        let typed = form["domain"] ?? ""
        domain = typed.isEmpty ? defaultDomain : typed
        next = LocalTarget.path(form["next"])
    }

    var isComplete: Bool { !userName.isEmpty && !password.isEmpty }
}

/// A step of the login as its template sees it.
struct LoginContent: TemplateModel {
    let action: String
    let next: String?
    var domain: String?
    let problem: String?
    let reason: String?
    let fields: [FormField]
    /// Where to begin again.
    var start: String?

    static let shape = Shape<LoginContent>([
        .text("action", \.action), .optionalText("next", \.next), .optionalText("domain", \.domain),
        .optionalText("problem", \.problem), .optionalText("reason", \.reason), .list("fields", \.fields),
        .optionalText("start", \.start),
    ])
}

/// The page that asks whether to sign out, for links and old bookmarks.
struct LogoutContent: TemplateModel {
    let action: String

    static let shape = Shape<LogoutContent>([.text("action", \.action)])
}
