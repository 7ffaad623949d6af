import API
import ComputeHost
import Foundation
import Glibc
import HTTP
import Logging
import Networking
import ServiceCore

/// Has the metadata service listen in every network that has a DHCP port, on the host that has the network's namespace.
///
/// What is open lives in this process alone, so a program that starts anew opens all of it again. Networks come and go
/// with jobs that take their time: after each change it is looked several times whether something can be opened, and
/// every minute whether the namespace is still the one that is listened in.
final class MetadataListeners: Sendable {
    private let networking: NetworkingService
    private let events: EventBus
    private let hosts: [any NetworkBackend]
    private let server: Server
    private let log = Logger(label: "daybreak.metadata")
    private let condition = NSCondition()
    /// Everything below is guarded by `condition`.
    private nonisolated(unsafe) var isStopping = false
    private nonisolated(unsafe) var pauses = MetadataListeners.quick
    private nonisolated(unsafe) var subscription: Subscription?
    /// Touched by the thread only: the namespace that is listened in, by network.
    private nonisolated(unsafe) var open: [String: UInt64] = [:]

    /// Seconds from a change to one look after the other; then once a minute.
    private static let quick: [TimeInterval] = [0, 0.2, 0.3, 0.5, 1, 2, 4, 8]
    private static let slow: TimeInterval = 60

    /// - Parameter server: answers, and listens nowhere else. It must have been started before ``start()``.
    init(networking: NetworkingService, events: EventBus, hosts: HostDirectory, server: Server) {
        self.networking = networking
        self.events = events
        self.hosts = hosts.networkBackends.map(\.networks).filter(\.abilities.bridges)
        self.server = server
    }

    /// Begins to follow the networks. Nothing to do where no host has networks of its own.
    func start() {
        guard !hosts.isEmpty else { return }
        subscription = events.subscribe { [weak self] event in
            if event.kind == "network" || event.kind == "subnet" { self?.look() }
        }
        let thread = Thread { [self] in
            while let isSlow = wait() { refresh(renewing: isSlow) }
        }
        thread.name = "metadata"
        thread.start()
    }

    /// Ends the thread; the sockets are the server's, and end with it.
    func stop() {
        condition.withLock {
            isStopping = true
            subscription = nil
            condition.signal()
        }
    }

    private func look() {
        condition.withLock {
            pauses = Self.quick
            condition.signal()
        }
    }

    /// Waits for the next look. Nil when it is over, true when a minute has passed without a change.
    private func wait() -> Bool? {
        condition.withLock {
            while !isStopping {
                let pause = pauses.first
                if pause == 0 {
                    pauses.removeFirst()
                    return false
                }
                let before = pauses.count
                guard !condition.wait(until: Date(timeIntervalSinceNow: pause ?? Self.slow)) else { continue }
                guard pauses.count == before, !isStopping else { continue }
                if pause != nil { pauses.removeFirst() }
                return pause == nil
            }
            return nil
        }
    }

    /// Opens what is missing and closes what is no longer wanted.
    /// - Parameter renewing: whether those that are open are held against the namespaces that there are.
    func refresh(renewing: Bool) {
        guard let wanted = try? Set(networking.networksWithDHCP().map(\.text)) else { return }
        for network in open.keys where !wanted.contains(network) {
            server.release(listener: network)
            open[network] = nil
        }
        for network in wanted where renewing || open[network] == nil { listen(on: network) }
    }

    private func listen(on network: String) {
        for host in hosts {
            do {
                guard let descriptor = try host.openMetadataListener(networkID: network) else { continue }
                return try take(descriptor, network)
            } catch {
                // A socket that is still there is in the way of a second one: that is as it should be.
                log.debug("no metadata listener", metadata: ["network": "\(network)", "cause": "\(error)"])
            }
        }
    }

    private func take(_ descriptor: Int32, _ network: String) throws {
        let namespace = Self.namespace(of: descriptor)
        if open[network] == namespace {
            close(descriptor)
            return
        }
        if open[network] != nil { server.release(listener: network) }
        try server.adopt(listener: descriptor, named: network)
        open[network] = namespace
        log.info("metadata is served", metadata: ["network": "\(network)"])
    }

    /// The kernel's number for the network namespace of a socket (SO_NETNS_COOKIE, Linux 5.14); 0 where it has none.
    private static func namespace(of descriptor: Int32) -> UInt64 {
        var cookie: UInt64 = 0
        var length = socklen_t(MemoryLayout<UInt64>.size)
        return getsockopt(descriptor, SOL_SOCKET, 71, &cookie, &length) == 0 ? cookie : 0
    }
}
