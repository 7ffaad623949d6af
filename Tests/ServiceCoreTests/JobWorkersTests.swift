import Database
import Foundation
import Logging
import Synchronization
import Testing

@testable import ServiceCore

struct JobWorkersTests {
    private let database: DatabasePool
    private let queue: JobQueue

    init() throws {
        database = try DatabasePool.temporary()
        try database.migrate(ServiceCoreSchema.migrations)
        queue = JobQueue(database: database, clock: SystemClock(), owner: "host")
    }

    private func workers(_ count: Int) -> JobWorkers {
        JobWorkers(queue: queue, count: count, logger: Logger(label: "test"))
    }

    private func enqueue(_ resource: String, payload: [String: String] = [:]) throws {
        try database.write { transaction in
            let job = NewJob(kind: "test", resource: resource, payload: payload, requestID: "r")
            try queue.enqueue(job, in: transaction)
        }
    }

    @Test func `two workers keep the order of each resource and never do two jobs of one at once`() throws {
        struct Seen {
            var order: [String: [Int]] = [:]
            var running: Set<String> = []
            var isOverlapping = false
            var left = 100
        }
        let seen = Mutex(Seen())
        let done = DispatchSemaphore(value: 0)
        queue.register(
            ScriptedHandler { job in
                let number = Int(try job.decode([String: String].self)["number"] ?? "") ?? -1
                seen.withLock { seen in
                    if !seen.running.insert(job.resource).inserted { seen.isOverlapping = true }
                }
                sched_yield()
                let left = seen.withLock { seen in
                    seen.running.remove(job.resource)
                    seen.order[job.resource, default: []].append(number)
                    seen.left -= 1
                    return seen.left
                }
                if left == 0 { done.signal() }
            })
        let workers = workers(2)
        workers.start()
        for number in 0..<100 { try enqueue("resource-\(number % 5)", payload: ["number": "\(number)"]) }
        #expect(done.wait(timeout: .now() + 60) == .success)
        workers.stop()
        seen.withLock { seen in
            #expect(!seen.isOverlapping)
            #expect(seen.order.count == 5)
            for (resource, numbers) in seen.order {
                #expect(numbers == numbers.sorted(), "\(resource)")
                #expect(numbers.count == 20)
            }
        }
    }

    @Test func `a sleeping worker is woken by a commit`() throws {
        let done = DispatchSemaphore(value: 0)
        queue.register(ScriptedHandler { _ in done.signal() })
        let workers = workers(2)
        workers.start()
        for _ in 0..<20 {
            try enqueue("a")
            // Far less than the longest sleep, far more than it takes.
            #expect(done.wait(timeout: .now() + 20) == .success)
        }
        workers.stop()
    }

    @Test func `a job comes when its time has come`() throws {
        let done = DispatchSemaphore(value: 0)
        let attempts = Mutex(0)
        queue.register(
            ScriptedHandler { _ in
                let attempt = attempts.withLock { attempts in
                    attempts += 1
                    return attempts
                }
                guard attempt >= 3 else { throw RetryLater(after: .milliseconds(20), reason: "not yet") }
                done.signal()
            })
        let workers = workers(1)
        workers.start()
        try enqueue("a")
        #expect(done.wait(timeout: .now() + 20) == .success)
        workers.stop()
    }

    @Test func `stopping waits for the running job and leaves the others for the next start`() throws {
        let started = DispatchSemaphore(value: 0)
        let mayEnd = DispatchSemaphore(value: 0)
        let handler = ScriptedHandler { _ in
            started.signal()
            mayEnd.wait()
        }
        queue.register(handler)
        let workers = workers(1)
        workers.start()
        try enqueue("a")
        try enqueue("b")
        started.wait()
        let stopped = DispatchSemaphore(value: 0)
        Thread {
            workers.stop()
            stopped.signal()
        }.start()
        while !workers.isStopping { sched_yield() }
        #expect(stopped.wait(timeout: .now()) == .timedOut)
        mayEnd.signal()
        #expect(stopped.wait(timeout: .now() + 20) == .success)
        #expect(handler.runs == ["a"])
        #expect(try queue.pending(resource: "b").map(\.state) == [.queued])
        #expect(try queue.pending(resource: "a").isEmpty)
    }
}
