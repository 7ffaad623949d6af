import ComputeHost
import Foundation

/// The serial ports that somebody looks at, one at a time each.
final class SerialPorts: @unchecked Sendable {
    // Safety: touched under the lock only.
    private let lock = NSLock()
    private var bridges: [String: WeakBridge] = [:]

    private struct WeakBridge {
        weak let bridge: SerialBridge?
    }

    /// Ends what looks at an instance's port, and has `open` open it anew when the daemon knows of that.
    func next(
        of instanceID: String,
        _ open: () throws(HostError) -> (bridge: SerialBridge, socket: ConsoleSocket)
    ) throws(HostError) -> ConsoleSocket {
        lock.lock()
        defer { lock.unlock() }
        bridges = bridges.filter { $0.value.bridge != nil }
        bridges[instanceID]?.bridge?.stop()
        let (bridge, socket) = try open()
        bridges[instanceID] = WeakBridge(bridge: bridge)
        return socket
    }
}
