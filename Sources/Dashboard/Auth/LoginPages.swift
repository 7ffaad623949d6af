import HTTP
import Identity
import Logging
import ServiceCore

/// Logging in, signing out, and changing the project one works in.
struct LoginPages: Sendable {
    private let site: Site
    private let gate: Gate
    private let start: SessionStart
    private let loginView: View<LoginContent>
    private let logoutView: View<LogoutContent>

    init(_ site: Site) throws {
        self.site = site
        gate = Gate(site: site)
        start = SessionStart(site: site)
        loginView = try site.view("auth/login", of: LoginContent.self)
        logoutView = try site.view("auth/logout", of: LogoutContent.self)
    }

    /// GET. Somebody who is logged in goes on to the overview, unless a page sent them here that they may not see.
    func show(_ request: Request, _ reader: Reader) throws -> Response {
        let next = LocalTarget.path(request.query["next"])
        if let visitor = try? gate.visitor(request) {
            guard next != nil, next != SiteURL.home.path else { return .seeOther(SiteURL.home) }
            let reason = Message(
                "You are logged in as {user}. Log in as somebody else to open the page you asked for.",
                ["user": visitor.session.userName])
            return page(nil, next, reader, reason: reader.wording(reason))
        }
        return page(nil, next, reader, domain: request.cookies[SessionStart.domainCookie])
    }

    /// POST.
    func logIn(_ request: Request, _ reader: Reader) throws -> Response {
        let form = LoginForm(request.form, defaultDomain: site.configuration.defaultDomain)
        guard form.isComplete else {
            return page(form, form.next, reader, problem: Message("Enter a user name and a password."))
        }
        do {
            return try outcome(of: form, request, reader)
        } catch {
            return refused(ServiceError(wrapping: error), form, reader)
        }
    }

    /// The session, or the page that asks for the passcode which the rules of the user want besides.
    private func outcome(of form: LoginForm, _ request: Request, _ reader: Reader) throws -> Response {
        let authentication = Authentication(
            [.password(.name(form.userName, domain: form.domain), form.password)],
            scope: .recent(id: request.cookies[SessionStart.projectCookie]), remoteAddress: request.remoteAddress)
        switch try site.services.identity.logIn(authentication) {
        case .token(let token):
            return try start.enter(with: token, domain: form.domain, next: form.next, request)
        case .receipt(let receipt):
            return SecondStep.begin(receipt, form, request)
                ?? page(form, form.next, reader, problem: SecondStep.impossible)
        }
    }

    /// GET of the sign-out address changes nothing: it asks.
    func askToLogOut(_ request: Request, _ visitor: Visitor) throws -> Response {
        logoutView.page(
            LogoutContent(action: SiteURL.logout.description),
            PageHead(nil, [Crumb(visitor.text(Message("Sign Out")))]), visitor)
    }

    /// POST.
    func logOut(_ request: Request, _ visitor: Visitor) throws -> Response {
        // Either of the two ends what the cookie was good for; the browser forgets it in any case.
        do {
            if let id = request.cookies[SessionKeeper.cookieName] { try site.sessions.end(id) }
        } catch {
            site.log.warning("a session could not be ended at sign-out", metadata: ["error": "\(error)"])
        }
        do {
            try site.services.identity.revoke(token: visitor.session.token)
        } catch {
            site.log.warning("a token could not be revoked at sign-out", metadata: ["error": "\(error)"])
        }
        let flash = Flash(.success, visitor.text(Message("You have signed out.")))
        var response = site.seeOther(SiteURL.login, flash, secure: request.isSecure)
        response.setCookie(.removal(of: SessionKeeper.cookieName))
        return response
    }

    /// POST: works in another project from now on, under a new token and a new session id.
    func switchProject(_ request: Request, _ visitor: Visitor) throws -> Response {
        let token = try site.services.identity.rescope(
            token: visitor.session.token, projectID: request.parameters["project_id"])
        let old = request.cookies[SessionKeeper.cookieName]
        let session = try start.session(of: token)
        let id = try start.begin(session, replacing: old)
        let text = Message("Switch to project \"{name}\" successful.", ["name": session.projectName ?? ""])
        let next = LocalTarget.destination(request.form["next"])
        var response = site.seeOther(
            Self.isAboutOneThing(next) ? SiteURL.home.path : next, [Flash(.success, visitor.text(text))],
            secure: request.isSecure)
        response.setCookie(site.sessions.cookie(id: id, secure: request.isSecure))
        start.remember(session, &response, secure: request.isSecure)
        return response
    }

    private func refused(_ error: ServiceError, _ form: LoginForm, _ reader: Reader) -> Response {
        switch error.kind {
        case .unauthenticated:
            page(form, form.next, reader, problem: error.message)
        case .tooManyRequests:
            page(form, form.next, reader, problem: error.message, status: .tooManyRequests).retried(after: error)
        case .forbidden, .notFound, .invalid:
            page(form, form.next, reader, problem: error.kind == .forbidden ? error.message : Self.invalid)
        case .unavailable:
            page(form, form.next, reader, problem: error.message, status: .serviceUnavailable)
        case .conflict, .overQuota, .unsupported, .internalError:
            page(
                form, form.next, reader,
                problem: Message("An error occurred authenticating. Please try again later."),
                status: .serviceUnavailable)
        }
    }

    private static let invalid = Message("Invalid credentials.")

    private func page(
        _ form: LoginForm?, _ next: String?, _ reader: Reader, problem: Message? = nil, reason: String? = nil,
        domain: String? = nil, status: Status = .ok
    ) -> Response {
        let wording = reader.wording
        // Asked for now, before somebody types a password in vain.
        let isAway = problem == nil && !site.sessions.isReachable
        let content = LoginContent(
            action: SiteURL.login.path, next: next,
            problem: (isAway ? SessionStart.away : problem).map(wording.callAsFunction), reason: reason,
            fields: fields(form, domain: domain, wording))
        return loginView.page(
            content, PageHead(nil, [Crumb(wording(Message("Log in")))]), reader,
            status: isAway ? .serviceUnavailable : status)
    }

    private func fields(_ form: LoginForm?, domain: String?, _ wording: Wording) -> [FormField] {
        let domainField = FormField(
            name: "domain", label: wording(Message("Domain")),
            value: form?.domain ?? domain ?? site.configuration.defaultDomain, isRequired: true, isStarred: false,
            maxLength: 255)
        let userField = FormField(
            name: "username", label: wording(Message("User Name")), value: form?.userName ?? "", isRequired: true,
            isStarred: false, takesFocus: true, maxLength: 255, autocomplete: "username")
        let passwordField = FormField(
            name: "password", label: wording(Message("Password")), kind: .input("password"), isRequired: true,
            isStarred: false, autocomplete: "current-password")
        return (site.configuration.asksForDomain ? [domainField] : []) + [userField, passwordField]
    }

    /// A page about a resource of the old project; the new project has no such thing.
    private static func isAboutOneThing(_ path: String) -> Bool {
        path.split(separator: "/").count > 3
    }
}
