public import Database
import Logging
import Synchronization

/// The durable queue of background work. Rows are leased, so that two programs on one database never do one job twice.
public final class JobQueue: Sendable {
    /// How long a taken job is left alone without its worker's renewal.
    static let lease = Duration.seconds(60)

    let database: DatabasePool
    let clock: any WallClock
    let wakeUp = WakeUp()
    private let owner: String
    private let store = JobStore()
    private let handlers = Mutex<[String: any JobHandler]>([:])
    private let log = Logger(label: "daybreak.jobs")

    /// Makes a queue on the table of ``ServiceCoreSchema``.
    /// - Parameter owner: names this program in leases. The same after a restart, and no two programs that run at the
    ///   same time share it: the host's name will do.
    public init(database: DatabasePool, clock: any WallClock, owner: String) {
        self.database = database
        self.clock = clock
        self.owner = owner
    }

    /// Adds a job in the transaction of the state change that it belongs to: both are there or neither.
    /// - Returns: the job's number.
    /// - Throws: `DatabaseError`.
    @discardableResult
    public func enqueue(_ job: NewJob, in transaction: borrowing Transaction) throws -> Int64 {
        let id = try store.insert(job, at: clock.now(), in: transaction)
        transaction.afterCommit { [wakeUp] in wakeUp.signal() }
        return id
    }

    /// Writes a job unless one of its kind waits for its resource already that nobody has begun: for work that makes true
    /// what is stored by the time it runs, which that one will do.
    /// - Throws: `DatabaseError`.
    public func enqueueUnlessWaiting(_ job: NewJob, in transaction: borrowing Transaction) throws {
        guard try !store.isWaiting(kind: job.kind, resource: job.resource, in: transaction) else { return }
        try enqueue(job, in: transaction)
    }

    /// Says who does the jobs of a kind. To be called before work starts.
    public func register(_ handler: any JobHandler) {
        handlers.withLock { $0[handler.kind] = handler }
    }

    /// The unfinished jobs of a resource, in the order they will run.
    /// - Throws: `ServiceError`.
    public func pending(resource: String) throws -> [Job] {
        try ServiceError.wrapping {
            try database.read { try store.unfinished(resource: resource, in: $0) }
        }
    }

    /// All jobs, newest first; the marker is the last job's number.
    /// - Throws: `ServiceError`.
    public func history(_ page: PageRequest) throws -> Page<Job> {
        try ServiceError.wrapping {
            let before = page.marker.flatMap { Int64($0) }
            let jobs = try database.read { try store.history(before: before, limit: page.limit + 1, in: $0) }
            let items = Array(jobs.prefix(page.limit))
            return Page(items: items, next: jobs.count > page.limit ? items.last.map { String($0.id) } : nil)
        }
    }

    /// To be called once at start, before workers start and after all handlers are registered: frees what an earlier
    /// life of this program was doing when it died, and sees to it that recurring work is in the queue and due: much
    /// may have happened meanwhile.
    /// - Throws: `ServiceError`.
    public func recover() throws {
        let periodic = handlers.withLock { $0.values.filter { $0.period != nil }.map(\.kind).sorted() }
        try ServiceError.wrapping {
            try database.write { transaction in
                let freed = try store.release(owner: owner, in: transaction)
                if freed > 0 { log.notice("jobs of an earlier run will be resumed", metadata: ["jobs": "\(freed)"]) }
                try store.bringForward(kinds: periodic, to: clock.now(), in: transaction)
                for kind in periodic where try !store.isUnfinished(kind: kind, in: transaction) {
                    let requestID = RequestContext.newRequestID()
                    try enqueue(NewJob(kind: kind, resource: kind, requestID: requestID), in: transaction)
                }
            }
        }
    }

    /// Runs everything that is due by the queue's clock, on the calling thread, until nothing is. For tests.
    /// - Throws: `ServiceError`.
    public func drain() throws {
        while let job = try claim() { try perform(job) }
    }

    /// Takes the next job that is due.
    func claim() throws -> Job? {
        let now = clock.now()
        return try ServiceError.wrapping {
            try database.write { transaction in
                try store.claim(owner: owner, at: now, until: now.adding(Self.lease), in: transaction)
            }
        }
    }

    func nextDue() throws -> Timestamp? {
        try ServiceError.wrapping { try database.read { try store.nextDue(in: $0) } }
    }

    func renew(_ ids: [Int64]) throws {
        guard !ids.isEmpty else { return }
        let until = clock.now().adding(Self.lease)
        try ServiceError.wrapping {
            try database.write { try store.renew(ids, owner: owner, until: until, in: $0) }
        }
    }

    /// Deletes jobs that finished before a moment.
    func prune(finishedBefore moment: Timestamp) throws -> Int {
        try ServiceError.wrapping { try database.write { try store.prune(finishedBefore: moment, in: $0) } }
    }

    /// Runs a taken job and records how it ended.
    func perform(_ job: Job) throws {
        guard let handler = handlers.withLock({ $0[job.kind] }) else {
            let reason = Message("No handler for jobs of kind {kind}.", ["kind": job.kind])
            return try end(job, error: ServiceError(.unsupported, code: "no_handler", reason))
        }
        guard job.attempts <= JobPatience.starts else {
            let reason: Message = "The job was started again and again without ever ending."
            return try abandon(job, handler, ServiceError(.internalError, code: "job_never_ends", reason))
        }
        guard job.failures <= JobPatience.pauses.count else {
            let reason = Message("The job failed: {reason}", ["reason": job.errorText ?? ""])
            return try abandon(
                job, handler, ServiceError(.internalError, code: job.errorCode ?? "job_failed", reason))
        }
        do {
            try handler.run(job)
            try succeed(job, handler)
        } catch {
            try settle(job, handler, error)
        }
    }
}

extension JobQueue {
    private func succeed(_ job: Job, _ handler: any JobHandler) throws {
        guard let period = handler.period else { return try end(job, error: nil) }
        let next = PutBack(runAfter: clock.now().adding(period), attempts: 0, failures: 0, error: nil)
        try putBack(job, next)
    }

    private func settle(_ job: Job, _ handler: any JobHandler, _ error: any Error) throws {
        if let later = error as? RetryLater {
            log.debug("job waits", metadata: job.metadata(["reason": "\(later.reason)"]))
            let runAfter = clock.now().adding(later.after)
            let change = PutBack(runAfter: runAfter, attempts: job.attempts - 1, failures: job.failures, error: nil)
            return try putBack(job, change)
        }
        let reason = ServiceError(wrapping: error)
        guard reason.kind == .unavailable, job.failures < JobPatience.pauses.count else {
            return try abandon(job, handler, reason)
        }
        let pause = JobPatience.pauses[job.failures]
        log.warning("job failed and will be tried again", metadata: job.metadata(["error": "\(reason)"]))
        let runAfter = clock.now().adding(pause)
        try putBack(
            job, PutBack(runAfter: runAfter, attempts: job.attempts, failures: job.failures + 1, error: reason))
    }

    /// The handler first, the row second: killed in between, the job is taken and run again. When the handler cannot
    /// record it, the job goes back with more failures than any job is allowed, which means: only to be abandoned.
    private func abandon(_ job: Job, _ handler: any JobHandler, _ error: ServiceError) throws {
        log.error("job abandoned", metadata: job.metadata(["error": "\(error)"]))
        do {
            try handler.abandoned(job, because: error)
        } catch let failure {
            log.error("could not record that a job is abandoned", metadata: job.metadata(["error": "\(failure)"]))
            let runAfter = clock.now().adding(JobPatience.pauses[JobPatience.pauses.count - 1])
            let failures = JobPatience.pauses.count + 1
            return try putBack(
                job, PutBack(runAfter: runAfter, attempts: job.attempts, failures: failures, error: error))
        }
        guard let period = handler.period else { return try end(job, error: error) }
        let next = PutBack(runAfter: clock.now().adding(period), attempts: 0, failures: 0, error: error)
        try putBack(job, next)
    }

    private func end(_ job: Job, error: ServiceError?) throws {
        try record(job) { transaction in
            try store.finish(job, error: error, at: clock.now(), in: transaction)
        }
    }

    private func putBack(_ job: Job, _ change: PutBack) throws {
        try record(job) { transaction in try store.putBack(job, change, in: transaction) }
    }

    private func record(_ job: Job, _ update: (borrowing Transaction) throws -> Bool) throws {
        let recorded = try ServiceError.wrapping {
            try database.write { transaction in
                transaction.afterCommit { [wakeUp] in wakeUp.signal() }
                return try update(transaction)
            }
        }
        guard !recorded else { return }
        log.warning("job was taken over by another worker", metadata: job.metadata([:]))
    }
}

extension Job {
    fileprivate func metadata(_ more: Logger.Metadata) -> Logger.Metadata {
        more.merging([
            "job": "\(id)", "kind": "\(kind)", "resource": "\(resource)", "request": "\(requestID)",
        ]) { $1 }
    }
}
