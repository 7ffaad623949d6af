import Foundation
import Testing

@testable import HTTP

/// Real shortage of descriptors: they are all taken, up to a limit set low for the time.
struct ShortageTests {
    /// Takes every descriptor there is.
    private final class Shortage {
        private var old = rlimit()
        private var taken: [Int32] = []

        init() async throws {
            // The runtime's own descriptors, which it opens when it sleeps for the first time, are not to be missing.
            try await Task.sleep(for: .milliseconds(1))
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &old)
            // Above the highest in use: one that is closed further up than the limit could not be had again.
            let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap(Int.init)
            let highest = descriptors.max() ?? 0
            var low = rlimit(rlim_cur: rlim_t(highest) + 8, rlim_max: old.rlim_max)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &low)
            fill()
        }

        func fill() {
            while true {
                let descriptor = dup(0)
                guard descriptor >= 0 else { return }
                taken.append(descriptor)
            }
        }

        /// Gives one back for the time of a call, which takes it.
        func lending<Value>(_ body: () throws -> Value) rethrows -> Value {
            if let last = taken.popLast() { close(last) }
            return try body()
        }

        func end() {
            for descriptor in taken { close(descriptor) }
            taken = []
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &old)
        }

        deinit { end() }
    }

    private let hello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test func `accepting pauses without descriptors, goes on with them, and the log says both once`() async throws {
        var router = testRouter()
        let gate = Gate(on: &router)
        defer { gate.open() }
        let log = RecordedLog()
        try await withServer(router, log: log) { address, _ in
            let busy = try RawClient(address)
            try busy.send("GET /gate HTTP/1.1\r\nHost: x\r\n\r\n")
            await gate.entered.wait()
            let shortage = try await Shortage()
            defer { shortage.end() }
            let waiting = try shortage.lending { try RawClient(address) }
            try waiting.send(hello)
            try await waitUntil { log.lines(with: "accepting pauses").count == 1 }
            #expect(log.lines(with: "accepting pauses")[0].contains("Too many open files"))
            gate.open()
            #expect(try busy.response().text == "finished")
            shortage.end()
            // Nobody was lost.
            #expect(try waiting.response().text == "hello")
            try await waitUntil { log.lines(with: "accepting goes on").count == 1 }
            #expect(log.lines(with: "accepting pauses").count == 1)
        }
    }

    @Test func `an idle connection gives its descriptor to a newcomer`() async throws {
        try await withServer(testRouter()) { address, _ in
            let idle = try RawClient(address)
            try idle.send(hello)
            #expect(try idle.response().status == 200)
            let shortage = try await Shortage()
            defer { shortage.end() }
            let newcomer = try shortage.lending { try RawClient(address) }
            try newcomer.send(hello)
            #expect(try newcomer.response().text == "hello")
            #expect(try idle.isClosed())
        }
    }

    @Test func `files and uploads without descriptors get 503, and work again afterwards`() async throws {
        let folder = try StaticFolder()
        var router = testRouter()
        try StaticFiles(directory: folder.path, prefix: "/static/").register(on: &router)
        let large = "GET /static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n"
        let upload = multipart(String(repeating: "y", count: 200_000))
        try await withServer(router) { address, _ in
            let client = try RawClient(address)
            try client.send(large)
            #expect(try client.response().content.count == StaticFolder.large.count)
            // The file of that response is closed once the loop has forgotten it.
            try client.send(hello)
            #expect(try client.response().status == 200)
            let shortage = try await Shortage()
            defer { shortage.end() }
            try client.send(large)
            let refusal = try client.response()
            #expect(refusal.status == 503)
            #expect(refusal["retry-after"] == "1")
            try client.send(upload)
            #expect(try client.response().status == 503)
            shortage.end()
            let other = try RawClient(address)
            try other.send(large)
            #expect(try other.response().status == 200)
            try other.send(upload)
            #expect(try other.response().text.contains("f:a.txt:text/plain:200000"))
        }
    }

    private func multipart(_ content: String) -> String {
        let body =
            "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n"
            + content + "\r\n--b--\r\n"
        return "POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
    }
}

struct IncidentTests {
    private struct Leak: Error {}

    @Test func `a handler that throws gives 500 with the incident that the log explains, and the connection lives`()
        async throws
    {
        var router = testRouter()
        router.on(.get, "/loop", .none, .loop { _ in throw Leak() })
        router.on(.get, "/pool", .none, .worker { _ in throw Leak() })
        router.on(.get, "/task", .none, .async { _ in throw Leak() })
        let log = RecordedLog()
        try await withServer(router, log: log) { address, _ in
            let client = try RawClient(address)
            for path in ["/loop", "/pool", "/task"] {
                try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                let response = try client.response()
                #expect(response.status == 500)
                #expect(!response.text.contains("Leak"))
                let incident = try #require(
                    response.text.firstRange(of: #/req-[0-9a-f-]{36}/#).map { response.text[$0] })
                let lines = log.lines(with: String(incident))
                #expect(lines.count == 1)
                #expect(lines.first?.contains("cause=Leak()") == true)
                #expect(lines.first?.contains("route=\(path)") == true)
            }
        }
    }

    @Test func `a client that leaves its task is no incident`() async throws {
        let entered = Latch()
        let left = Latch()
        var router = testRouter()
        router.on(
            .get, "/forever", .none,
            .async { _ in
                entered.open()
                defer { left.open() }
                try await Task.sleep(for: .seconds(3600))
                return .text("never seen")
            })
        let log = RecordedLog()
        try await withServer(router, log: log) { address, _ in
            do {
                let client = try RawClient(address)
                try client.send("GET /forever HTTP/1.1\r\nHost: x\r\n\r\n")
                await entered.wait()
            }
            await left.wait()
            // The answer nobody gets has been made by the time the same loop serves somebody else.
            let other = try RawClient(address)
            try other.send("GET /async HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try other.response().status == 200)
            #expect(log.lines(with: "").isEmpty)
        }
    }
}
