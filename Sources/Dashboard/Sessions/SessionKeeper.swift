import Cryptography
import Foundation
import HTTP
import ServiceCore

/// Starts, finds and ends sessions.
///
/// The cookie holds 256 random bits. Stores see only a digest of them and sealed JSON: reading memcached lets nobody
/// into a session. The id changes at login, at logout and when the project changes, so an id planted in a browser
/// beforehand is worth nothing.
struct SessionKeeper: Sendable {
    static let cookieName = "sessionid"

    private let store: any SessionStore
    private let seal: Fernet
    private let clock: any WallClock
    /// Seconds.
    private let timeout: Int

    init(store: any SessionStore, secretKey: [UInt8], timeout: Int, clock: any WallClock) {
        self.store = store
        seal = Fernet(secret: secretKey, purpose: "daybreak session")
        self.timeout = timeout
        self.clock = clock
    }

    /// The session the request's cookie names, or nil. Throws `SessionStoreUnavailable`.
    func find(_ request: Request) throws -> OpenSession? {
        guard let id = request.cookies[Self.cookieName], id.utf8.count == 43,
            let sealed = try store.load(Self.key(of: id)),
            let plain = try? seal.open(String(decoding: sealed, as: UTF8.self)),
            let session = try? JSONDecoder().decode(Session.self, from: Data(plain))
        else { return nil }
        return OpenSession(id: id, session: session)
    }

    /// Opens a session under a new id and forgets the old one. Throws `SessionStoreUnavailable`.
    func start(_ session: Session, replacing old: String?) throws -> String {
        let id = Random.token(bytes: 32)
        try save(session, id: id)
        if let old { try? store.remove(Self.key(of: old)) }
        return id
    }

    /// Gives the session its full time again once a tenth of it has passed: one write now and then, not one a page.
    func refresh(_ open: OpenSession) throws {
        let now = clock.now()
        guard now.milliseconds - open.session.refreshedAt.milliseconds > Int64(timeout) * 100 else { return }
        var session = open.session
        session.refreshedAt = now
        try save(session, id: open.id)
    }

    func end(_ id: String) throws {
        try store.remove(Self.key(of: id))
    }

    /// Whether logging in could work at all.
    var isReachable: Bool {
        do {
            _ = try store.load("reachable")
            return true
        } catch {
            return false
        }
    }

    func cookie(id: String, secure: Bool) -> Cookie {
        Cookie(Self.cookieName, id, secure: secure)
    }

    func now() -> Timestamp { clock.now() }

    private func save(_ session: Session, id: String) throws {
        let left = (session.tokenExpiresAt.milliseconds - clock.now().milliseconds) / 1000
        let plain = try JSONEncoder().encode(session)
        try store.save(
            Self.key(of: id), Array(seal.seal(Array(plain)).utf8), seconds: max(1, min(timeout, Int(clamping: left))))
    }

    private static func key(of id: String) -> String {
        "session-" + Base64.url.encode(SHA256.hash(Array(id.utf8)))
    }
}
