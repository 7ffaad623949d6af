import Foundation
public import Logging
import Synchronization

/// Threads that do the queue's jobs. They may block, so they are threads of their own.
public final class JobWorkers: Sendable {
    private struct State {
        var isStopping = false
        var running: Set<Int64> = []
    }

    /// Longest sleep without looking: the machine's clock may be set, and another program may enqueue.
    private static let longestSleep = Duration.seconds(30)

    private let queue: JobQueue
    private let count: Int
    private let log: Logger
    private let state = Mutex(State())
    private let threads = DispatchGroup()

    /// Makes workers, which do nothing until they are started.
    public init(queue: JobQueue, count: Int, logger: Logger) {
        self.queue = queue
        self.count = count
        self.log = logger
    }

    /// Starts the threads. Call ``JobQueue/recover()`` before.
    public func start() {
        for number in 1...max(count, 1) {
            startThread(named: "job-\(number)") { $0.work() }
        }
        startThread(named: "job-lease") { $0.renewLeases() }
    }

    /// Takes no more jobs and returns when those that run have ended.
    public func stop() {
        state.withLock { $0.isStopping = true }
        queue.wakeUp.signal()
        threads.wait()
    }

    /// Whether no further job will be taken.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    private func startThread(named name: String, _ body: @escaping @Sendable (JobWorkers) -> Void) {
        threads.enter()
        let thread = Thread { [self] in
            body(self)
            threads.leave()
        }
        thread.name = name
        thread.start()
    }

    private func work() {
        while !isStopping {
            let seen = queue.wakeUp.count
            do {
                if let job = try queue.claim() {
                    try run(job)
                } else {
                    queue.wakeUp.wait(after: seen, atMost: try sleep())
                }
            } catch {
                // The database refused; the job, if there was one, is taken again when its lease lapses.
                log.error("a job worker could not use the queue", metadata: ["error": "\(error)"])
                queue.wakeUp.wait(after: queue.wakeUp.count, atMost: .seconds(1))
            }
        }
    }

    private func run(_ job: Job) throws {
        state.withLock { _ = $0.running.insert(job.id) }
        defer { state.withLock { _ = $0.running.remove(job.id) } }
        try queue.perform(job)
    }

    private func sleep() throws -> Duration {
        guard let due = try queue.nextDue() else { return Self.longestSleep }
        return min(max(due.since(queue.clock.now()), .milliseconds(1)), Self.longestSleep)
    }

    private func renewLeases() {
        let pause = JobQueue.lease / 3
        var next = ContinuousClock.now + pause
        while !isStopping || !state.withLock({ $0.running.isEmpty }) {
            let seen = queue.wakeUp.count
            let now = ContinuousClock.now
            guard now >= next else {
                queue.wakeUp.wait(after: seen, atMost: isStopping ? .milliseconds(100) : next - now)
                continue
            }
            next = now + pause
            do {
                try queue.renew(state.withLock { Array($0.running) })
            } catch {
                log.error("the leases of running jobs could not be renewed", metadata: ["error": "\(error)"])
            }
        }
    }
}
