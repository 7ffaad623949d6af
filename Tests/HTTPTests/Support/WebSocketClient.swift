extension RawClient {
    static let sampleKey = "dGhlIHNhbXBsZSBub25jZQ=="

    /// A handshake with whatever else is wanted.
    static func handshake(_ path: String, _ more: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: \(sampleKey)\r\nSec-WebSocket-Version: 13\r\n\(more)\r\n"
    }

    /// Opens a WebSocket.
    func open(_ path: String) throws {
        try send(RawClient.handshake(path))
        let response = try response()
        guard response.status == 101 else { throw Failure(description: "the answer was \(response.status)") }
    }

    func send(_ frames: Frame...) throws { try send(frames.flatMap { $0.masked() }) }

    /// The next frame. A server never masks.
    func frame() throws -> Frame {
        let head = try take(2)
        guard head[1] & 0x80 == 0 else { throw Failure(description: "the server's frame is masked") }
        var length = Int(head[1])
        if length > 125 { length = try take(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) } }
        return Frame(head[0], try take(length))
    }
}
