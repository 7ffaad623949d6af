import BenchmarkKit
import Foundation

/// A client's socket: connected blockingly, then used without blocking.
struct ClientSocket {
    let descriptor: Int32

    /// - Parameters:
    ///   - source: comes from 127.0.x.y, these two; many clients need many addresses.
    ///   - receiveBuffer: bytes of kernel buffer; 0 leaves the choice to the kernel.
    init?(port: UInt16, source: (UInt8, UInt8) = (0, 1), receiveBuffer: Int32 = 0) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        if receiveBuffer > 0 { set(SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
        set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        // IP_BIND_ADDRESS_NO_PORT lets the kernel choose the port when it knows where to: many connections from one
        // address.
        set(Int32(IPPROTO_IP), 24, 1)
        let isConnected =
            Self.with(source, 0) { bind(descriptor, $0, $1) } == 0
            && Self.with((0, 1), port) { connect(descriptor, $0, $1) } == 0
        guard isConnected, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
            Foundation.close(descriptor)
            return nil
        }
    }

    /// Sends what the kernel takes; false when the connection is gone.
    func send(_ bytes: [UInt8]) -> Bool {
        let count = Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        return count >= 0 || errno == EAGAIN
    }

    /// Whether the server has neither closed nor reset it.
    var isOpen: Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK))
        return count > 0 || count < 0 && errno == EAGAIN
    }

    /// Closes with a reset, so that no port waits for the end of an orderly goodbye.
    func close() {
        var reset = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
        Foundation.close(descriptor)
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func with(
        _ host: (UInt8, UInt8), _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = (UInt32(127) << 24 | UInt32(host.0) << 8 | UInt32(host.1)).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
