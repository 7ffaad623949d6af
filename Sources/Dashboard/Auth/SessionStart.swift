import Cryptography
import HTTP
import Identity
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
        if Cookie.canHold(domain) {
            response.setCookie(Cookie(Self.domainCookie, domain, maxAge: Self.year, secure: request.isSecure))
        }
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

extension Cookie {
    /// Whether the text can be a cookie's value as it is.
    static func canHold(_ text: String) -> Bool {
        text.utf8.count < 256
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && ![0x22, 0x2C, 0x3B, 0x5C].contains($0) }
    }
}
