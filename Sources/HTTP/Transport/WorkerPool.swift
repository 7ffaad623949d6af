import Glibc

/// A fixed number of threads for what may block. Not Swift's shared pool: that has one thread per processor, and a
/// few blocking calls there would stop the whole program.
final class WorkerPool: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        /// Jobs before this were taken.
        var first = 0
        var isStopping = false
        var threads: [pthread_t] = []
    }

    private let state = Lock(State())
    private let arrival = Condition()
    private let capacity: Int

    /// - Parameter capacity: most jobs that may wait.
    init(threads: Int, capacity: Int) {
        self.capacity = capacity
        let started = (0..<threads).compactMap { Thread.start(named: "worker-\($0)") { self.work() } }
        state.withLock { $0.threads = started }
    }

    /// Has a thread run the job; false when too many are waiting already, or the pool stops.
    func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isStopping, state.jobs.count - state.first < capacity else { return false }
            state.jobs.append(job)
            return true
        }
        if isTaken { arrival.signal() }
        return isTaken
    }

    /// Finishes what was submitted, then ends the threads.
    /// - Parameter waits: blocks until all have ended; without, a job that never returns is left behind.
    func stop(waits: Bool) {
        let threads = state.withLock { state in
            state.isStopping = true
            defer { state.threads = [] }
            return state.threads
        }
        arrival.broadcast()
        for thread in threads {
            if waits { pthread_join(thread, nil) } else { pthread_detach(thread) }
        }
    }

    private func work() {
        while let job = next() { job() }
    }

    /// Waits for a job; nil when the pool stops and none is left.
    private func next() -> (@Sendable () -> Void)? {
        state.waitUntil(arrival) { state in
            guard state.first < state.jobs.count else { return state.isStopping ? .some(nil) : nil }
            let job = state.jobs[state.first]
            state.first += 1
            if state.first == state.jobs.count {
                state.jobs.removeAll(keepingCapacity: true)
                state.first = 0
            } else if state.first > 1024 {
                state.jobs.removeFirst(state.first)
                state.first = 0
            }
            return .some(job)
        }
    }
}
