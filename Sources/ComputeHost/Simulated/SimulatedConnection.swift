import Glibc
import Synchronization

/// The guest's end of a console's connection. One thread serves it; any other may end it.
final class SimulatedConnection: Sendable {
    private let descriptor: Int32
    private let subscription = Mutex<HostSubscription?>(nil)

    /// Owns `descriptor`.
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Keeps a subscription for as long as the connection.
    func hold(_ subscription: HostSubscription) { self.subscription.withLock { $0 = subscription } }

    /// Both directions are over; who waits in ``read(_:)`` gets the end.
    func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Exactly `count` bytes; nil when the other side closed before.
    func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + done, count - done, 0) }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return nil }
            done += got
        }
        return bytes
    }

    /// False when the other side has closed.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let sent = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
            }
            if sent < 0, errno == EINTR { continue }
            guard sent > 0 else { return false }
            done += sent
        }
        return true
    }
}

/// A thread for somebody who looks at a simulated guest: few do.
enum SimulatedThread {
    private final class Work {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func start(_ body: @escaping @Sendable () -> Void) {
        let work = Unmanaged.passRetained(Work(body)).toOpaque()
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { opaque in
                if let opaque { Unmanaged<Work>.fromOpaque(opaque).takeRetainedValue().body() }
                return nil
            }, work)
        if code == 0 { pthread_detach(thread) } else { Unmanaged<Work>.fromOpaque(work).release() }
    }
}
