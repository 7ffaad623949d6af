@testable import HTTP

/// What a parser said, in a form that does not depend on how its input was cut.
func trace(_ bytes: [UInt8], cuts: [Int], limits: Limits = Limits()) -> [String] {
    var parser = RequestParser(limits: limits)
    var log: [String] = []
    var content: [UInt8] = []
    do throws(RequestError) {
        let left = try cutByCut(bytes, cuts) { (rest) throws(RequestError) in
            try rest.withUnsafeBufferPointer { (rest) throws(RequestError) -> (Int, Wish) in
                let (consumed, event) = try parser.next(rest)
                switch event {
                case .head(let head): log.append(describe(head))
                case .content(let range): content += rest[range]
                case .end:
                    log.append("content \(String(decoding: content, as: UTF8.self)) end")
                    content = []
                case nil: break
                }
                return (consumed, event == nil && consumed == 0 ? .bytes : .step)
            }
        }
        return log + ["content so far \(content.count)", "left \(left)"]
    } catch {
        return log + ["content so far \(content.count)", "\(error.status.code) \(error.reason)"]
    }
}

private func describe(_ head: RequestHead) -> String {
    let fields = head.fields.all.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
    return "\(head.method.rawValue) \(head.path) \(head.rawQuery ?? "-") 1.\(head.minorVersion) "
        + "\(head.host) \(head.framing) \(head.keepsAlive) \(head.expectsContinue) [\(fields)]"
}

/// Numbers that are the same in every run.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

let sampleMessages: [String] = [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "\r\nGET /a%20b?x=1&y=%41 HTTP/1.1\r\nHost: example.org:8000\r\nAccept:  text/html \t\r\nX-Empty:\r\n\r\n",
    "POST /f HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /2 HTTP/1.0\r\n\r\n",
    "POST /f HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3;a=\"b\"\r\nabc\r\n0A\r\n0123456789\r\n0\r\nT: v\r\n\r\n"
        + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET http://other.example/p?q HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
    "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\n folded: 1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcdeXX",
]
