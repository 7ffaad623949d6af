public import Foundation

/// An answer, taken apart no further than tests need.
public struct PlainResponse: Sendable {
    /// The status code.
    public let status: Int
    /// The fields in the order they came, names as they were written.
    public let fields: [(name: String, value: String)]
    /// The content, without its chunking.
    public let content: [UInt8]

    /// The content as UTF-8 text.
    public var text: String { String(decoding: content, as: UTF8.self) }

    /// The first field of a name, in any case.
    public subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// A small HTTP/1.1 client for one request on a connection of its own. It shares no code with the server under test,
/// follows no redirects and keeps no cookies. (Foundation's client does not understand chromedriver, which writes no
/// blank after the colon of a field.)
public enum PlainHTTP {
    /// Sends a request to a server on this machine and reads the whole answer.
    public static func send(
        _ method: String, _ url: URL, fields: [(String, String)] = [], content: [UInt8] = [], seconds: Int = 60
    ) async throws -> PlainResponse {
        try await withCheckedThrowingContinuation { continuation in
            // The calls below block, so they get a thread of their own.
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try exchange(method, url, fields: fields, content: content, seconds: seconds) })
            }
        }
    }

    private static func exchange(
        _ method: String, _ url: URL, fields: [(String, String)], content: [UInt8], seconds: Int
    ) throws -> PlainResponse {
        let port = url.port ?? 80
        let socket = try connect(port: UInt16(port), seconds: seconds)
        defer { close(socket) }
        let query = url.query(percentEncoded: true).map { "?" + $0 } ?? ""
        let path = url.path(percentEncoded: true)
        var head = "\(method) \(path.isEmpty ? "/" : path)\(query) HTTP/1.1\r\n"
        if !fields.contains(where: { $0.0.lowercased() == "host" }) { head += "Host: \(url.host ?? ""):\(port)\r\n" }
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        head += "Content-Length: \(content.count)\r\nConnection: close\r\n\r\n"
        try write(Array(head.utf8) + content, to: socket)
        return try response(from: socket, hasContent: method != "HEAD")
    }

    private static func connect(port: UInt16, seconds: Int) throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw fault("socket") }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            let reason = fault("connect to port \(port)")
            close(socket)
            throw reason
        }
        return socket
    }

    private static func write(_ bytes: [UInt8], to socket: Int32) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            // A server may answer and close before it has read everything.
            guard count > 0 else { return }
            sent += count
        }
    }

    private static func response(from socket: Int32, hasContent: Bool) throws -> PlainResponse {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var head: (status: Int, fields: [(name: String, value: String)], length: Int)?
        while true {
            if head == nil { head = parseHead(received) }
            if let head, !hasContent { return PlainResponse(status: head.status, fields: head.fields, content: []) }
            if let head, let length = contentLength(head.fields), received.count >= head.length + length {
                let content = Array(received[head.length..<head.length + length])
                return PlainResponse(status: head.status, fields: head.fields, content: content)
            }
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count >= 0 else { throw fault("receive") }
            if count == 0 { break }
            received += buffer[..<count]
        }
        guard let head else { throw NeverHappened(description: "the server closed without an answer") }
        let isChunked = head.fields.contains {
            $0.name.lowercased() == "transfer-encoding" && $0.value.lowercased() == "chunked"
        }
        let rest = Array(received[head.length...])
        let content = isChunked ? joinChunks(rest) : rest
        return PlainResponse(status: head.status, fields: head.fields, content: content)
    }

    private static func parseHead(
        _ bytes: [UInt8]
    ) -> (status: Int, fields: [(name: String, value: String)], length: Int)? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, let status = Int(words[1]) else { return nil }
        let fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
            return (name: String(parts[0]), value: value)
        }
        return (status, fields, end.upperBound)
    }

    private static func contentLength(_ fields: [(name: String, value: String)]) -> Int? {
        fields.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) }
    }

    private static func joinChunks(_ bytes: [UInt8]) -> [UInt8] {
        var content: [UInt8] = []
        var rest = bytes[...]
        while let line = rest.firstRange(of: Array("\r\n".utf8)) {
            let digits = String(decoding: rest[..<line.lowerBound], as: UTF8.self)
            guard let size = Int(digits, radix: 16), size > 0 else { break }
            content += rest[line.upperBound...].prefix(size)
            rest = rest[line.upperBound...].dropFirst(size + 2)
        }
        return content
    }

    private static func fault(_ what: String) -> NeverHappened {
        NeverHappened(description: "\(what): \(String(cString: strerror(errno)))")
    }
}
