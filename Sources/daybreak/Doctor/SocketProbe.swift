import Glibc

/// Tries whether somebody answers on a socket, or whether an address is free.
enum SocketProbe {
    /// Whether a connection to `host:port`, or to `unix:` and a path, is taken within a second.
    static func answers(_ location: String) -> Bool {
        withAddress(location) { address, length in
            let socket = Glibc.socket(Int32(address.pointee.sa_family), Int32(SOCK_STREAM.rawValue), 0)
            guard socket >= 0 else { return false }
            defer { close(socket) }
            var limit = timeval(tv_sec: 1, tv_usec: 0)
            setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            return connect(socket, address, length) == 0
        } ?? false
    }

    /// Why `host:port` cannot be listened on; `nil` when it can.
    static func obstacle(_ location: String) -> String? {
        let reason: String?? = withAddress(location) { address, length in
            let socket = Glibc.socket(Int32(address.pointee.sa_family), Int32(SOCK_STREAM.rawValue), 0)
            guard socket >= 0 else { return String(cString: strerror(errno)) }
            defer { close(socket) }
            var on: Int32 = 1
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
            return bind(socket, address, length) == 0 ? nil : String(cString: strerror(errno))
        }
        return reason ?? "not an address of this machine"
    }

    private static func withAddress<T>(
        _ location: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
    ) -> T? {
        if location.hasPrefix("unix:") { return withUnixAddress(String(location.dropFirst(5)), body) }
        guard let name = SocketName(location) else { return nil }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name.host, String(name.port), &hints, &list) == 0, let first = list else { return nil }
        defer { freeaddrinfo(first) }
        return first.pointee.ai_addr.map { body($0, first.pointee.ai_addrlen) }
    }

    private static func withUnixAddress<T>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
    ) -> T? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard path.utf8.count < room.count else { return false }
            room.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { return nil }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
