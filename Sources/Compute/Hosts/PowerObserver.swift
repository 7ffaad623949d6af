import ComputeHost
import Foundation
import Logging
import ServiceCore
import Synchronization

/// Listens to the hosts' events and has each instance looked at, on a thread of its own: a host's event thread must not
/// wait for the database.
final class PowerObserver: Sendable {
    private let synchronization: PowerSynchronization
    private let condition = NSCondition()
    nonisolated(unsafe) private var waiting: [String] = []  // guarded by `condition`
    nonisolated(unsafe) private var isStopping = false  // guarded by `condition`
    private let subscriptions = Mutex<[HostSubscription]>([])

    init(_ synchronization: PowerSynchronization) {
        self.synchronization = synchronization
    }

    func start() {
        let hosts = synchronization.work.hosts
        subscriptions.withLock { subscriptions in
            guard subscriptions.isEmpty else { return }
            subscriptions = hosts.hosts.compactMap { name in
                hosts.services(on: name)?.hypervisor.observe { [weak self] event in self?.take(event) }
            }
        }
        let thread = Thread { [self] in work() }
        thread.name = "power-events"
        thread.start()
    }

    /// Ends the thread after what it is doing.
    func stop() {
        subscriptions.withLock { $0.removeAll() }
        condition.withLock {
            isStopping = true
            condition.signal()
        }
    }

    private func take(_ event: DomainEvent) {
        guard event.reason != .defined else { return }
        condition.withLock {
            guard !waiting.contains(event.instanceID) else { return }
            waiting.append(event.instanceID)
            condition.signal()
        }
    }

    private func work() {
        while let id = next() {
            do {
                try synchronization.synchronize(ID(id))
            } catch {
                // The reconciler looks again within the minute.
                synchronization.work.log.warning(
                    "an event of a host could not be followed up",
                    metadata: ["instance": "\(id)", "error": "\(error)"])
            }
        }
    }

    private func next() -> String? {
        condition.withLock {
            while waiting.isEmpty, !isStopping { condition.wait() }
            return isStopping ? nil : waiting.removeFirst()
        }
    }
}
