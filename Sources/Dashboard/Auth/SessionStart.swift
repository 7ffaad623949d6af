import Cryptography
import HTTP
import Identity
import Logging
import ServiceCore

/// Begins the session of somebody who has proven who it is.
struct SessionStart: Sendable {
    /// Why nobody can log in.
    static let away = Message(
        "The session store (memcached) cannot be reached, so nobody can log in. Try again in a moment.")
    static let domainCookie = "login_domain"
    static let projectCookie = "recent_project"
    private static let year = 365 * 86_400

    let site: Site

    /// What a token lets the session do.
    func session(of token: Token) throws -> Session {
        let domainID = token.project?.domainID ?? token.user.domainID
        let domain = try site.services.identity.domain(idOrName: domainID)
        return Session(token, domainName: domain?.name ?? domainID, refreshedAt: site.sessions.now())
    }

    /// Begins a session under a new id, and ends the one of the old id.
    /// - Throws: `ServiceError` unavailable, with ``away``.
    func begin(_ session: Session, replacing old: String?) throws -> String {
        do {
            return try site.sessions.start(session, replacing: old)
        } catch {
            site.log.warning("a session could not be begun", metadata: ["error": "\(error)"])
            throw ServiceError.unavailable(Self.away)
        }
    }

    /// Begins the session of a login, and leads to the page that was asked for. The browser keeps the domain for the
    /// next time.
    func enter(with token: Token, domain: String, next: String?, _ request: Request) throws -> Response {
        let id = try begin(session(of: token), replacing: request.cookies[SessionKeeper.cookieName])
        var response = Response.seeOther(LocalTarget.destination(next))
        response.setCookie(site.sessions.cookie(id: id, secure: request.isSecure))
        response.setCookie(.removal(of: GuestToken.cookieName))
        let cookie = Cookie(Self.domainCookie, domain, maxAge: Self.year, secure: request.isSecure)
        if cookie.isPossible { response.setCookie(cookie) }
        return response
    }

    /// Lets the next login begin in the project that was worked in last.
    func remember(_ session: Session, _ response: inout Response, secure: Bool) {
        response.setCookie(
            Cookie(Self.projectCookie, session.projectID ?? "", maxAge: Self.year, secure: secure))
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

extension Response {
    /// Programs read in the field what people read in the text: when to try again.
    func retried(after error: ServiceError) -> Response {
        guard let seconds = error.retryAfterSeconds else { return self }
        var response = self
        response.fields.set("Retry-After", String(seconds))
        return response
    }
}
