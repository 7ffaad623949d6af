import Testing

@testable import HTTP

struct ResponseEncoderTests {
    private func head(
        _ response: Response, _ framing: ResponseEncoder.Framing, keepsAlive: Bool = true, defaults: Fields = Fields()
    ) -> String {
        let output = OutputBuffer()
        let standardFields = StandardFields(defaults: defaults)
        standardFields.refresh(dateAndServer: "Date: now\r\n")
        let context = ResponseEncoder.Context(
            standardFields: standardFields, framing: framing, keepsAlive: keepsAlive, minorVersion: 1)
        ResponseEncoder.appendHead(response, context, to: output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    @Test func `a head is written in order`() {
        var response = Response(status: .created)
        response.fields.add("B", "1")
        response.fields.add("A", "2")
        #expect(
            head(response, .length(1_234_567_890))
                == "HTTP/1.1 201 Created\r\nDate: now\r\nB: 1\r\nA: 2\r\nContent-Length: 1234567890\r\n\r\n")
        #expect(head(Response(), .length(0)) == "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 0\r\n\r\n")
        #expect(head(Response(status: 599), .none).hasPrefix("HTTP/1.1 599 \r\n"))
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 2048, 999_999, 1_000_000, .max - 1, .max] as [Int64])
    func `a number is written in decimal digits behind what is there`(number: Int64) {
        let output = OutputBuffer(capacity: 1)
        for _ in 0..<3 {
            output.append(decimal: number)
            output.append(",")
        }
        #expect(String(decoding: output.bytes, as: UTF8.self) == String(repeating: "\(number),", count: 3))
    }

    @Test func `a handler's word on framing is not sent`() {
        var response = Response()
        response.fields.add("content-length", "7")
        response.fields.add("TRANSFER-ENCODING", "gzip")
        response.fields.add("Connection", "upgrade")
        response.fields.add("Date", "never")
        #expect(
            head(response, .chunked, keepsAlive: false)
                == "HTTP/1.1 200 OK\r\nDate: now\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
    }

    @Test func `default fields are in every response, but never beside a response's own`() {
        var defaults = Fields()
        defaults.add("X-Frame-Options", "DENY")
        defaults.add("Referrer-Policy", "same-origin")
        var response = Response()
        // As long a name as two of the defaults have, but another.
        response.fields.add("X-Like-A-Refrer", "1")
        #expect(
            head(response, .none, defaults: defaults)
                == "HTTP/1.1 200 OK\r\nDate: now\r\nX-Frame-Options: DENY\r\nReferrer-Policy: same-origin\r\n"
                + "X-Like-A-Refrer: 1\r\n\r\n")
        response.fields.add("x-frame-options", "SAMEORIGIN")
        #expect(
            head(response, .none, defaults: defaults)
                == "HTTP/1.1 200 OK\r\nDate: now\r\nReferrer-Policy: same-origin\r\nX-Like-A-Refrer: 1\r\n"
                + "x-frame-options: SAMEORIGIN\r\n\r\n")
    }

    @Test func `the fields that are sent by default hold no word a policy should not have`() {
        let policy = Fields.secure["Content-Security-Policy"] ?? ""
        #expect(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe") && !policy.contains("data:") && !policy.contains("*"))
        #expect(Fields.secure.fault == nil)
    }

    @Test func `an empty chunk is not written, since it would end the content`() {
        let output = OutputBuffer()
        ResponseEncoder.appendChunk([], to: output)
        #expect(output.isEmpty)
        ResponseEncoder.appendChunk([UInt8](repeating: 65, count: 26), to: output)
        #expect(String(decoding: output.bytes, as: UTF8.self).hasPrefix("1a\r\nAAAA"))
    }

    @Test func `dates are written in one form and read in three (RFC 9110, 5.6.7)`() {
        #expect(HTTPDate.text(seconds: 784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        ] { #expect(HTTPDate.seconds(text) == 784_111_777) }
        // Fifty years ahead is still this century, a second more is not.
        let edge = "Sunday, 06-Nov-44 08:49:37 GMT"
        #expect(HTTPDate.seconds(edge, now: 784_111_777) == 2_362_034_977)
        #expect(HTTPDate.seconds(edge, now: 784_111_776) == -793_725_023)
    }
}
