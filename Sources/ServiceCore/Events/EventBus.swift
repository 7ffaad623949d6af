public import Database
import Synchronization

/// Something happened to a resource; told to open pages.
public struct ResourceEvent: Hashable, Sendable {
    /// What happened.
    public enum Change: String, Hashable, Sendable {
        case created, updated, deleted
    }

    /// The kind of resource: `instance`, `network`, `port`, `image`.
    public let kind: String
    /// Which one.
    public let id: String
    /// Whose it is; nil for resources of no project.
    public let projectID: String?
    /// What happened.
    public let what: Change

    /// Makes an event.
    public init(kind: String, id: String, projectID: String?, what: Change) {
        self.kind = kind
        self.id = id
        self.projectID = projectID
        self.what = what
    }
}

/// Hands events to whoever listens. Only what is committed is told.
public final class EventBus: Sendable {
    private struct Sinks {
        var next = 0
        var sinks: [Int: @Sendable (ResourceEvent) -> Void] = [:]
    }

    private let sinks = Mutex(Sinks())

    /// A bus nobody listens to yet.
    public init() {}

    /// Tells of a change when, and only when, its transaction has been committed.
    public func publish(_ event: ResourceEvent, in transaction: borrowing Transaction) {
        transaction.afterCommit { [self] in publish(event) }
    }

    /// Tells of a change at once. The sinks run on the caller's thread and must not block.
    public func publish(_ event: ResourceEvent) {
        let listening = sinks.withLock { Array($0.sinks.values) }
        for sink in listening { sink(event) }
    }

    /// Listens until the subscription is cancelled or let go.
    public func subscribe(_ sink: @escaping @Sendable (ResourceEvent) -> Void) -> Subscription {
        let key = sinks.withLock { sinks in
            sinks.next += 1
            sinks.sinks[sinks.next] = sink
            return sinks.next
        }
        return Subscription { [weak self] in
            _ = self?.sinks.withLock { $0.sinks.removeValue(forKey: key) }
        }
    }
}

/// The right to be told; ends with `cancel()` or with its last reference.
public final class Subscription: Sendable {
    private let end: @Sendable () -> Void

    init(_ end: @escaping @Sendable () -> Void) {
        self.end = end
    }

    deinit { end() }

    /// Ends it; an event that is being told at this moment may still arrive.
    public func cancel() { end() }
}
