import CLibvirt
import ComputeHost
import Dispatch
import Foundation

/// Joins one of libvirt's streams to a socket, so that a serial port can be used like every other connection.
///
/// It lives on libvirt's event loop and needs no thread. Each direction holds one piece of at most 4 KiB; while that waits
/// nothing more is read on the other side. The first side that ends ends the other.
final class SerialBridge: @unchecked Sendable {
    // Safety: everything below is touched under the lock only. libvirt holds none of its own while it calls us.
    private let lock = NSLock()
    private let hasEnded = DispatchSemaphore(value: 0)
    private let stream: OpaquePointer
    /// The stream's own: what others send on it at the same time would not always arrive.
    private var connection: OpenConnection?
    private let descriptor: Int32
    private var watch: Int32 = -1
    private var isOver = false
    private var toGuest: [UInt8] = []
    private var toClient: [UInt8] = []

    private static let pieceSize = 4 << 10

    /// Owns the stream, and the connection it is of, from now on.
    /// - Returns: the socket the stream's bytes go to and come from.
    static func join(
        _ stream: OpaquePointer, of connection: OpenConnection
    ) throws(HostError) -> (bridge: SerialBridge, socket: ConsoleSocket) {
        do {
            let (socket, end) = try ConsoleSocket.pair()
            let bridge = SerialBridge(stream, connection, end)
            try bridge.begin()
            return (bridge, socket)
        } catch {
            virStreamAbort(stream)
            virStreamFree(stream)
            throw error
        }
    }

    private init(_ stream: OpaquePointer, _ connection: OpenConnection, _ descriptor: Int32) {
        self.stream = stream
        self.connection = connection
        self.descriptor = descriptor
    }

    /// Ends it, and returns when the daemon knows. A daemon that says nothing is not waited for longer than half a minute.
    func stop() {
        lock.lock()
        if !isOver { end() }
        lock.unlock()
        if hasEnded.wait(timeout: .now() + .seconds(30)) == .success { hasEnded.signal() }
    }

    private func begin() throws(HostError) {
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        lock.lock()
        defer { lock.unlock() }
        watch = virEventAddHandle(descriptor, 0, socketChanged, Unmanaged.passRetained(self).toOpaque(), release)
        guard watch >= 0 else {
            Unmanaged.passUnretained(self).release()
            close(descriptor)
            throw .unavailable("libvirt's event loop does not run")
        }
        let code = virStreamEventAddCallback(
            stream, wantedOfStream, streamChanged, Unmanaged.passRetained(self).toOpaque(), release)
        guard code == 0 else {
            let error = LibvirtError.current().hostError("watching a serial port")
            Unmanaged.passUnretained(self).release()
            virEventRemoveHandle(watch)
            close(descriptor)
            throw error
        }
        tellWishes()
    }

    fileprivate func takeSocketEvents(_ events: Int32) {
        changed { [self] in
            if events & Int32(VIR_EVENT_HANDLE_WRITABLE.rawValue) != 0 { passToClient() }
            if events & Int32(VIR_EVENT_HANDLE_READABLE.rawValue) != 0, toGuest.isEmpty {
                toGuest = [UInt8](repeating: 0, count: Self.pieceSize)
                let count = recv(descriptor, &toGuest, toGuest.count, Int32(MSG_DONTWAIT))
                let isEmpty = count < 0 && [EAGAIN, EINTR].contains(errno)
                toGuest.removeLast(toGuest.count - max(0, count))
                if count <= 0, !isEmpty { return end() }
                passToGuest()
            } else if events & Int32(VIR_EVENT_HANDLE_HANGUP.rawValue | VIR_EVENT_HANDLE_ERROR.rawValue) != 0 {
                end()
            }
        }
    }

    fileprivate func takeStreamEvents(_ events: Int32) {
        changed { [self] in
            if events & Int32(VIR_STREAM_EVENT_WRITABLE.rawValue) != 0 { passToGuest() }
            if events & Int32(VIR_STREAM_EVENT_READABLE.rawValue) != 0, toClient.isEmpty {
                var piece = [CChar](repeating: 0, count: Self.pieceSize)
                let count = virStreamRecv(stream, &piece, piece.count)
                // -2: nothing there yet. 0: the guest has gone off. -1: somebody else has taken the port.
                if count == 0 || count == -1 { return end() }
                toClient = piece.prefix(Int(max(0, count))).map { UInt8(bitPattern: $0) }
                passToClient()
            } else if events & Int32(VIR_STREAM_EVENT_HANGUP.rawValue | VIR_STREAM_EVENT_ERROR.rawValue) != 0 {
                end()
            }
        }
    }

    private func changed(_ work: () -> Void) {
        lock.lock()
        defer { lock.unlock() }
        guard !isOver else { return }
        work()
        if !isOver { tellWishes() }
    }

    private func passToGuest() {
        while !toGuest.isEmpty {
            let count = toGuest.withUnsafeBytes { bytes in
                virStreamSend(stream, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count)
            }
            if count == -2 { return }
            guard count >= 0 else { return end() }
            toGuest.removeFirst(Int(count))
        }
    }

    private func passToClient() {
        while !toClient.isEmpty {
            let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
            let count = toClient.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            guard count > 0 else { return end() }
            toClient.removeFirst(count)
        }
    }

    private var wantedOfStream: Int32 {
        var wanted = VIR_STREAM_EVENT_HANGUP.rawValue | VIR_STREAM_EVENT_ERROR.rawValue
        if toClient.isEmpty { wanted |= VIR_STREAM_EVENT_READABLE.rawValue }
        if !toGuest.isEmpty { wanted |= VIR_STREAM_EVENT_WRITABLE.rawValue }
        return Int32(wanted)
    }

    private func tellWishes() {
        var wanted: UInt32 = 0
        if toGuest.isEmpty { wanted |= VIR_EVENT_HANDLE_READABLE.rawValue }
        if !toClient.isEmpty { wanted |= VIR_EVENT_HANDLE_WRITABLE.rawValue }
        virEventUpdateHandle(watch, Int32(wanted))
        virStreamEventUpdateCallback(stream, wantedOfStream)
    }

    private func end() {
        isOver = true
        virStreamEventRemoveCallback(stream)
        virEventRemoveHandle(watch)
        close(descriptor)
        // The daemon is told, and may be slow to answer: the event loop, which may be the last to let go of us, has others
        // to serve.
        let connection = connection
        self.connection = nil
        Thread.detachNewThread { [self] in
            virStreamAbort(stream)
            virStreamFree(stream)
            withExtendedLifetime(connection) {}
            hasEnded.signal()
        }
    }
}

private func socketChanged(_ watch: Int32, _ descriptor: Int32, _ events: Int32, _ opaque: UnsafeMutableRawPointer?) {
    guard let opaque else { return }
    Unmanaged<SerialBridge>.fromOpaque(opaque).takeUnretainedValue().takeSocketEvents(events)
}

private func streamChanged(_ stream: OpaquePointer?, _ events: Int32, _ opaque: UnsafeMutableRawPointer?) {
    guard let opaque else { return }
    Unmanaged<SerialBridge>.fromOpaque(opaque).takeUnretainedValue().takeStreamEvents(events)
}

private func release(_ opaque: UnsafeMutableRawPointer?) {
    guard let opaque else { return }
    Unmanaged<SerialBridge>.fromOpaque(opaque).release()
}
