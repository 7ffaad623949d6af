public import ServiceCore

/// Forgets, once an hour, revocations of tokens that have expired and failed logins nobody has added to for an hour.
public struct PruneLogins: JobHandler {
    public let kind = "identity.prune_logins"
    public let period: Duration? = .seconds(3600)
    private let identity: IdentityService

    /// Makes the handler; register it with the queue.
    public init(identity: IdentityService) {
        self.identity = identity
    }

    public func run(_ job: Job) throws {
        let now = identity.clock.now()
        try identity.note { transaction in
            try identity.loginStore.prune(
                expiredBefore: now, failedBefore: now.adding(seconds: -3600), in: transaction)
        }
    }
}
