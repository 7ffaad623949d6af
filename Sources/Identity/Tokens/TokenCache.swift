import ServiceCore
import Synchronization

/// Tokens that were looked up, kept for as long as nothing in Identity has changed.
///
/// Any change anywhere in Identity makes a new revision, and what was kept under another one is not believed. So a token
/// ends with the change that ends it, however it is ended; and a cloud in which nothing changes answers from memory.
final class TokenCache: Sendable {
    /// A token, and who acts with it.
    final class Entry: Sendable {
        let revision: UInt64
        let token: Token
        let context: RequestContext
        /// From when on it is no longer good.
        let end: Timestamp
        private let projects = Mutex<[Project]?>(nil)

        init(revision: UInt64, token: Token, end: Timestamp) {
            self.revision = revision
            self.token = token
            self.end = end
            context = RequestContext(token)
        }

        /// The projects its holder can work in, looked up when they are first asked for.
        func projects(_ look: () throws -> [Project]) rethrows -> [Project] {
            if let known = projects.withLock({ $0 }) { return known }
            let found = try look()
            projects.withLock { $0 = found }
            return found
        }
    }

    private let capacity: Int
    private let entries = Mutex<[String: Entry]>([:])

    /// - Parameter capacity: how many are kept; then all are forgotten, because most will be of an old revision.
    init(capacity: Int = 8192) {
        self.capacity = capacity
    }

    func found(_ text: String, at revision: UInt64) -> Entry? {
        let entry = entries.withLock { $0[text] }
        return entry?.revision == revision ? entry : nil
    }

    func keep(_ entry: Entry) {
        entries.withLock { entries in
            if entries.count >= capacity { entries.removeAll(keepingCapacity: true) }
            entries[entry.token.text] = entry
        }
    }
}

extension RequestContext {
    /// Who acts with a token; in which request is filled in for each.
    fileprivate init(_ token: Token) {
        self.init(
            requestID: "", userID: token.user.id, userName: token.user.name, userDomainID: token.user.domainID,
            projectID: token.project?.id, projectName: token.project?.name, projectDomainID: token.project?.domainID,
            domainID: token.domain?.id, isSystem: token.scope == .system, roles: Set(token.roles.map(\.name)),
            isRestricted: token.trust != nil || token.applicationCredential.map { !$0.isUnrestricted } ?? false)
    }
}
