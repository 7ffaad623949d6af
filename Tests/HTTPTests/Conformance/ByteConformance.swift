import Testing

/// Each of the 256 bytes in each place where bytes are judged, against the grammars as the RFCs print them.
@Suite(.served)
struct ByteConformance {
    /// A request with one byte left open.
    struct Place: Sendable, CustomTestStringConvertible {
        let name: String
        let before: String
        let after: String
        /// The status for the byte; nil where it makes another request of it.
        let status: @Sendable (UInt8) -> Int?

        var testDescription: String { name }
    }

    @Test(arguments: places)
    func `every byte`(_ place: Place) throws {
        let server = try #require(ConformanceServer.current)
        for byte in UInt8.min...UInt8.max {
            guard let status = place.status(byte) else { continue }
            let source = server.witness.newClient()
            let socket = try RawClient(server.address, from: source, patience: 10)
            try socket.send(place.before.bytes + [byte] + place.after.bytes)
            #expect(try socket.response().status == status, "\(place.name): \(byte)")
            #expect(server.witness.seen(by: source).isEmpty == (status != 200), "\(place.name): \(byte)")
        }
    }

    private static let alphanumeric = Set(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    /// `tchar`, RFC 9110 section 5.6.2.
    private static let token = alphanumeric.union("!#$%&'*+-.^_`|~".utf8)
    /// `HTAB / SP / VCHAR / obs-text`, RFC 9110 section 5.5.
    private static let text = Set([0x09] + Array(0x20...0x7E) + Array(0x80...0xFF) as [UInt8])
    private static let visible = Set(Array(0x21...0x7E) as [UInt8])

    private static let field = "GET /a HTTP/1.1\r\nHost: h\r\n"
    private static let chunked = "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"

    static let places: [Place] =
        [
            Place(name: "RFC 9110 9.1: a method's first", before: "", after: "GET /a HTTP/1.1\r\nHost: h\r\n\r\n") {
                token.contains($0) ? 501 : 400
            },
            Place(name: "RFC 9112 3.2: in a path", before: "GET /a", after: "b HTTP/1.1\r\nHost: h\r\n\r\n") {
                visible.subtracting("#%".utf8).contains($0) ? 200 : 400
            },
            Place(name: "RFC 9112 3.2: in a query", before: "GET /a?b", after: "c HTTP/1.1\r\nHost: h\r\n\r\n") {
                visible.subtracting("#%".utf8).contains($0) ? 200 : 400
            },
            Place(name: "RFC 9110 7.2: in a host", before: "GET /a HTTP/1.1\r\nHost: h", after: "h\r\n\r\n") {
                alphanumeric.union("-._".utf8).contains($0) ? 200 : 400
            },
            Place(name: "RFC 9110 7.2: in a port", before: "GET /a HTTP/1.1\r\nHost: h:8", after: "0\r\n\r\n") {
                Set("0123456789".utf8).contains($0) ? 200 : 400
            },
            Place(name: "RFC 9110 5.1: in a name", before: field + "A", after: "B: c\r\n\r\n") {
                token.union(":".utf8).contains($0) ? 200 : 400
            },
            Place(name: "RFC 9112 5.1: before the colon", before: field + "A", after: ": c\r\n\r\n") {
                token.union(":".utf8).contains($0) ? 200 : 400
            },
            Place(name: "RFC 9112 5: at a line's beginning", before: field, after: "A: c\r\n\r\n") {
                // A colon there is an empty name.
                token.contains($0) ? 200 : 400
            },
            Place(
                name: "RFC 9110 8.6: behind a length", before: field + "Content-Length: 0", after: "\r\n\r\n123456789"
            ) {
                Set("0123456789 \t".utf8).contains($0) ? 200 : 400
            },
            Place(
                name: "RFC 9112 6.1: behind a coding", before: field + "Transfer-Encoding: chunked",
                after: "\r\n\r\n0\r\n\r\n"
            ) {
                $0 == 0x20 || $0 == 0x09 ? 200 : text.contains($0) ? 501 : 400
            },
            Place(name: "RFC 9112 7.1: behind a chunk's size", before: chunked + "0", after: "\r\n\r\n") {
                // Other digits make another size.
                Set("123456789abcdefABCDEF".utf8).contains($0) ? nil : Set("0;".utf8).contains($0) ? 200 : 400
            },
            Place(name: "RFC 9112 7.1.1: in an extension", before: chunked + "0;a", after: "b\r\n\r\n") {
                text.contains($0) ? 200 : 400
            },
            Place(name: "RFC 9112 7.1: behind a chunk's data", before: chunked + "1\r\nx", after: "\n0\r\n\r\n") {
                $0 == 0x0D ? 200 : 400
            },
            Place(name: "RFC 9112 7.1.2: in a trailer's name", before: chunked + "0\r\nA", after: "B: c\r\n\r\n") {
                token.union(":".utf8).contains($0) ? 200 : 400
            },
            Place(name: "RFC 9112 7.1.2: in a trailer's value", before: chunked + "0\r\nA: b", after: "c\r\n\r\n") {
                text.contains($0) ? 200 : 400
            },
            Place(name: "RFC 9112 2.2: for a line feed", before: "GET /a HTTP/1.1\r", after: "Host: h\r\n\r\n") {
                $0 == 0x0A ? 200 : 400
            },
        ]
        // However many bytes of a value are looked at together.
        + (0..<17).map { offset in
            let (before, after) = (String(repeating: "b", count: offset), String(repeating: "c", count: 17 - offset))
            return Place(
                name: "RFC 9110 5.5: in a value, \(offset) bytes before it", before: field + "A: " + before,
                after: "\(after)\r\n\r\n"
            ) { byte in
                // Only those near the edges of the grammar.
                (0x22...0x7D).contains(byte) || byte > 0x82 && byte < 0xFE ? nil : text.contains(byte) ? 200 : 400
            }
        }
}
