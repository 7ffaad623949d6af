import Foundation
import ServiceCore

/// What the server remembers of one login. It is stored under a random id that only the browser's cookie holds.
struct Session: Codable, Sendable, Hashable {
    /// The identity token every service call is made with.
    let token: String
    let userID: String
    let userName: String
    let domainName: String
    let projectID: String?
    let projectName: String?
    /// What `csrfmiddlewaretoken` must be in this session's forms, under the mask of ``FormToken``.
    let csrfToken: String
    /// When the token ends: the session never outlives it.
    let tokenExpiresAt: Timestamp
    /// When the session was last given its full time-out.
    var refreshedAt: Timestamp
}

/// A login as a request found it.
struct OpenSession: Sendable {
    let id: String
    let session: Session
}

/// The keeper of sessions does not answer.
public struct SessionStoreUnavailable: Error, Sendable {
    /// For the log.
    public let reason: String

    /// Says why.
    public init(reason: String) {
        self.reason = reason
    }
}

/// A place for small sealed values that may forget them early, but never gives one to the wrong key.
public protocol SessionStore: Sendable {
    /// The value of a key, or nil when there is none or its time is up. Throws `SessionStoreUnavailable`.
    func load(_ key: String) throws -> [UInt8]?
    /// Keeps a value for a number of seconds. Throws `SessionStoreUnavailable`.
    func save(_ key: String, _ value: [UInt8], seconds: Int) throws
    /// Forgets a value. Throws `SessionStoreUnavailable`.
    func remove(_ key: String) throws
}
