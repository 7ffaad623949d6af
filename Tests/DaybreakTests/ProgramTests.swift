import Foundation
import TestSupport
import Testing

/// The real program, from its start to its end, with simulated instances.
@Suite(.timeLimit(.minutes(3)))
struct `The program` {
    private static let simulated = ["LIBVIRT_URI": "\"simulated\""]

    @Test func `it serves, refuses foreign hosts, and ends when asked to`() async throws {
        let daybreak = try await DaybreakProcess(settings: Self.simulated)
        defer { daybreak.remove() }
        #expect(try await PlainHTTP.send("GET", daybreak.url("/healthz")).text == "ok\n")
        let foreign = try await PlainHTTP.send("GET", daybreak.url("/"), fields: [("Host", "evil.test")])
        #expect(foreign.status == 400)
        // A request is counted once its answer is sent; on another event loop that may be a moment later.
        let counted = #"daybreak_http_requests_total{method="GET",route="/healthz",status="200"} 1"#
        let metrics = try await waitUntil("the request is counted") {
            let metrics = try await PlainHTTP.send("GET", daybreak.url("/metrics"))
            return metrics.text.contains(counted) ? metrics : nil
        }
        #expect(metrics["Content-Type"]?.hasPrefix("application/openmetrics-text") == true)
        #expect(metrics.text.hasSuffix("# EOF\n"))
        daybreak.process.signal(SIGTERM)
        #expect(try await daybreak.process.end() == 0)
        let log = try String(contentsOf: daybreak.state.appending(path: "log/access.log"), encoding: .utf8)
        #expect(log.contains("\"GET /healthz HTTP/1.1\" 200 3 "))
    }

    @Test func `every answer carries what keeps browsers from harm, and faults are told in the words of who asks`()
        async throws
    {
        let daybreak = try await DaybreakProcess(settings: Self.simulated)
        defer { daybreak.remove() }
        let browser = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"), ("Accept-Language", "zh-CN,zh;q=0.9")]
        let answers: [(path: String, fields: [(String, String)], status: Int, type: String)] = [
            ("/dashboard/auth/login/", [], 200, "text/html"), ("/static/css/base.css", [], 200, "text/css"),
            ("/identity/v3", [], 200, "application/json"), ("/healthz", [], 200, "text/plain"),
            ("/metrics", [], 200, "application/openmetrics-text"), ("/", [], 303, ""),
            ("/nowhere", [], 404, "text/plain"),
            ("/nowhere", browser, 404, "text/html"), ("/dashboard/nowhere/", [], 404, "text/html"),
            ("/identity/v9", browser, 404, "application/json"), ("/static/nowhere", [], 404, "text/plain"),
            ("/", [("Host", "evil.test")], 400, "text/plain"),
        ]
        for (path, fields, status, type) in answers {
            let url = try #require(URL(string: path, relativeTo: daybreak.address))
            let answer = try await PlainHTTP.send("GET", url, fields: fields)
            #expect(answer.status == status && (answer["Content-Type"] ?? "").hasPrefix(type), "\(path)")
            let policy = answer["Content-Security-Policy"] ?? ""
            #expect(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "\(path)")
            #expect(!policy.contains("unsafe"))
            #expect(
                answer["X-Content-Type-Options"] == "nosniff" && answer["Referrer-Policy"] == "same-origin", "\(path)")
        }
        let lost = try await PlainHTTP.send("GET", daybreak.url("/nowhere"), fields: browser)
        #expect(lost.text.contains("<html lang=\"zh-Hans\""))
        let unknown = try await PlainHTTP.send("GET", daybreak.url("/identity/v9"))
        #expect(unknown.text.contains("\"code\":404") && unknown["X-Openstack-Request-Id"]?.hasPrefix("req-") == true)
        let wrong = try await PlainHTTP.send("PUT", daybreak.url("/identity/v3/auth/tokens"))
        #expect(wrong.status == 405 && wrong.text.contains("\"code\":405") && wrong["Allow"]?.contains("POST") == true)
    }

    @Test func `pages and files go compressed to browsers, and as they are to others`() async throws {
        let daybreak = try await DaybreakProcess(settings: Self.simulated)
        defer { daybreak.remove() }
        for path in ["/dashboard/auth/login/", "/static/css/base.css"] {
            let plain = try await PlainHTTP.send("GET", daybreak.url(path))
            let coded = try await PlainHTTP.send("GET", daybreak.url(path), fields: [("Accept-Encoding", "gzip, br")])
            #expect(plain["Content-Encoding"] == nil && coded["Content-Encoding"] == "gzip", "\(path)")
            #expect(plain["Vary"] == "Accept-Encoding" && coded["Vary"] == "Accept-Encoding", "\(path)")
            #expect(
                coded.content.starts(with: [0x1F, 0x8B]) && coded.content.count < plain.content.count / 2, "\(path)")
        }
    }

    @Test func `whoever is logged in stays so over a restart`() async throws {
        let first = try await DaybreakProcess(settings: Self.simulated)
        defer { first.remove() }
        let client = WebClient(first.address)
        let home = try await client.logIn()
        #expect(home.status == 200 && !home.url.path.contains("login"), "\(home.url)")
        try await first.stop()
        let second = try await DaybreakProcess(in: first.folder)
        defer { second.process.signal(SIGKILL) }
        let again = try await client.moved(to: second.address).get("/dashboard/")
        #expect(again.status == 200 && !again.url.path.contains("login"), "\(again.url)")
    }

    @Test func `a second program on the same state is refused and told why`() async throws {
        let first = try await DaybreakProcess(settings: Self.simulated)
        defer { first.remove() }
        let settings = first.folder.appending(path: "local_settings.json").path
        let second = try ChildProcess(DaybreakProcess.executable, ["serve", "--settings", settings])
        #expect(try await second.end() == 1)
        #expect(second.output.contains("another daybreak (process \(first.process.id)) is at work here"))
    }

    @Test func `settings that cannot be used stop the start with status 78`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "bad-\(UUID().uuidString).json")
        try "{\"LISTNE\": []}".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = try ChildProcess(DaybreakProcess.executable, ["serve", "--settings", file.path])
        #expect(try await process.end() == 78)
        #expect(process.output.contains("\(file.path):1: LISTNE is not a setting"))
        #expect(process.output.contains("Did you mean LISTEN?"))
    }

    @Test func `a port that is taken stops the start and is named`() async throws {
        let first = try await DaybreakProcess(settings: Self.simulated)
        defer { first.remove() }
        let port = first.address.port ?? 0
        let file = first.folder.appending(path: "second.json")
        try "{\"LISTEN\": [\"127.0.0.1:\(port)\"], \"STATE_PATH\": \"var2\", \"LIBVIRT_URI\": \"simulated\"}"
            .write(to: file, atomically: true, encoding: .utf8)
        let second = try ChildProcess(DaybreakProcess.executable, ["serve", "--settings", file.path])
        #expect(try await second.end() == 1)
        #expect(second.output.contains("cannot start") && second.output.contains("\(port)"), "\(second.output)")
    }

    @Test func `without memcached the login page says so, and it works again when memcached is back`() async throws {
        let daybreak = try await DaybreakProcess(settings: Self.simulated)
        defer { daybreak.remove() }
        let pidFile = daybreak.state.appending(path: "memcached/memcached.pid")
        let text = try String(contentsOf: pidFile, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        let memcached = try #require(Int32(text))
        // Stopped, not ended: it hangs, and nobody starts another in its place before that is noticed.
        kill(memcached, SIGSTOP)
        let client = WebClient(daybreak.address)
        let refused = try await client.logIn()
        #expect(refused.url.path.contains("login") && refused.status == 503, "\(refused.status) \(refused.text)")
        #expect(!refused.text.isEmpty)
        kill(memcached, SIGKILL)
        let page = try await waitUntil("people can log in again", seconds: 30) {
            let page = try await client.logIn()
            return page.url.path.contains("login") ? nil : page
        }
        #expect(page.status == 200)
    }
}
