import Database
import ServiceCore
import Synchronization
import Testing

/// Does what a test tells it and remembers what it was asked.
final class ScriptedHandler: JobHandler {
    let kind: String
    let period: Duration?
    private let body: @Sendable (Job) throws -> Void
    private let seen = Mutex<(runs: [String], abandoned: [String])>(([], []))

    init(_ kind: String = "test", period: Duration? = nil, _ body: @escaping @Sendable (Job) throws -> Void = { _ in })
    {
        self.kind = kind
        self.period = period
        self.body = body
    }

    var runs: [String] { seen.withLock { $0.runs } }
    var abandoned: [String] { seen.withLock { $0.abandoned } }

    func run(_ job: Job) throws {
        seen.withLock { $0.runs.append(job.resource) }
        try body(job)
    }

    func abandoned(_ job: Job, because error: ServiceError) {
        seen.withLock { $0.abandoned.append(error.code) }
    }
}

struct JobQueueTests {
    private let database: DatabasePool
    private let clock = ManualClock()
    private let queue: JobQueue

    init() throws {
        database = try DatabasePool.temporary()
        try database.migrate(ServiceCoreSchema.migrations)
        queue = JobQueue(database: database, clock: clock, owner: "here")
    }

    private func enqueue(_ resource: String, kind: String = "test", runAfter: Timestamp? = nil) throws {
        try database.write { transaction in
            let job = NewJob(kind: kind, resource: resource, runAfter: runAfter, requestID: "req-1")
            try queue.enqueue(job, in: transaction)
        }
    }

    @Test func `a job of a rolled-back transaction does not exist`() throws {
        struct Refusal: Error {}
        #expect(throws: Refusal.self) {
            try database.write { transaction in
                try queue.enqueue(NewJob(kind: "test", resource: "a", requestID: "r"), in: transaction)
                throw Refusal()
            }
        }
        #expect(try queue.pending(resource: "a").isEmpty)
    }

    @Test func `jobs run in the order they came and are kept as history`() throws {
        let handler = ScriptedHandler()
        queue.register(handler)
        for resource in ["a", "b", "a"] { try enqueue(resource) }
        #expect(try queue.pending(resource: "a").count == 2)
        try queue.drain()
        #expect(handler.runs == ["a", "b", "a"])
        let history = try queue.history(PageRequest())
        #expect(history.items.map(\.state) == [.succeeded, .succeeded, .succeeded])
        #expect(try queue.pending(resource: "a").isEmpty)
    }

    @Test func `work that reads what is stored is asked for once, until somebody begins it`() throws {
        let (database, queue) = (database, queue)
        @Sendable func ask(_ resource: String) throws {
            try database.write { transaction in
                try queue.enqueueUnlessWaiting(
                    NewJob(kind: "test", resource: resource, requestID: "r"), in: transaction)
            }
        }
        // While it runs, what it has read may be outdated: what comes then is a job of its own.
        let handler = ScriptedHandler { job in
            if job.resource == "a", job.id == 1 { for _ in 1...3 { try ask("a") } }
        }
        queue.register(handler)
        for resource in ["a", "a", "b", "a"] { try ask(resource) }
        #expect(try queue.pending(resource: "a").count == 1)
        try queue.drain()
        #expect(handler.runs.sorted() == ["a", "a", "b"])
    }

    @Test func `an unavailable host is asked again with growing pauses and then given up`() throws {
        let handler = ScriptedHandler { _ in throw ServiceError.unavailable("down") }
        queue.register(handler)
        try enqueue("a")
        try queue.drain()
        for pause in [1, 2, 4, 8, 16] as [Int64] {
            let runs = handler.runs.count
            clock.advance(seconds: pause - 1)
            try queue.drain()
            #expect(handler.runs.count == runs, "not before \(pause) s")
            clock.advance(seconds: 1)
            try queue.drain()
            #expect(handler.runs.count == runs + 1, "after \(pause) s")
        }
        #expect(handler.abandoned == ["unavailable"])
        #expect(try queue.history(PageRequest()).items.first?.errorCode == "unavailable")
    }

    @Test func `any other error ends the job at once`() throws {
        let handler = ScriptedHandler { _ in throw ServiceError.conflict(code: "no_way", "No.") }
        queue.register(handler)
        try enqueue("a")
        try queue.drain()
        #expect(handler.abandoned == ["no_way"])
        #expect(try queue.history(PageRequest()).items.first?.state == .failed)
    }

    @Test func `giving up is recorded even when the first try at that fails`() throws {
        final class Handler: JobHandler {
            let kind = "test"
            let calls = Mutex<[String]>([])
            func run(_ job: Job) throws {
                calls.withLock { $0.append("run") }
                throw ServiceError.conflict(code: "no_way", "No.")
            }
            func abandoned(_ job: Job, because error: ServiceError) throws {
                let count = calls.withLock { calls in
                    calls.append(error.code)
                    return calls.count
                }
                if count < 4 { throw DatabaseError(.busy, "busy") }
            }
        }
        let handler = Handler()
        queue.register(handler)
        try enqueue("a")
        for _ in 0..<4 {
            try queue.drain()
            clock.advance(seconds: 16)
        }
        #expect(handler.calls.withLock { $0 } == ["run", "no_way", "no_way", "no_way"])
        #expect(try queue.history(PageRequest()).items.first?.state == .failed)
    }

    @Test func `waiting is not failing`() throws {
        let handler = ScriptedHandler { _ in throw RetryLater(after: .seconds(1), reason: "not yet") }
        queue.register(handler)
        try enqueue("a")
        for _ in 0..<40 {
            try queue.drain()
            clock.advance(seconds: 1)
        }
        #expect(handler.runs.count == 40)
        #expect(handler.abandoned.isEmpty)
        #expect(try queue.pending(resource: "a").first?.attempts == 0)
    }

    @Test func `a job waits for its time and keeps its successors waiting`() throws {
        let handler = ScriptedHandler()
        queue.register(handler)
        try enqueue("a", runAfter: clock.now().adding(seconds: 10))
        try enqueue("a")
        try enqueue("b")
        try queue.drain()
        #expect(handler.runs == ["b"])
        clock.advance(seconds: 10)
        try queue.drain()
        #expect(handler.runs == ["b", "a", "a"])
    }

    @Test func `recurring work is put in the queue once and comes back after each run`() throws {
        let handler = ScriptedHandler(period: .seconds(60))
        queue.register(handler)
        try queue.recover()
        try queue.recover()
        for _ in 0..<3 {
            try queue.drain()
            try queue.drain()
            clock.advance(seconds: 60)
        }
        #expect(handler.runs == ["test", "test", "test"])
    }

    @Test func `a job nobody knows fails instead of staying for ever`() throws {
        try enqueue("a", kind: "unheard-of")
        try queue.drain()
        #expect(try queue.history(PageRequest()).items.first?.errorCode == "no_handler")
    }

    @Test func `the payload comes back as it was`() throws {
        struct Payload: Codable, Equatable { var name: String, number: Int }
        let sent = Payload(name: "a \"b\" 字", number: 7)
        let received = Mutex<Payload?>(nil)
        queue.register(
            ScriptedHandler { job in
                let payload = try job.decode(Payload.self)
                received.withLock { $0 = payload }
            })
        try database.write { transaction in
            let job = try NewJob(kind: "test", resource: "a", encoding: sent, requestID: "r")
            try queue.enqueue(job, in: transaction)
        }
        try queue.drain()
        #expect(received.withLock { $0 } == sent)
    }

    @Test func `finished jobs are forgotten after a week`() throws {
        queue.register(ScriptedHandler())
        queue.register(PruneJobHistory(queue: queue))
        try enqueue("a")
        try queue.recover()
        try queue.drain()
        clock.advance(seconds: 7 * 86_400)
        try queue.drain()
        #expect(try queue.history(PageRequest()).items.contains { $0.resource == "a" })
        clock.advance(seconds: 3600)
        try queue.drain()
        #expect(try !queue.history(PageRequest()).items.contains { $0.resource == "a" })
    }
}
