import CLibvirt
import ComputeHost
import Foundation
import Synchronization

/// The way to one libvirt for all threads, found again when the daemon went away and came back.
///
/// Each connection is used by one thread at a time. libvirt allows more, but its client does not keep what it promises
/// (measured with 9.0.0, Debian 12): where several threads share one with a stream, calls wait for ever, and an error in
/// one leaves the others asleep. One thread alone and the event loop beside it get along. So threads take connections
/// from a pool, each serial port has its own, and one more, which nobody calls, brings the events and asks the daemon for
/// signs of life. When it finds none, it has all the others give up.
final class LibvirtConnection: Sendable {
    private struct State {
        /// Brings the events; nil while libvirt is away.
        var events: OpenConnection?
        var lifecycleCallback: Int32 = -1
        /// Counts the connections for events, so that a late report about an old one does no harm to the next.
        var generation = 0
        /// Nobody uses these now.
        var idle: [OpenConnection] = []
        /// All that are in use.
        var used: [WeakConnection] = []
        var isClosed = false
        var isReconnecting = false

        mutating func note(_ connection: OpenConnection) {
            used.removeAll { $0.connection == nil }
            used.append(WeakConnection(connection: connection))
        }
    }

    private struct WeakConnection: Sendable {
        weak let connection: OpenConnection?
    }

    /// More than this many are closed when nobody needs them.
    private static let idleLimit = 8

    let uri: String
    private let state = Mutex(State())
    /// Tells the hypervisor of raw lifecycle events: domain, event, detail.
    private let onEvent: @Sendable (_ domain: OpaquePointer, _ event: Int32, _ detail: Int32) -> Void
    private let onReconnect: @Sendable () -> Void
    /// Does what can be done for libvirt to answer, before it is asked again.
    private let revive: @Sendable () -> Void

    init(
        uri: String, onEvent: @escaping @Sendable (OpaquePointer, Int32, Int32) -> Void = { _, _, _ in },
        onReconnect: @escaping @Sendable () -> Void = {}, revive: @escaping @Sendable () -> Void = {}
    ) {
        self.uri = uri
        self.onEvent = onEvent
        self.onReconnect = onReconnect
        self.revive = revive
        LibvirtEventLoop.prepare()
    }

    /// Runs `body` with a connection that nobody else uses meanwhile.
    func use<T>(_ body: (OpaquePointer) throws(HostError) -> T) throws(HostError) -> T {
        let (connection, generation) = try take()
        do {
            let result = try body(connection.pointer)
            giveBack(connection, generation)
            return result
        } catch {
            if case .unavailable = error { lost(generation) } else { giveBack(connection, generation) }
            throw error
        }
    }

    /// A connection of the caller's own, for as long as it is held.
    func lend() throws(HostError) -> OpenConnection {
        let connection = try LibvirtOpener.open(uri)
        state.withLock { $0.note(connection) }
        return connection
    }

    /// Closes all connections for good, but for those in use.
    func close() {
        let (events, callback, idle) = state.withLock { state in
            state.isClosed = true
            defer { (state.events, state.idle) = (nil, []) }
            return (state.events, state.lifecycleCallback, state.idle)
        }
        // Closed with their last references, which is not to be done under the lock.
        defer { withExtendedLifetime(idle) {} }
        guard let events else { return }
        if callback >= 0 { virConnectDomainEventDeregisterAny(events.pointer, callback) }
        virConnectUnregisterCloseCallback(events.pointer, connectionWasClosed)
    }

    private func take() throws(HostError) -> (OpenConnection, Int) {
        try listen()
        let (taken, generation, idle) = state.withLock { state in
            let idle = state.idle
            // A daemon that has ended since closed them, even if nothing was said of it yet.
            let taken = idle.last { $0.isAlive }
            state.idle = taken.map { taken in idle.filter { $0 !== taken && $0.isAlive } } ?? []
            if let taken { state.note(taken) }
            return (taken, state.generation, idle)
        }
        defer { withExtendedLifetime(idle) {} }
        if let taken { return (taken, generation) }
        return (try lend(), generation)
    }

    private func giveBack(_ connection: OpenConnection, _ generation: Int) {
        state.withLock { state in
            state.used.removeAll { $0.connection == nil || $0.connection === connection }
            let isOfUse = !state.isClosed && state.events != nil && state.generation == generation
            if isOfUse, state.idle.count < Self.idleLimit { state.idle.append(connection) }
        }
    }

    /// Sees to it that there is a connection for events.
    private func listen() throws(HostError) {
        let (isListening, isClosed) = state.withLock { ($0.events != nil, $0.isClosed) }
        guard !isClosed else { throw .unavailable("the connection to libvirt was closed") }
        guard !isListening else { return }
        let opened = try LibvirtOpener.open(uri)
        let generation = state.withLock { state -> Int? in
            guard state.events == nil, !state.isClosed else { return nil }
            state.generation += 1
            state.events = opened
            return state.generation
        }
        guard let generation else { return }
        register(on: opened, generation)
        opened.watch(interval: 5, count: 3)
    }

    private func register(on connection: OpenConnection, _ generation: Int) {
        let context = EventContext(connection: self, generation: generation)
        let callback = registerLifecycleCallback(connection.pointer, context)
        state.withLock { if $0.generation == generation { $0.lifecycleCallback = callback } }
        registerCloseCallback(connection.pointer, context)
    }

    /// Drops what is of no use any more and looks for a new connection: events are to flow again without anybody calling.
    fileprivate func lost(_ generation: Int) {
        let (dead, idle, used, mustReconnect) = state.withLock { state in
            guard state.generation == generation, let events = state.events else {
                return (OpenConnection?.none, [OpenConnection](), [OpenConnection](), false)
            }
            defer { (state.events, state.idle) = (nil, []) }
            let reconnect = !state.isClosed && !state.isReconnecting
            if reconnect { state.isReconnecting = true }
            return (events, state.idle, state.used.compactMap(\.connection), reconnect)
        }
        guard let dead else { return }
        Thread.detachNewThread {
            // Where the daemon is still there and only says nothing, whoever waits for it is not to wait any longer.
            for connection in idle + used { connection.watch(interval: 1, count: 2) }
            virConnectUnregisterCloseCallback(dead.pointer, connectionWasClosed)
        }
        if mustReconnect { Thread.detachNewThread { [self] in reconnect() } }
    }

    /// Looks for a connection that could not be had at first, so that nobody need ask for it.
    func keepTrying() {
        let isFirst = state.withLock { state in
            guard state.events == nil, !state.isReconnecting, !state.isClosed else { return false }
            state.isReconnecting = true
            return true
        }
        if isFirst { Thread.detachNewThread { [self] in reconnect() } }
    }

    private func reconnect() {
        while !state.withLock(\.isClosed) {
            revive()
            if (try? listen()) != nil { break }
            usleep(500_000)
        }
        let isOpen = state.withLock { state in
            state.isReconnecting = false
            return !state.isClosed
        }
        if isOpen { onReconnect() }
    }

    fileprivate func deliver(_ domain: OpaquePointer, _ event: Int32, _ detail: Int32) {
        onEvent(domain, event, detail)
    }
}

/// What libvirt hands back to our callbacks. It holds the connection weakly: libvirt keeps it until it is freed.
private final class EventContext: Sendable {
    private let held: Mutex<WeakConnection>
    let generation: Int

    private struct WeakConnection: Sendable {
        weak let connection: LibvirtConnection?
    }

    init(connection: LibvirtConnection, generation: Int) {
        held = Mutex(WeakConnection(connection: connection))
        self.generation = generation
    }

    var connection: LibvirtConnection? { held.withLock { $0.connection } }
}

private func registerLifecycleCallback(_ connect: OpaquePointer, _ context: EventContext) -> Int32 {
    let callback: virConnectDomainEventCallback = { _, domain, event, detail, opaque in
        guard let domain, let opaque else { return 0 }
        let context = Unmanaged<EventContext>.fromOpaque(opaque).takeUnretainedValue()
        context.connection?.deliver(domain, event, detail)
        return 0
    }
    let opaque = Unmanaged.passRetained(context).toOpaque()
    // libvirt declares one generic type for all kinds of callbacks; the kind is the third argument.
    let generic = unsafeBitCast(callback, to: virConnectDomainEventGenericCallback.self)
    let identifier = virConnectDomainEventRegisterAny(
        connect, nil, Int32(VIR_DOMAIN_EVENT_ID_LIFECYCLE.rawValue), generic, opaque, releaseEventContext)
    if identifier < 0 { Unmanaged<EventContext>.fromOpaque(opaque).release() }
    return identifier
}

private func registerCloseCallback(_ connect: OpaquePointer, _ context: EventContext) {
    let opaque = Unmanaged.passRetained(context).toOpaque()
    let code = virConnectRegisterCloseCallback(connect, connectionWasClosed, opaque, releaseEventContext)
    if code < 0 { Unmanaged<EventContext>.fromOpaque(opaque).release() }
}

private func connectionWasClosed(_ connect: OpaquePointer?, _ reason: Int32, _ opaque: UnsafeMutableRawPointer?) {
    guard let opaque else { return }
    let context = Unmanaged<EventContext>.fromOpaque(opaque).takeUnretainedValue()
    // A connection must not be closed inside its own callback, and none by the event loop, which would wait for itself.
    Thread.detachNewThread { context.connection?.lost(context.generation) }
}

private func releaseEventContext(_ opaque: UnsafeMutableRawPointer?) {
    guard let opaque else { return }
    Unmanaged<EventContext>.fromOpaque(opaque).release()
}
