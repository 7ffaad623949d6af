import Logging

@testable import HTTP

/// Runs a server on a free port of the loopback for as long as `body` takes.
func withServer(
    _ router: Router, configure: (inout ServerConfiguration) -> Void = { _ in }, log: any LogHandler = SilentLog(),
    _ body: (String, Server) async throws -> Void
) async throws {
    var configuration = ServerConfiguration(addresses: ["127.0.0.1:0"])
    configuration.loops = 1
    configuration.workers = 4
    configuration.timeouts.lastCall = .milliseconds(50)
    configure(&configuration)
    let server = Server(
        router: router, configuration: configuration, logger: Logger(label: "test") { _ in log })
    let address = try server.start()[0]
    do {
        try await body(address, server)
    } catch {
        await server.stop(grace: .zero)
        throw error
    }
    await server.stop(grace: .zero)
}

struct SilentLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .critical
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {}
}

/// Keeps what is logged, as `level message key=value…`.
struct RecordedLog: LogHandler {
    private let all = Lock<[String]>([])
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        all.withLock { $0.append("\(event.level) \(event.message)\(values)") }
    }

    /// The lines that hold a text.
    func lines(with text: String) -> [String] { all.withLock { lines in lines.filter { $0.contains(text) } } }
}

/// Lets others work until something is true.
func waitUntil(_ condition: () throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try !condition() {
        guard ContinuousClock.now < deadline else { throw RawClient.Failure(description: "it never became true") }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// A route, `/gate`, whose handler holds a worker until it is let go.
struct Gate: Sendable {
    /// Open once a request has reached the handler.
    let entered = Latch()
    private let latch = Latch()

    init(on router: inout Router) {
        router.on(
            .get, "/gate", .none,
            .worker { [entered, latch] _ in
                entered.open()
                latch.waitBlocking()
                return .text("finished")
            })
    }

    /// Lets the handler answer "finished".
    func open() { latch.open() }
}

/// The routes most tests talk to.
func testRouter() -> Router {
    var router = Router()
    router.on(.get, "/hello", .none, .loop { _ in .text("hello") })
    router.on(.get, "/worker", .none, .worker { .text("worker \($0.query["q"] ?? "")") })
    router.on(.get, "/async", .none, .async { .text("async \($0.path)") })
    router.on(.get, "/throws", .none, .worker { _ in throw CancellationError() })
    router.on(.post, "/echo", .collected(limit: 1 << 20), .worker { .init(body: .bytes($0.content)) })
    router.on(.post, "/form", .form(.files(upTo: 8 << 20)), .worker(describe))
    router.on(
        .get, "/stream", .none,
        .async { _ in
            Response(body: .stream { for number in 0..<3 { try await $0.write("piece \(number)\n") } })
        })
    router.on(.post, "/count", .streamed(limit: 64 << 20), .async(count))
    router.on(.get, "/big", .none, .worker { _ in .init(body: .bytes([UInt8](repeating: 0x78, count: 4 << 20))) })
    return router
}

@Sendable private func describe(_ request: Request) throws -> Response {
    var lines = request.form.pairs.map { "\($0.name)=\($0.value)" }
    for file in request.form.files {
        let content = try FileRegion(path: file.path).read()
        lines.append(
            "\(file.fieldName):\(file.fileName):\(file.contentType):\(file.size):\(content.reduce(0) { $0 &+ Int($1) })"
        )
    }
    return .text(lines.joined(separator: "\n"))
}

@Sendable private func count(_ request: Request) async throws -> Response {
    var total = 0
    for try await piece in request.contentStream { total += piece.count }
    return .text("\(total)")
}
