import Foundation
import HTTP
import Identity
import ServiceCore

/// Why a request goes to the login page instead of to the page it asked for.
enum LoginNeeded: Error {
    /// Nobody is logged in.
    case anonymous
    /// There was a session, and it is over.
    case ended(Message)
    /// Nobody knows: the session store does not answer.
    case unknown
}

/// A form came without the token of its session.
struct ForgedForm: Error {}

/// Finds out who asks, and whether a form was filled in by them.
struct Gate: Sendable {
    static let tokenField = "csrfmiddlewaretoken"
    static let tokenHeader = "X-CSRFToken"

    let site: Site

    /// Who is logged in. Throws `LoginNeeded`, or the `ServiceError` of an identity service in trouble.
    /// - Parameter keepsAlive: whether the request shows that somebody is there; a page that refreshes itself does not.
    func visitor(_ request: Request, keepsAlive: Bool = true) throws -> Visitor {
        guard let found = try session(of: request) else {
            throw request.cookies[SessionKeeper.cookieName] == nil
                ? LoginNeeded.anonymous : LoginNeeded.ended(Message("Session timed out."))
        }
        let (context, projects) = try visit(of: found, request)
        // A store that fails right here must not fail the page: the session just keeps its older time-out.
        if keepsAlive { try? site.sessions.refresh(found) }
        return Visitor(
            reader: site.reader(of: request, csrfToken: found.session.csrfToken), session: found.session,
            context: context, projects: projects)
    }

    /// Refuses a form by its header fields alone, before its content: it comes from another site, or its token is there
    /// already and is not the session's. A form that passes must pass `checkForm` as well.
    func checkFields(_ request: Request, _ visitor: Visitor) throws {
        guard isSameOrigin(request) else { throw ForgedForm() }
        guard let sent = request.fields[Self.tokenHeader] else { return }
        guard FormToken.matches(sent, visitor.session.csrfToken) else { throw ForgedForm() }
    }

    /// Lets a form pass that carries its session's token and comes from this site's own pages.
    func checkForm(_ request: Request, _ visitor: Visitor) throws {
        let sent = request.form[Self.tokenField] ?? request.fields[Self.tokenHeader] ?? ""
        guard FormToken.matches(sent, visitor.session.csrfToken), isSameOrigin(request) else { throw ForgedForm() }
    }

    /// The same for forms that work without a login: the token of the session, or of the browser.
    func checkGuestForm(_ request: Request) throws {
        let sent = request.form[Self.tokenField] ?? ""
        guard isSameOrigin(request) else { throw ForgedForm() }
        if site.guestToken.matches(sent, request) { return }
        guard let open = try? site.sessions.find(request), FormToken.matches(sent, open.session.csrfToken) else {
            throw ForgedForm()
        }
    }

    private func session(of request: Request) throws -> OpenSession? {
        do {
            return try site.sessions.find(request)
        } catch {
            throw LoginNeeded.unknown
        }
    }

    private func visit(
        of open: OpenSession, _ request: Request
    ) throws -> (context: RequestContext, projects: [Project]) {
        do {
            return try site.services.identity.visit(
                token: open.session.token, requestID: request.id.description, remoteAddress: request.remoteAddress)
        } catch {
            let error = ServiceError(wrapping: error)
            guard error.kind == .unauthenticated else { throw error }
            try? site.sessions.end(open.id)
            throw LoginNeeded.ended(error.message)
        }
    }

    /// Browsers say where a form comes from (Fetch metadata; `Origin`, RFC 6454). Whoever says nothing is judged by
    /// the token alone.
    private func isSameOrigin(_ request: Request) -> Bool {
        if request.fields["Sec-Fetch-Site"] == "cross-site" { return false }
        guard let origin = request.fields["Origin"], origin != "null" else { return true }
        guard let end = origin.range(of: "://")?.upperBound else { return false }
        // Whoever sits between can put any page under the site's own name without TLS.
        if request.isSecure, !origin.hasPrefix("https://") { return false }
        return origin[end...].lowercased() == request.host.lowercased()
    }
}
