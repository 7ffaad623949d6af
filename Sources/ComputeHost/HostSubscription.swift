import Synchronization

/// Keeps an observer registered until it is cancelled or released.
public final class HostSubscription: Sendable {
    private let onCancel: Mutex<(@Sendable () -> Void)?>

    /// `onCancel` ends the registration; it is called once.
    public init(onCancel: @escaping @Sendable () -> Void) {
        self.onCancel = Mutex(onCancel)
    }

    deinit { cancel() }

    /// Stops the events. Safe to repeat.
    public func cancel() {
        let action = onCancel.withLock { held in
            defer { held = nil }
            return held
        }
        action?()
    }
}

/// The observers of one host, called in the order they came.
public final class DomainObservers: Sendable {
    private struct State {
        var next = 0
        var sinks: [(key: Int, sink: @Sendable (DomainEvent) -> Void)] = []
    }

    private let state = Mutex(State())

    /// Begins without observers.
    public init() {}

    /// Adds an observer.
    public func add(_ sink: @escaping @Sendable (DomainEvent) -> Void) -> HostSubscription {
        let key = state.withLock { state in
            state.next += 1
            state.sinks.append((state.next, sink))
            return state.next
        }
        return HostSubscription { [weak self] in
            self?.state.withLock { $0.sinks.removeAll { $0.key == key } }
        }
    }

    /// Tells everyone. No lock is held while a sink runs.
    public func publish(_ event: DomainEvent) {
        let sinks = state.withLock { $0.sinks }
        for (_, sink) in sinks { sink(event) }
    }
}
