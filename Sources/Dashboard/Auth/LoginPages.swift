import Cryptography
import HTTP
import Identity
import Logging
import ServiceCore

/// Logging in, signing out, and changing the project one works in.
struct LoginPages: Sendable {
    private static let domainCookie = "login_domain"
    private static let projectCookie = "recent_project"
    private static let year = 365 * 86_400

    private let site: Site
    private let gate: Gate
    private let loginView: View<LoginContent>
    private let logoutView: View<LogoutContent>

    init(_ site: Site) throws {
        self.site = site
        gate = Gate(site: site)
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
        return page(nil, next, reader, domain: request.cookies[Self.domainCookie])
    }

    /// POST.
    func logIn(_ request: Request, _ reader: Reader) throws -> Response {
        let form = LoginForm(request.form, defaultDomain: site.configuration.defaultDomain)
        guard form.isComplete else {
            return page(form, form.next, reader, problem: Message("Enter a user name and a password."))
        }
        let token: Token
        do {
            token = try site.services.identity.authenticate(
                PasswordLogin(
                    domain: form.domain, userName: form.userName, password: form.password,
                    remoteAddress: request.remoteAddress,
                    scope: .recent(id: request.cookies[Self.projectCookie])))
        } catch {
            return refused(ServiceError(wrapping: error), form, reader)
        }
        return try open(token, form, request, reader)
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
        let session = try session(of: token)
        let id = try started(session, replacing: old)
        let text = Message("Switch to project \"{name}\" successful.", ["name": session.projectName ?? ""])
        let next = LocalTarget.destination(request.form["next"])
        var response = site.seeOther(
            Self.isAboutOneThing(next) ? SiteURL.home.path : next, [Flash(.success, visitor.text(text))],
            secure: request.isSecure)
        response.setCookie(site.sessions.cookie(id: id, secure: request.isSecure))
        response.setCookie(
            Cookie(Self.projectCookie, session.projectID ?? "", maxAge: Self.year, secure: request.isSecure))
        return response
    }

    private func open(_ token: Token, _ form: LoginForm, _ request: Request, _ reader: Reader) throws -> Response {
        let id: String
        do {
            id = try started(session(of: token), replacing: request.cookies[SessionKeeper.cookieName])
        } catch {
            return page(form, form.next, reader, problem: Self.storeAway, status: .serviceUnavailable)
        }
        var response = Response.seeOther(LocalTarget.destination(form.next))
        response.setCookie(site.sessions.cookie(id: id, secure: request.isSecure))
        response.setCookie(.removal(of: GuestToken.cookieName))
        if Cookie.canHold(form.domain) {
            response.setCookie(Cookie(Self.domainCookie, form.domain, maxAge: Self.year, secure: request.isSecure))
        }
        return response
    }

    private func session(of token: Token) throws -> Session {
        let domainID = token.project?.domainID ?? token.user.domainID
        let domain = try site.services.identity.domain(idOrName: domainID)
        return Session(token, domainName: domain?.name ?? domainID, refreshedAt: site.sessions.now())
    }

    private func started(_ session: Session, replacing old: String?) throws -> String {
        do {
            return try site.sessions.start(session, replacing: old)
        } catch {
            throw ServiceError.unavailable(Self.storeAway)
        }
    }

    private func refused(_ error: ServiceError, _ form: LoginForm, _ reader: Reader) -> Response {
        switch error.kind {
        case .unauthenticated:
            page(form, form.next, reader, problem: error.message)
        case .tooManyRequests:
            slowedDown(error, form, reader)
        case .forbidden, .notFound, .invalid:
            page(form, form.next, reader, problem: error.kind == .forbidden ? error.message : Self.invalid)
        case .conflict, .overQuota, .unavailable, .unsupported, .internalError:
            page(
                form, form.next, reader,
                problem: Message("An error occurred authenticating. Please try again later."),
                status: .serviceUnavailable)
        }
    }

    /// Programs read the seconds in the field, people in the text.
    private func slowedDown(_ error: ServiceError, _ form: LoginForm, _ reader: Reader) -> Response {
        var response = page(form, form.next, reader, problem: error.message, status: .tooManyRequests)
        if let seconds = error.retryAfterSeconds { response.fields.set("Retry-After", String(seconds)) }
        return response
    }

    private static let invalid = Message("Invalid credentials.")
    private static let storeAway = Message(
        "The session store (memcached) cannot be reached, so nobody can log in. Try again in a moment.")

    private func page(
        _ form: LoginForm?, _ next: String?, _ reader: Reader, problem: Message? = nil, reason: String? = nil,
        domain: String? = nil, status: Status = .ok
    ) -> Response {
        let wording = reader.wording
        // Asked for now, before somebody types a password in vain.
        let isAway = problem == nil && !site.sessions.isReachable
        let content = LoginContent(
            action: SiteURL.login.path, next: next,
            problem: (isAway ? Self.storeAway : problem).map(wording.callAsFunction), reason: reason,
            domainField: site.configuration.asksForDomain
                ? FormField(
                    name: "domain", label: wording(Message("Domain")),
                    value: form?.domain ?? domain ?? site.configuration.defaultDomain, isRequired: true,
                    isStarred: false, maxLength: 255)
                : nil,
            userField: FormField(
                name: "username", label: wording(Message("User Name")), value: form?.userName ?? "",
                isRequired: true, isStarred: false, takesFocus: true, maxLength: 255, autocomplete: "username"),
            passwordField: FormField(
                name: "password", label: wording(Message("Password")), kind: .input("password"), isRequired: true,
                isStarred: false,
                autocomplete: "current-password"))
        return loginView.page(
            content, PageHead(nil, [Crumb(wording(Message("Log in")))]), reader,
            status: isAway ? .serviceUnavailable : status)
    }

    /// A page about a resource of the old project; the new project has no such thing.
    private static func isAboutOneThing(_ path: String) -> Bool {
        path.split(separator: "/").count > 3
    }
}

extension Session {
    /// The session of a token that was just issued.
    init(_ token: Token, domainName: String, refreshedAt: Timestamp) {
        self.init(
            token: token.text, userID: token.user.id, userName: token.user.name,
            domainName: domainName, projectID: token.project?.id,
            projectName: token.project?.name, csrfToken: Random.token(bytes: 32),
            tokenExpiresAt: token.expiresAt, refreshedAt: refreshedAt)
    }
}

extension Cookie {
    /// Whether the text can be a cookie's value as it is.
    static func canHold(_ text: String) -> Bool {
        text.utf8.count < 256
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && ![0x22, 0x2C, 0x3B, 0x5C].contains($0) }
    }
}
