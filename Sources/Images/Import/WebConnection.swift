import Cryptography
import Glibc
import ServiceCore

/// A connection to a web server, with or without TLS. Calls block, none of them for ever.
final class WebConnection {
    private static let patience = 30

    private let socket: Int32
    private var tls: TLSClient?

    /// Nil when the address does not answer within ten seconds.
    init?(to address: SourceAddress) {
        socket = Glibc.socket(address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        // A connect that takes longer than this is given up like a write would be.
        Self.limit(socket, seconds: 10)
        let result = address.storage.withUnsafeBytes { bytes in
            bytes.baseAddress.map {
                Glibc.connect(socket, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            } ?? -1
        }
        guard result == 0 else {
            close(socket)
            return nil
        }
        Self.limit(socket, seconds: Self.patience)
    }

    deinit {
        tls = nil
        close(socket)
    }

    /// Speaks TLS from now on, with the machine of that name and nobody else.
    func secure(as host: String) throws {
        do {
            tls = try TLSClient(host: host, descriptor: socket)
        } catch {
            throw DownloadFailure.refused("\(error)")
        }
    }

    func send(_ bytes: [UInt8]) throws {
        if let tls { return try wrapped { try tls.write(bytes) } }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw DownloadFailure.temporary("the connection was lost") }
            sent += count
        }
    }

    /// What has come; empty at the end.
    func receive() throws -> [UInt8] {
        if let tls { return try wrapped { try tls.read() } }
        return try [UInt8](unsafeUninitializedCapacity: 256 << 10) { buffer, length in
            var count: Int
            repeat { count = recv(socket, buffer.baseAddress, buffer.count, 0) } while count < 0 && errno == EINTR
            guard count >= 0 else { throw DownloadFailure.temporary("the connection was lost") }
            length = count
        }
    }

    private func wrapped<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch {
            throw DownloadFailure.temporary("\(error)")
        }
    }

    private static func limit(_ socket: Int32, seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        let length = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, length)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, length)
    }
}
