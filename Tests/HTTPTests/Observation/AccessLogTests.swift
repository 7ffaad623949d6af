import Foundation
import Testing

@testable import HTTP

@Suite struct `The access log` {
    /// Sends these bytes to a server that writes a log, and gives the log once the server has stopped.
    private func log(of requests: [String]) async throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "access-\(UUID().uuidString).log").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let log = try AccessLog(path: path)
        try await withServer(testRouter(), configure: { $0.observers = [log] }) { address, _ in
            for request in requests {
                let client = try RawClient(address)
                try client.send(request)
                _ = try client.response()
            }
        }
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test func `a line has what the combined format has, the time taken and the request's id`() async throws {
        let line = try await log(of: [
            "GET /hello?a=b HTTP/1.1\r\nHost: x\r\nUser-Agent: test/1.0\r\nReferer: http://x/from\r\n\r\n"
        ])
        let pattern =
            #/
            127\.0\.0\.1\ -\ -\ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d\ \+0000\]\ "GET\ \/hello\?a=b\ HTTP\/1\.1"\ 200\ 5
            \ "http:\/\/x\/from"\ "test\/1\.0"\ \d+\.\d{3}ms
            \ req-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n
            /#
        #expect(line.wholeMatch(of: pattern) != nil, "\(line)")
    }

    @Test func `what a client sends can end neither the quotes nor the line`() async throws {
        let lines = try await log(of: [
            "GET /hello?\" HTTP/1.1\r\nHost: x\r\nUser-Agent: a\" 200 \\ \u{85}\t\u{2028}ü\r\n\r\n"
        ])
        #expect(lines.contains(#""GET /hello?\x22 HTTP/1.1" 200"#))
        #expect(lines.contains(#""a\x22 200 \x5c \xc2\x85\x09\xe2\x80\xa8\xc3\xbc""#))
        #expect(lines.filter { $0 == "\n" }.count == 1)
    }

    @Test func `only what could do harm is spelled out, wherever it stands`() async throws {
        let printable = (0x21...0x7E).map { String(UnicodeScalar(UInt8($0))) }.joined()
        let shifted = (0..<8).map { String(repeating: "-", count: $0) + printable }
        let lines = try await log(of: shifted.map { "GET /hello HTTP/1.1\r\nHost: x\r\nUser-Agent: \($0)\r\n\r\n" })
        let expected = shifted.map {
            $0.replacing("\\", with: #"\x5c"#).replacing("\"", with: #"\x22"#)
        }
        for text in expected { #expect(lines.contains(" \"-\" \"\(text)\" ")) }
    }

    @Test func `a token in an address is left out`() async throws {
        let lines = try await log(of: [
            "GET /hello?token=secret&a=b&token=secret HTTP/1.1\r\nHost: x\r\nReferer: http://x/?b&token=secret\r\n\r\n",
            "GET /hello?mytoken=kept&token= HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /hello?token HTTP/1.1\r\nHost: x\r\n\r\n",
        ])
        #expect(lines.contains("\"GET /hello?token=-&a=b&token=- HTTP/1.1\""))
        #expect(lines.contains(" \"http://x/?b&token=-\""))
        #expect(lines.contains("\"GET /hello?mytoken=kept&token=- HTTP/1.1\""))
        #expect(lines.contains("\"GET /hello?token HTTP/1.1\""))
        #expect(!lines.contains("secret"))
    }

    @Test func `bytes that never became a request have a line too`() async throws {
        let lines = try await log(of: ["\u{16}\u{3}\u{1}", "GET / HTTP/1.0\r\nA : b\r\n\r\n"])
        #expect(lines.split(separator: "\n").map { $0.contains("\"-\" 400 0 \"-\" \"-\" 0.000ms") } == [true, true])
    }

    @Test func `a log that has grown too large is put aside at the start`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "access-\(UUID().uuidString).log").path
        defer { for end in ["", ".1"] { try? FileManager.default.removeItem(atPath: path + end) } }
        try "old\n".write(toFile: path, atomically: true, encoding: .utf8)
        _ = try AccessLog(path: path, limit: 4)
        #expect(!FileManager.default.fileExists(atPath: path + ".1"))
        _ = try AccessLog(path: path, limit: 3)
        #expect(try String(contentsOfFile: path + ".1", encoding: .utf8) == "old\n")
        #expect(try String(contentsOfFile: path, encoding: .utf8).isEmpty)
    }

    @Test func `a request's id is written as a random UUID`() {
        struct Fixed: RandomNumberGenerator {
            var values: [UInt64] = [0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210]
            mutating func next() -> UInt64 { values.removeFirst() }
        }
        var generator = Fixed()
        #expect(RequestID(using: &generator).description == "req-01234567-89ab-4def-bedc-ba9876543210")
    }
}
