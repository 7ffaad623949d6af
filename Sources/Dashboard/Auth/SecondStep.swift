import HTTP
import Identity
import ServiceCore

/// The second step of a login whose user has to prove more than a password: a passcode (RFC 6238).
///
/// What the first step has proven is a sealed receipt in a cookie that only this page gets. It is worth nothing without
/// the passcode, and ends after five minutes.
struct SecondStep: Sendable {
    static let impossible = Message("This account asks for a proof that cannot be given on this page.")
    private static let cookieName = "login_receipt"

    private let site: Site
    private let start: SessionStart
    private let view: View<LoginContent>

    init(_ site: Site) throws {
        self.site = site
        start = SessionStart(site: site)
        view = try site.view("auth/login", of: LoginContent.self)
    }

    /// Leads to the page; nil when a passcode would not be enough.
    static func begin(_ receipt: AuthReceipt, _ form: LoginForm, _ request: Request) -> Response? {
        let proven = Set(receipt.methods + ["totp"])
        guard receipt.requiredMethods.contains(where: { proven.isSuperset(of: $0) }) else { return nil }
        var url = SiteURL.passcode(receipt.user.name).with("domain", receipt.userDomainName)
        if let next = form.next { url = url.with("next", next) }
        var response = Response.seeOther(url)
        let seconds = receipt.expiresAt.seconds - receipt.issuedAt.seconds
        response.setCookie(
            Cookie(
                cookieName, receipt.text, path: SiteURL.passcodes.path, maxAge: Int(seconds), sameSite: .strict,
                secure: request.isSecure))
        return response
    }

    /// GET.
    func show(_ request: Request, _ reader: Reader) throws -> Response {
        guard request.cookies[Self.cookieName] != nil else {
            return .seeOther(Self.beginning(request.query["next"]))
        }
        return page(
            request, reader, domain: request.query["domain"] ?? site.configuration.defaultDomain,
            next: request.query["next"])
    }

    /// POST.
    func enter(_ request: Request, _ reader: Reader) throws -> Response {
        let next = LocalTarget.path(request.form["next"])
        let domain = request.form["domain"] ?? site.configuration.defaultDomain
        // People copy it as it is shown: 123 456.
        let passcode = (request.form["passcode"] ?? "").filter { !$0.isWhitespace }
        guard let receipt = request.cookies[Self.cookieName] else { return tooLate(request, reader, next: next) }
        do {
            var authentication = Authentication(
                [.totp(.name(request.parameters["user_name"], domain: domain), passcode: passcode)],
                scope: .recent(id: request.cookies[SessionStart.projectCookie]), remoteAddress: request.remoteAddress)
            authentication.receipt = receipt
            let token = try site.services.identity.authenticate(authentication)
            var response = try start.enter(with: token, domain: domain, next: next, request)
            response.setCookie(.removal(of: Self.cookieName, path: SiteURL.passcodes.path))
            return response
        } catch {
            return refused(ServiceError(wrapping: error), request, reader, domain: domain, next: next)
        }
    }

    private func refused(
        _ error: ServiceError, _ request: Request, _ reader: Reader, domain: String, next: String?
    ) -> Response {
        if error.code == "receipt_invalid" { return tooLate(request, reader, next: next) }
        let isWrong = error.kind == .unauthenticated && error.code == "invalid_credentials"
        return page(
            request, reader, domain: domain, next: next,
            problem: isWrong ? Message("Invalid passcode.") : error.message,
            status: error.kind == .tooManyRequests
                ? .tooManyRequests : error.kind == .unavailable ? .serviceUnavailable : .ok
        ).retried(after: error)
    }

    private func tooLate(_ request: Request, _ reader: Reader, next: String?) -> Response {
        let text = Message("The first step of this login is not good any more. Log in again.")
        return site.seeOther(Self.beginning(next), Flash(.warning, reader.wording(text)), secure: request.isSecure)
    }

    private static func beginning(_ next: String?) -> SiteURL {
        LocalTarget.path(next).map { SiteURL.login.with("next", $0) } ?? SiteURL.login
    }

    private func page(
        _ request: Request, _ reader: Reader, domain: String, next: String?, problem: Message? = nil,
        status: Status = .ok
    ) -> Response {
        let wording = reader.wording
        let user = request.parameters["user_name"]
        let content = LoginContent(
            action: SiteURL.passcode(user).path, next: LocalTarget.path(next), domain: domain,
            problem: problem.map(wording.callAsFunction), reason: nil,
            fields: [
                FormField(
                    name: "passcode", label: wording(Message("Passcode")),
                    help: wording(Message("The six digits that your authenticator shows for {user}.", ["user": user])),
                    isRequired: true, isStarred: false, takesFocus: true, maxLength: 16,
                    autocomplete: "one-time-code")
            ],
            start: SiteURL.login.path)
        return view.page(
            content, PageHead(nil, [Crumb(wording(Message("Log in")))]), reader, status: status)
    }
}
