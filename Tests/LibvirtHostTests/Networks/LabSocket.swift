import ComputeHost
import Glibc
import TestSupport

@testable import LibvirtHost

/// A UDP socket in a namespace, for what goes through routers.
final class LabSocket {
    private let descriptor: Int32

    /// - Parameter port: 0 takes any.
    init(in namespace: NetworkNamespace, port: UInt16 = 0) throws {
        descriptor = try namespace.inside { () throws(HostError) in
            let made = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard made >= 0 else { throw FileSystem.failure("make", "a socket") }
            var name = Self.name("0.0.0.0", port)
            let bound = withUnsafePointer(to: &name) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(made, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard bound == 0 else { throw FileSystem.failure("bind", "a socket") }
            return made
        }
    }

    deinit { close(descriptor) }

    private static func name(_ address: String, _ port: UInt16) -> sockaddr_in {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        inet_pton(AF_INET, address, &name.sin_addr)
        return name
    }

    func send(_ text: String, to address: String, port: UInt16) {
        var name = Self.name(address, port)
        let bytes = Array(text.utf8)
        _ = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// The next datagram with its sender; nil when none comes in time.
    func receive(milliseconds: Int32 = 2_000) -> (text: String, address: String, port: UInt16)? {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, milliseconds) == 1 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 2_048)
        var name = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(descriptor, &buffer, buffer.count, 0, $0, &length)
            }
        }
        guard count >= 0 else { return nil }
        let four = withUnsafeBytes(of: name.sin_addr) { Array($0) }
        return (
            String(decoding: buffer[..<count], as: UTF8.self), four.map(String.init).joined(separator: "."),
            UInt16(bigEndian: name.sin_port)
        )
    }
}
