import Database
import Testing

@testable import ServiceCore

/// What happens to jobs when the program that does them dies or stalls.
struct JobRecoveryTests {
    private let database: DatabasePool
    private let clock = ManualClock()
    private let handler = ScriptedHandler()

    init() throws {
        database = try DatabasePool.temporary()
        try database.migrate(ServiceCoreSchema.migrations)
    }

    private func queue(owner: String) -> JobQueue {
        let queue = JobQueue(database: database, clock: clock, owner: owner)
        queue.register(handler)
        return queue
    }

    private func enqueue(_ resources: [String], on queue: JobQueue) throws {
        try database.write { transaction in
            for resource in resources {
                try queue.enqueue(NewJob(kind: "test", resource: resource, requestID: "r"), in: transaction)
            }
        }
    }

    @Test func `a job whose worker died is done by the next life of the program, and its successors wait`() throws {
        let dead = queue(owner: "host")
        try enqueue(["a", "a"], on: dead)
        #expect(try dead.claim()?.resource == "a")

        let next = queue(owner: "host")
        try next.drain()
        #expect(handler.runs.isEmpty)
        try next.recover()
        try next.drain()
        #expect(handler.runs == ["a", "a"])
        #expect(try next.history(PageRequest()).items.map(\.attempts) == [1, 2])
    }

    @Test func `another program leaves a leased job alone until the lease has lapsed`() throws {
        let dead = queue(owner: "one")
        try enqueue(["a"], on: dead)
        _ = try dead.claim()

        let other = queue(owner: "two")
        try other.recover()
        clock.advance(seconds: 59)
        try other.drain()
        #expect(handler.runs.isEmpty)
        clock.advance(seconds: 1)
        try other.drain()
        #expect(handler.runs == ["a"])
    }

    @Test func `a renewed lease does not lapse`() throws {
        let busy = queue(owner: "one")
        try enqueue(["a"], on: busy)
        let job = try #require(try busy.claim())
        let other = queue(owner: "two")
        for _ in 0..<5 {
            clock.advance(seconds: 50)
            try busy.renew([job.id])
            #expect(try other.claim() == nil)
        }
    }

    @Test func `a worker that stalled past its lease cannot end the job of the one that took over`() throws {
        let stalled = queue(owner: "one")
        try enqueue(["a"], on: stalled)
        let stale = try #require(try stalled.claim())
        clock.advance(seconds: 60)
        let other = queue(owner: "two")
        let taken = try #require(try other.claim())
        #expect(taken.id == stale.id)

        try stalled.perform(stale)
        #expect(try other.pending(resource: "a").map(\.state) == [.running])
        try other.perform(taken)
        #expect(try other.history(PageRequest()).items.map(\.state) == [.succeeded])
    }

    @Test func `a job that takes the program down every time is given up in the end`() throws {
        for life in 1...21 {
            let queue = queue(owner: "host")
            if life == 1 { try enqueue(["a"], on: queue) }
            try queue.recover()
            let job = try #require(try queue.claim(), "life \(life)")
            #expect(job.attempts == life)
            if life == 21 { try queue.perform(job) }
        }
        #expect(handler.runs.isEmpty)
        #expect(handler.abandoned == ["job_never_ends"])
        #expect(try queue(owner: "host").pending(resource: "a").isEmpty)
    }

    @Test func `a running job keeps its successors waiting and others not`() throws {
        let queue = queue(owner: "host")
        try enqueue(["a", "a", "b"], on: queue)
        #expect(try queue.claim()?.resource == "a")
        #expect(try queue.claim()?.resource == "b")
        #expect(try queue.claim() == nil)
    }

    @Test func `the next job is due when the first of its resource is`() throws {
        let queue = queue(owner: "host")
        #expect(try queue.nextDue() == nil)
        let later = clock.now().adding(seconds: 5)
        try database.write { transaction in
            let job = NewJob(kind: "test", resource: "a", runAfter: later, requestID: "r")
            try queue.enqueue(job, in: transaction)
        }
        try enqueue(["a"], on: queue)
        #expect(try queue.nextDue() == later)
        clock.advance(seconds: 5)
        _ = try queue.claim()
        #expect(try queue.nextDue() == clock.now().adding(JobQueue.lease))
    }

    @Test func `taking the next job searches only among unfinished ones`() throws {
        let recorder = StatementRecorder()
        let database = try DatabasePool.temporary(recorder: recorder)
        try database.migrate(ServiceCoreSchema.migrations)
        let queue = JobQueue(database: database, clock: clock, owner: "host")
        queue.register(handler)
        queue.register(PruneJobHistory(queue: queue))
        try queue.recover()
        try queue.drain()
        _ = try queue.nextDue()
        try queue.renew([1, 2, 3])
        _ = try queue.pending(resource: "a")
        _ = try queue.history(PageRequest())
        #expect(recorder.statements.count >= 9)
        #expect(try database.scans(in: recorder) == [])
    }
}
