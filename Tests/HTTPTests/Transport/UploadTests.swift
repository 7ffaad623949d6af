import Glibc
import TestSupport
import Testing

@testable import HTTP

struct UploadTests {
    private static func multipart(_ parts: [(header: String, content: [UInt8])]) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in parts {
            bytes += Array("--boundary\r\nContent-Disposition: form-data; \(part.header)\r\n\r\n".utf8)
            bytes += part.content
            bytes += Array("\r\n".utf8)
        }
        return bytes + Array("--boundary--\r\n".utf8)
    }

    private func post(_ length: Int) -> String {
        "POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=boundary\r\n"
            + "Content-Length: \(length)\r\n\r\n"
    }

    @Test func `files and fields arrive whole`() async throws {
        let image = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let body = UploadTests.multipart([
            ("name=\"name\"", Array("Debian ü".utf8)),
            ("name=\"image\"; filename=\"disk.qcow2\"\r\nContent-Type: application/x-qemu", image),
            ("name=\"small\"; filename=\"s\"", [1, 2, 3]),
        ])
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            for _ in 0..<2 {
                try client.send(post(body.count))
                try client.send(body)
                let sum = image.reduce(0) { $0 &+ Int($1) }
                #expect(
                    try client.response().text
                        == "name=Debian ü\nimage:disk.qcow2:application/x-qemu:3000000:\(sum)\nsmall:s:text/plain:3:6")
            }
        }
    }

    @Test func `temporary files are gone when the request is, and when the client leaves`() async throws {
        let folder = try TemporaryDirectory()
        let directory = folder.path
        let left = Latch()
        try await withServer(
            testRouter(),
            configure: {
                $0.temporaryDirectory = directory
                $0.observers = [RequestCallback { if !$0.isComplete { left.open() } }]
            }
        ) { address, server in
            let body = UploadTests.multipart([("name=\"f\"; filename=\"f\"", [UInt8](repeating: 1, count: 1_000_000))])
            do {
                let leaving = try RawClient(address)
                try leaving.send(post(body.count))
                try leaving.send(Array(body[..<500_000]))
                while UploadTests.entries(directory) == 0 { try await Task.sleep(for: .milliseconds(5)) }
            }
            await left.wait()
            let client = try RawClient(address)
            try client.send(post(body.count))
            try client.send(body)
            #expect(try client.response().status == 200)
            await server.stop(grace: .seconds(5))
            #expect(UploadTests.entries(directory) == 0)
        }
    }

    @Test func `a file beyond the limit is refused before it is all sent`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send(post(100 << 20))
            let response = try client.response()
            #expect(response.status == 413)
            #expect(response["connection"] == "close")
        }
    }

    @Test func `a file the disk has no room for is refused before it is sent, a small form is not`() async throws {
        try await withServer(testRouter(), configure: { $0.limits.freeDiskSpace = .max }) { address, _ in
            let client = try RawClient(address)
            let head = post(200_000).dropLast() + "Expect: 100-continue\r\n\r\n"
            try client.send(String(head))
            let response = try client.response()
            #expect(response.status == 507)
            #expect(response["connection"] == "close")
            let other = try RawClient(address)
            let form = UploadTests.multipart([("name=\"a\"", [0x62])])
            try other.send(post(form.count))
            try other.send(form)
            #expect(try other.response().text == "a=b")
        }
    }

    @Test func `a malformed form is 400 and another type 415, and the connection lives`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send(post(9))
            try client.send("--wrong--")
            #expect(try client.response().status == 400)
            let head = "POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Type: "
            try client.send(head + "application/json\r\n\r\n{}")
            #expect(try client.response().status == 415)
            try client.send(head + "application/x-www-form-urlencoded\r\n\r\n%4")
            #expect(try client.response().status == 400)
            try client.send(head + "application/x-www-form-urlencoded; charset=utf-8\r\n\r\na=")
            #expect(try client.response().text == "a=")
        }
    }

    private static func entries(_ directory: String) -> Int {
        guard let stream = opendir(directory) else { return -1 }
        defer { closedir(stream) }
        var count = 0
        while readdir(stream) != nil { count += 1 }
        return count - 2
    }
}
