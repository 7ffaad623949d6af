import Testing

@testable import HTTP

/// Twenty bytes, in memory and in a file: the same must come of both.
let resourceText = "0123456789abcdefghij"
/// When they were last changed.
let resourceDate = 784_111_777

private func rangeRoutes(_ router: inout Router, _ witness: ConformanceServer.Witness) throws {
    let bytes = Array(resourceText.utf8)
    let file = try TemporaryFile(in: "/tmp")
    try file.write(bytes.span)
    let tag = EntityTag("v1")
    let inMemory = Representation(bytes, contentType: "text/plain", etag: tag, lastModified: resourceDate)
    let onDisk = Representation(
        try FileRegion(path: file.path), contentType: "text/plain", etag: tag, lastModified: resourceDate)
    let weak = Representation(bytes, contentType: "text/plain", etag: EntityTag("v1", isWeak: true))
    let empty = Representation([], contentType: "text/plain", etag: tag)
    router.on(.get, "/r", .none, .loop { try inMemory.response(to: $0) })
    router.on(.post, "/r", .none, .loop { try inMemory.response(to: $0) })
    router.on(.get, "/file", .none, .worker { try onDisk.response(to: $0) })
    router.on(.get, "/weak", .none, .loop { try weak.response(to: $0) })
    router.on(.get, "/empty", .none, .loop { try empty.response(to: $0) })
}

@Suite(.served(routes: rangeRoutes))
struct RangeConformance {
    @Test(arguments: single + many + unsatisfiable + conditional)
    func `ranges`(_ conversation: Conversation) throws { try conversation.hold() }

    private static let whole = Answer(200, ["Accept-Ranges: bytes", "!Content-Range"], content: resourceText)

    private static func part(_ range: ClosedRange<Int>, of text: String = resourceText) -> Answer {
        let content = text.utf8.dropFirst(range.lowerBound).prefix(range.count)
        return Answer(
            206,
            [
                "Content-Range: bytes \(range.lowerBound)-\(range.upperBound)/\(text.utf8.count)",
                "Content-Length: \(range.count)", "Content-Type: text/plain", "ETag: \"v1\"",
            ], content: String(Substring(content)))
    }

    private static let refused = Answer(416, ["Content-Range: bytes */20", "ETag: \"v1\""])

    /// Several parts: the boundary is read as B.
    private static func parts(_ ranges: ClosedRange<Int>...) -> Answer {
        let content = ranges.map { range in
            let bytes = Substring(resourceText.utf8.dropFirst(range.lowerBound).prefix(range.count))
            let position = "bytes \(range.lowerBound)-\(range.upperBound)/20"
            return "--B\r\nContent-Type: text/plain\r\nContent-Range: \(position)\r\n\r\n\(bytes)\r\n"
        }
        return Answer(
            206, ["Content-Type: multipart/byteranges; boundary=B", "!Content-Range", "ETag: \"v1\""],
            content: content.joined() + "--B--\r\n")
    }

    private static func ask(_ name: String, _ range: String, _ answer: Answer, of path: String = "/r") -> Conversation {
        Conversation("RFC 9110 \(name)", get(path, "Range: \(range)"), [answer])
    }

    static let single: [Conversation] = [
        Conversation("RFC 9110 14.3: ranges are offered", get("/r"), [whole]),
        ask("14.1.2: first and last", "bytes=2-5", part(2...5)),
        ask("14.1.2: the first byte", "bytes=0-0", part(0...0)),
        ask("14.1.2: the last byte", "bytes=19-19", part(19...19)),
        ask("14.1.2: from a byte to the end", "bytes=15-", part(15...19)),
        ask("14.1.2: everything, as a range", "bytes=0-", part(0...19)),
        ask("14.1.2: the last bytes", "bytes=-3", part(17...19)),
        ask("14.1.2: more last bytes than there are", "bytes=-99", part(0...19)),
        ask("14.1.2: a last byte behind the end", "bytes=18-99", part(18...19)),
        ask("14.1.2: a last byte that no integer holds", "bytes=18-99999999999999999999", part(18...19)),
        ask("14.1.2: a suffix that no integer holds", "bytes=-99999999999999999999", part(0...19)),
        ask("14.1: units have no case", "Bytes=2-5", part(2...5)),
        ask("14.1.1: blanks and empty elements in the list", "bytes=, 2-5 ,,", part(2...5)),
        ask("14.2: a part of a file", "bytes=2-5", part(2...5), of: "/file"),
        ask("14.2: the end of a file", "bytes=-3", part(17...19), of: "/file"),
        ask("14.1.2: the last byte before the first is ignored", "bytes=5-2", whole),
        ask("14.1.1: no digits are ignored", "bytes=-", whole),
        ask("14.1.1: letters are ignored", "bytes=a-b", whole),
        ask("14.1.1: signs are ignored", "bytes=+2-5", whole),
        ask("14.1.1: hexadecimal digits are ignored", "bytes=0x2-5", whole),
        ask("14.1.1: a blank inside is ignored", "bytes=2 - 5", whole),
        ask("14.1.1: two dashes are ignored", "bytes=2-5-7", whole),
        ask("14.1.1: a negative first byte is ignored", "bytes=-2-5", whole),
        ask("14.1.1: an empty list is ignored", "bytes=", whole),
        ask("14.1.1: a list of commas is ignored", "bytes=,,,", whole),
        ask("14.1: another unit is ignored", "lines=2-5", whole),
        ask("14.1: no unit is ignored", "2-5", whole),
        ask("14.1.1: one malformed element spoils the list", "bytes=2-5,x", whole),
        Conversation(
            "RFC 9110 14.2: two fields are ignored", get("/r", "Range: bytes=2-5", "Range: bytes=7-8"), [whole]),
        Conversation("RFC 9110 14.2: a range is for GET, not for POST", post("Range: bytes=2-5", to: "/r"), [whole]),
        Conversation(
            "RFC 9110 14.2: a range is for GET, not for HEAD", get("/r", "Range: bytes=2-5", method: "HEAD"),
            [.head(200, ["Content-Length: 20", "!Content-Range"])]),
    ]

    static let many: [Conversation] = [
        ask("14.6: two parts", "bytes=0-1,5-6", parts(0...1, 5...6)),
        ask("14.6: two parts of a file", "bytes=0-1,5-6", parts(0...1, 5...6), of: "/file"),
        ask("14.6: every form of a range", "bytes=1-2, 18-, -1", parts(1...2, 18...19)),
        ask("15.3.7.2: in the order asked for", "bytes=15-,2-3,8-9", parts(15...19, 2...3, 8...9)),
        ask("15.3.7.2: what overlaps becomes one", "bytes=2-6,12-13,5-8", parts(2...8, 12...13)),
        ask("15.3.7.2: what touches becomes one", "bytes=0-4,12-13,5-6", parts(0...6, 12...13)),
        ask("15.3.7.2: one that closes a gap", "bytes=0-2,6-8,12-13,3-5", parts(0...8, 12...13)),
        ask("15.3.7.2: when one is left there is one part", "bytes=0-4,3-9", part(0...9)),
        ask("15.3.7.2: the same twice is one part", "bytes=2-5,2-5", part(2...5)),
        ask("15.3.7.2: what does not exist is left out", "bytes=2-5,30-40", part(2...5)),
        ask("15.3.7.2: two of three exist", "bytes=30-,2-5,10-11", parts(2...5, 10...11)),
        ask("14.2: more than two that overlap are an attack", "bytes=0-,0-,0-", refused),
        ask("14.2: more than two that overlap, among others", "bytes=0-3,2-5,4-7,10-11", refused),
        ask(
            "14.2: more parts than anybody needs", "bytes=" + Array(repeating: "0-0", count: 33).joined(separator: ","),
            refused),
        ask(
            "14.2: ten thousand parts", "bytes=" + Array(repeating: "1-", count: 10_000).joined(separator: ","), refused
        ),
        ask(
            "14.2: as many parts as are allowed",
            "bytes=2-3," + Array(repeating: "99-", count: 31).joined(separator: ","), part(2...3)),
    ]

    static let unsatisfiable: [Conversation] = [
        ask("15.5.17: behind the end", "bytes=20-", refused),
        ask("15.5.17: far behind the end", "bytes=99999999999999999999-", refused),
        ask("15.5.17: all behind the end", "bytes=20-21,30-", refused),
        ask("14.1.2: no last bytes", "bytes=-0", refused),
        ask("15.5.17: behind the end of a file", "bytes=20-", refused, of: "/file"),
        ask("14.1.2: the first byte of nothing", "bytes=0-", Answer(416, ["Content-Range: bytes */0"]), of: "/empty"),
        ask("14.1.2: the last bytes of nothing", "bytes=-5", Answer(200, content: ""), of: "/empty"),
    ]

    private static func ifRange(_ name: String, _ conditions: String..., gives answer: Answer, of path: String = "/r")
        -> Conversation
    {
        let fields = (["Range: bytes=2-5"] + conditions).joined(separator: "\r\n")
        return Conversation("RFC 9110 \(name)", get(path, fields), [answer])
    }

    static let conditional: [Conversation] = [
        ifRange("13.1.5: the tag it has", "If-Range: \"v1\"", gives: part(2...5)),
        ifRange("13.1.5: another tag", "If-Range: \"v0\"", gives: whole),
        ifRange("13.1.5: the comparison is strong", "If-Range: W/\"v1\"", gives: whole),
        ifRange("13.1.5: a weak tag names no bytes", "If-Range: W/\"v1\"", gives: whole, of: "/weak"),
        ifRange("13.1.5: a date names no bytes", "If-Range: Sun, 06 Nov 1994 08:49:37 GMT", gives: whole),
        ifRange("13.1.5: no list", "If-Range: \"v1\", \"v0\"", gives: whole),
        ifRange("13.1.5: no asterisk", "If-Range: *", gives: whole),
        ifRange("13.1.5: a tag without quotes", "If-Range: v1", gives: whole),
        ifRange("13.1.5: two fields", "If-Range: \"v1\"", "If-Range: \"v0\"", gives: whole),
        ifRange("13.2.2: what the client has goes before ranges", "If-None-Match: \"v1\"", gives: 304),
        ifRange("13.2.2: what has changed goes before ranges", "If-Match: \"v0\"", gives: 412),
        ifRange("13.2.2: a condition that holds leaves the range", "If-Match: \"v1\"", gives: part(2...5)),
        Conversation("RFC 9110 13.1.5: without a range it means nothing", get("/r", "If-Range: \"v0\""), [whole]),
        Conversation(
            "RFC 9110 13.1.5: another tag and a range that does not exist",
            get("/r", "Range: bytes=99-", "If-Range: \"v0\""), [whole]),
    ]
}
