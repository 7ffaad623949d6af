import CLinux
import Glibc

/// A numeric address and port: "127.0.0.1:8000", "[::1]:8000".
struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()
    private(set) var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// An address to be filled in by the system.
    private init() {}

    /// - Throws: ``SystemError`` EINVAL when the text is no address with a port.
    init(_ text: String) throws(SystemError) {
        guard let (host, port) = Authority.split(text), let number = port.flatMap({ UInt16($0) }) else {
            throw SystemError(call: "address \(text)", code: EINVAL)
        }
        let isBracketed = host.utf8.first == UInt8(ascii: "[")
        let bare = isBracketed ? String(host.dropFirst().dropLast()) : host
        var isValid = false
        if isBracketed {
            with(sockaddr_in6.self) { address in
                address.sin6_family = sa_family_t(AF_INET6)
                address.sin6_port = number.bigEndian
                isValid = inet_pton(AF_INET6, bare, &address.sin6_addr) == 1
            }
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        } else {
            with(sockaddr_in.self) { address in
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = number.bigEndian
                isValid = inet_pton(AF_INET, bare, &address.sin_addr) == 1
            }
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
        }
        guard isValid else { throw SystemError(call: "address \(text)", code: EINVAL) }
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// The address without port. An IPv4 client on an IPv6 socket is shown as IPv4.
    var host: String {
        var copy = self
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if family == AF_INET {
            copy.with(sockaddr_in.self) { _ = inet_ntop(AF_INET, &$0.sin_addr, &buffer, socklen_t(buffer.count)) }
        } else if family == AF_INET6 {
            copy.with(sockaddr_in6.self) { _ = inet_ntop(AF_INET6, &$0.sin6_addr, &buffer, socklen_t(buffer.count)) }
        }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.hasPrefix("::ffff:") && text.utf8.contains(UInt8(ascii: ".")) ? String(text.dropFirst(7)) : text
    }

    var port: UInt16 {
        var copy = self
        var port: UInt16 = 0
        // Both families keep the port in the same place.
        copy.with(sockaddr_in.self) { port = UInt16(bigEndian: $0.sin_port) }
        return port
    }

    /// The address as the two halves of an IPv6 address; an IPv4 address is mapped (RFC 4291 section 2.5.5.2).
    var halves: (high: UInt64, low: UInt64) {
        var copy = self
        var halves: (high: UInt64, low: UInt64) = (0, 0)
        if family == AF_INET {
            copy.with(sockaddr_in.self) {
                halves.low = 0xFFFF_0000_0000 | UInt64(UInt32(bigEndian: $0.sin_addr.s_addr))
            }
        } else if family == AF_INET6 {
            copy.with(sockaddr_in6.self) { address in
                withUnsafeBytes(of: &address.sin6_addr) { bytes in
                    halves.high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
                    halves.low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                }
            }
        }
        return halves
    }

    /// As it is written in ``ServerConfiguration/addresses``.
    var text: String { family == AF_INET6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Lets a system call fill an address in.
    static func filled(by body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32)
        -> (result: Int32, address: SocketAddress)
    {
        var address = SocketAddress()
        var length = address.length
        let result = withUnsafeMutablePointer(to: &address.storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
        }
        address.length = min(length, address.length)
        return (result, address)
    }

    /// Hands the address to a system call.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
        withUnsafePointer(to: storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }

    private mutating func with<Address>(_ type: Address.Type, _ body: (inout Address) -> Void) {
        withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: type, capacity: 1) { body(&$0.pointee) }
        }
    }
}

/// A non-blocking TCP socket: the system calls of the transport, and nothing else.
struct Socket: Sendable {
    let descriptor: Int32
    /// What encrypts it; nil on a plain one.
    var tls: TLSChannel?

    /// A listening socket. SO_REUSEPORT lets every event loop have one of its own; the kernel spreads the clients.
    static func listening(on address: SocketAddress) throws(SystemError) -> Socket {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(address.family, type, 0)
        guard descriptor >= 0 else { throw SystemError.last("socket") }
        let socket = Socket(descriptor: descriptor)
        socket.set(SO_REUSEADDR, SOL_SOCKET)
        socket.set(SO_REUSEPORT, SOL_SOCKET)
        // Both are passed on to the accepted sockets. The second: what a client that does not read is not sent yet
        // stays with us, instead of megabytes in the kernel; what is on its way is not limited.
        socket.set(TCP_NODELAY, Int32(IPPROTO_TCP))
        socket.set(TCP_NOTSENT_LOWAT, Int32(IPPROTO_TCP), to: 128 << 10)
        if address.family == AF_INET6 { socket.set(IPV6_V6ONLY, Int32(IPPROTO_IPV6)) }
        guard address.withSockaddr({ bind(descriptor, $0, address.length) }) == 0 else {
            throw socket.closing(SystemError.last("bind \(address.text)"))
        }
        guard listen(descriptor, 1024) == 0 else { throw socket.closing(SystemError.last("listen \(address.text)")) }
        return socket
    }

    /// Prepares a listening socket that somebody else has opened as `listening(on:)` does.
    /// - Returns: false when it is none.
    func becomeListener() -> Bool {
        var isListening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0, isListening != 0,
            fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0,
            fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
        else { return false }
        set(TCP_NODELAY, Int32(IPPROTO_TCP))
        set(TCP_NOTSENT_LOWAT, Int32(IPPROTO_TCP), to: 128 << 10)
        return true
    }

    /// The address this end is bound to.
    var localAddress: SocketAddress {
        SocketAddress.filled { getsockname(descriptor, $0, $1) }.address
    }

    /// The next client waiting; nil when none is.
    /// - Throws: ``SystemError``: EMFILE and ENFILE mean that there are no descriptors left.
    func accept() throws(SystemError) -> (socket: Socket, peer: SocketAddress)? {
        while true {
            let (accepted, peer) = SocketAddress.filled { cl_accept(descriptor, $0, $1) }
            if accepted >= 0 {
                return (Socket(descriptor: accepted), peer)
            }
            switch errno {
            case EAGAIN: return nil
            // The client went away while it waited, or a signal came: take the next.
            case EINTR, ECONNABORTED, EPROTO, ENETDOWN, EHOSTUNREACH, ENETUNREACH: continue
            default: throw SystemError.last("accept")
            }
        }
    }

    /// Lets no new client in line; those that wait already can still be accepted. Closing alone would reset who comes
    /// between the last accept and the close, although its connect has succeeded.
    func endQueue() {
        _ = cl_drop_packets(descriptor)
    }

    /// Outcome of a transfer.
    enum Transfer: Equatable {
        case bytes(Int)
        case wouldBlock
        /// The other side sends no more (receive), or the connection is gone.
        case ended
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        if let tls, tls.isActive { return tls.receive(into: buffer) }
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .ended }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wouldBlock : .ended
        }
    }

    /// Whether bytes have come that were not received yet.
    var hasInput: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
    }

    func send(_ bytes: UnsafeRawBufferPointer, more: Bool = false) -> Transfer {
        if let tls, tls.isActive { return tls.send(bytes) }
        let flags = Int32(MSG_NOSIGNAL) | (more ? Int32(MSG_MORE) : 0)
        while true {
            let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags)
            if count >= 0 { return .bytes(count) }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wouldBlock : .ended
        }
    }

    /// Lets the kernel send a part of a file.
    func send(file: Int32, from offset: Int64, count: Int) -> Transfer {
        if let tls, tls.isActive { return tls.send(file: file, from: offset, count: count) }
        var offset = off_t(offset)
        while true {
            let sent = sendfile(descriptor, file, &offset, min(count, 1 << 20))
            // Nothing sent although something was left: the file became shorter. The length is promised, so the
            // connection cannot go on.
            if sent > 0 { return .bytes(sent) }
            if sent == 0 { return .ended }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wouldBlock : .ended
        }
    }

    /// Says that nothing more will be sent; receiving goes on.
    func shutdownSending() {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Ends at once, without the packets of a farewell: the other side is told by a reset.
    func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func close() {
        _ = Glibc.close(descriptor)
    }

    private func set(_ option: Int32, _ level: Int32, to value: Int32 = 1) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private func closing(_ error: SystemError) -> SystemError {
        close()
        return error
    }
}
