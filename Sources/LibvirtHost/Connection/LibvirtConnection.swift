import CLibvirt
import ComputeHost
import Foundation
import Synchronization

/// One connection to libvirt, shared by all threads, opened again when the daemon went away and came back.
final class LibvirtConnection: Sendable {
    /// A pointer that libvirt allows on several threads at once.
    private struct Pointer: @unchecked Sendable {
        let connect: OpaquePointer
    }

    private struct State {
        var pointer: Pointer?
        var lifecycleCallback: Int32 = -1
        /// Counts the connections, so that a late report about an old one does no harm to the next.
        var generation = 0
        var isClosed = false
        var isReconnecting = false
    }

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

    /// Whether `uri` can be opened now.
    static func answers(_ uri: String) -> Bool {
        LibvirtEventLoop.prepare()
        guard let connect = virConnectOpen(uri) else { return false }
        virConnectClose(connect)
        return true
    }

    /// Runs `body` with the connection, opening it first when there is none.
    func use<T>(_ body: (OpaquePointer) throws(HostError) -> T) throws(HostError) -> T {
        let (pointer, generation) = try acquire()
        defer { virConnectClose(pointer) }
        do {
            return try body(pointer)
        } catch {
            if case .unavailable = error { lost(generation) }
            throw error
        }
    }

    /// Closes the connection for good.
    func close() {
        let (pointer, callback) = state.withLock { state in
            state.isClosed = true
            defer { state.pointer = nil }
            return (state.pointer, state.lifecycleCallback)
        }
        guard let connect = pointer?.connect else { return }
        if callback >= 0 { virConnectDomainEventDeregisterAny(connect, callback) }
        virConnectUnregisterCloseCallback(connect, connectionWasClosed)
        virConnectClose(connect)
    }

    /// The connection with a reference of the caller's own.
    private func acquire() throws(HostError) -> (OpaquePointer, Int) {
        let held = state.withLock { state -> (Pointer, Int)? in
            guard let pointer = state.pointer else { return nil }
            virConnectRef(pointer.connect)
            return (pointer, state.generation)
        }
        if let held { return (held.0.connect, held.1) }
        return try open()
    }

    private func open() throws(HostError) -> (OpaquePointer, Int) {
        guard !state.withLock(\.isClosed) else { throw .unavailable("the connection to libvirt was closed") }
        guard let connect = virConnectOpen(uri) else {
            throw .unavailable("libvirt at \(uri) does not answer: \(LibvirtError.current().message)")
        }
        // Not every driver has a connection that can break; those refuse the call.
        _ = virConnectSetKeepAlive(connect, 5, 3)
        let opened = Pointer(connect: connect)
        let (kept, generation, isOurs) = state.withLock { state -> (Pointer, Int, Bool) in
            if let existing = state.pointer {
                virConnectRef(existing.connect)
                return (existing, state.generation, false)
            }
            state.generation += 1
            state.pointer = opened
            virConnectRef(connect)
            return (opened, state.generation, true)
        }
        if isOurs {
            register(on: connect, generation)
        } else {
            virConnectClose(connect)
        }
        return (kept.connect, generation)
    }

    private func register(on connect: OpaquePointer, _ generation: Int) {
        let context = EventContext(connection: self, generation: generation)
        let callback = registerLifecycleCallback(connect, context)
        state.withLock { if $0.generation == generation { $0.lifecycleCallback = callback } }
        registerCloseCallback(connect, context)
    }

    /// Drops a dead connection and looks for a new one, so that events flow again without anybody calling.
    fileprivate func lost(_ generation: Int) {
        let (dead, mustReconnect) = state.withLock { state -> (Pointer?, Bool) in
            guard state.generation == generation, let pointer = state.pointer else { return (nil, false) }
            state.pointer = nil
            let reconnect = !state.isClosed && !state.isReconnecting
            if reconnect { state.isReconnecting = true }
            return (pointer, reconnect)
        }
        guard let dead else { return }
        // This may be one of the connection's own callbacks, inside which it must not be closed.
        Thread.detachNewThread { [self] in
            virConnectUnregisterCloseCallback(dead.connect, connectionWasClosed)
            virConnectClose(dead.connect)
            if mustReconnect { reconnect() }
        }
    }

    /// Looks for a connection that could not be had at first, so that nobody need ask for it.
    func keepTrying() {
        let isFirst = state.withLock { state in
            guard state.pointer == nil, !state.isReconnecting, !state.isClosed else { return false }
            state.isReconnecting = true
            return true
        }
        if isFirst { Thread.detachNewThread { [self] in reconnect() } }
    }

    private func reconnect() {
        while !state.withLock(\.isClosed) {
            revive()
            let opened = try? acquire()
            if let opened {
                virConnectClose(opened.0)
                break
            }
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
    context.connection?.lost(context.generation)
}

private func releaseEventContext(_ opaque: UnsafeMutableRawPointer?) {
    guard let opaque else { return }
    Unmanaged<EventContext>.fromOpaque(opaque).release()
}
