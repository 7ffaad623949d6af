import Glibc
import Synchronization

/// A connection to a guest's screen or serial port, as a connected stream socket: bytes go to and fro, and the guest's end
/// closes it when the guest goes off or somebody else takes the serial port.
///
/// It is closed when this is let go, unless somebody took the descriptor.
public final class ConsoleSocket: Sendable {
    private let descriptor: Mutex<Int32>

    /// Owns `descriptor` from now on.
    public init(descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        let left = descriptor.withLock { $0 }
        if left >= 0 { close(left) }
    }

    /// Hands the socket over: the caller closes it. -1 when it was handed over before.
    public func takeDescriptor() -> Int32 {
        descriptor.withLock { held in
            defer { held = -1 }
            return held
        }
    }

    /// Two ends of one connection, neither of which a child process gets.
    /// - Throws: `.unavailable` when the process has no descriptors left.
    public static func pair() throws(HostError) -> (ConsoleSocket, Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw .unavailable("no connection can be made: \(String(cString: strerror(errno)))")
        }
        return (ConsoleSocket(descriptor: ends[0]), ends[1])
    }
}
