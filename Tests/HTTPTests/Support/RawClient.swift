import Glibc

/// A client that says exactly what it is told to and reports exactly what it hears.
class RawClient {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let descriptor: Int32
    private var buffer: [UInt8] = []
    private let isResetAnEnd: Bool

    /// - Parameters:
    ///   - source: the address to come from, one of 127.0.0.0/8.
    ///   - receiveBuffer: bytes of kernel buffer: small ones make a slow reader.
    ///   - patience: seconds to wait for something to come.
    init(_ address: String, from source: String? = nil, receiveBuffer: Int32? = nil, patience: Int = 60) throws {
        // Children that other tests start at this moment must not keep the connection open.
        isResetAnEnd = false
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var size = receiveBuffer ?? 0
        if size > 0 { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4) }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        var timeout = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        if let source {
            guard RawClient.with(source, 0, { bind(descriptor, $0, $1) }) == 0 else {
                throw Failure(description: "bind: errno \(errno)")
            }
        }
        let port = UInt16(address.split(separator: ":")[1])!
        guard RawClient.with("127.0.0.1", port, { connect(descriptor, $0, $1) }) == 0 else {
            throw Failure(description: "connect: errno \(errno)")
        }
    }

    private static func with(
        _ host: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr(host)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Speaks to a program over a socket both have. When the program ends before it has read all, that is its end.
    init(descriptor: Int32) {
        isResetAnEnd = true
        self.descriptor = descriptor
        var timeout = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "send: errno \(errno)") }
            sent += count
        }
    }

    /// Sends in pieces of so many bytes.
    func send(_ bytes: [UInt8], piece: Int) throws {
        for start in stride(from: 0, to: bytes.count, by: max(1, piece)) {
            try send(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
    }

    /// Closes so that the server's next look at the connection is an error.
    func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    }

    /// Whether at least one byte could be sent within that time.
    func canSend(milliseconds: Int32) -> Bool {
        var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&wish, 1, milliseconds) == 1
    }

    /// Sends what can be sent without waiting; says how much that was.
    func sendSome(_ bytes: [UInt8]) -> Int {
        max(0, Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT)))
    }

    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads one response. `head` says that none has content.
    func response(head: Bool = false) throws -> RawResponse {
        while true {
            if let end = buffer.range(of: "\r\n\r\n") {
                var response = try RawResponse(head: String(decoding: buffer[..<end], as: UTF8.self))
                buffer.removeFirst(end + 4)
                if !head { response.content = try content(of: response) }
                return response
            }
            guard try fill() else { throw Failure(description: "closed in a head: \(text(buffer))") }
        }
    }

    /// Everything until the server closes.
    func rest() throws -> String { text(try bytes()) }

    /// Everything until the server closes, as it came.
    func bytes() throws -> [UInt8] {
        while try fill() {}
        defer { buffer = [] }
        return buffer
    }

    /// Whether the server has closed and has nothing more to say. Waits for it.
    func isClosed() throws -> Bool { try rest().isEmpty }

    /// Reads at least one byte if any comes; for streams.
    func some() throws -> String {
        if buffer.isEmpty { _ = try fill() }
        defer { buffer = [] }
        return text(buffer)
    }

    /// Whether nothing has come that was not read yet, and the server has not closed. Does not wait.
    var hasNothingToRead: Bool {
        var byte: UInt8 = 0
        return buffer.isEmpty && recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) < 0
            && errno == EAGAIN
    }

    private func content(of response: RawResponse) throws -> [UInt8] {
        if response.status == 204 || response.status == 304 || response.status < 200 { return [] }
        if response["transfer-encoding"] == "chunked" { return try chunks() }
        guard let length = response["content-length"].flatMap({ Int($0) }) else {
            while try fill() {}
            defer { buffer = [] }
            return buffer
        }
        return try take(length)
    }

    private func chunks() throws -> [UInt8] {
        var content: [UInt8] = []
        while true {
            let size = Int(try line(), radix: 16) ?? -1
            guard size >= 0 else { throw Failure(description: "bad chunk size") }
            content += try take(size)
            guard try line().isEmpty else { throw Failure(description: "chunk without end") }
            if size == 0 { return content }
        }
    }

    private func line() throws -> String {
        while true {
            if let end = buffer.range(of: "\r\n") {
                defer { buffer.removeFirst(end + 2) }
                return text(Array(buffer[..<end]))
            }
            guard try fill() else { throw Failure(description: "closed in a line") }
        }
    }

    func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() else { throw Failure(description: "closed after \(buffer.count) of \(count) bytes") }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func fill() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &piece, piece.count, 0)
        if count < 0, errno == ECONNRESET, !isResetAnEnd { throw Failure(description: "reset by the server") }
        guard count >= 0 || errno == ECONNRESET else { throw Failure(description: "nothing came: errno \(errno)") }
        buffer += piece[..<max(0, count)]
        return count > 0
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

struct RawResponse {
    let status: Int
    let fields: [(name: String, value: String)]
    var content: [UInt8] = []

    init(head: String) throws {
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        let parts = lines[0].split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0] == "HTTP/1.1", let status = Int(parts[1]) else {
            throw RawClient.Failure(description: "bad status line: \(lines[0])")
        }
        self.status = status
        fields = lines.dropFirst().map {
            let pair = $0.split(separator: ":", maxSplits: 1)
            return (pair[0].lowercased(), String(pair[1].drop { $0 == " " }))
        }
    }

    subscript(name: String) -> String? { fields.first { $0.name == name.lowercased() }?.value }

    var text: String { String(decoding: content, as: UTF8.self) }
}

extension [UInt8] {
    func range(of text: String) -> Int? {
        let pattern = Array(text.utf8)
        guard count >= pattern.count else { return nil }
        return (0...(count - pattern.count)).first { self[$0..<($0 + pattern.count)].elementsEqual(pattern) }
    }
}
