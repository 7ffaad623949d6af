import Database

/// The table `jobs`. A job is unfinished while `finished_at` is NULL; only the oldest unfinished job of a resource may
/// run, which gives both the order within a resource and one at a time.
struct JobStore {
    /// The columns of ``Job``, in the order of ``job(_:)``.
    private static let columns: SQL = """
        id, kind, resource, payload, state, attempts, failures, request_id, run_after, created_at, started_at,
        finished_at, error_code, error_text, claim
        """

    func insert(_ job: NewJob, at now: Timestamp, in transaction: borrowing Transaction) throws -> Int64 {
        let id = try transaction.value(
            """
            INSERT INTO jobs (kind, resource, payload, run_after, request_id, created_at)
            VALUES (\(job.kind), \(job.resource), \(job.payload), \(job.runAfter ?? now), \(job.requestID), \(now))
            RETURNING id
            """, as: Int64.self)
        guard let id else { throw DatabaseError(.other, "INSERT … RETURNING gave no row") }
        return id
    }

    /// Takes the oldest job that is due: waiting and past its time, or running under a lease that has lapsed.
    func claim(
        owner: String, at now: Timestamp, until: Timestamp, in transaction: borrowing Transaction
    ) throws -> Job? {
        try transaction.first(
            """
            UPDATE jobs
            SET state = 'running', lease_owner = \(owner), lease_until = \(until), attempts = attempts + 1,
                claim = claim + 1, started_at = coalesce(started_at, \(now))
            WHERE id = (
                SELECT id FROM jobs AS candidate
                WHERE finished_at IS NULL
                    AND CASE state WHEN 'queued' THEN run_after ELSE lease_until END <= \(now)
                    AND \(sql: Self.isFirstOfItsResource)
                ORDER BY id LIMIT 1)
            RETURNING \(sql: Self.columns)
            """, Self.job)
    }

    /// When the next job can be taken; nil when none is unfinished.
    func nextDue(in transaction: borrowing Transaction) throws -> Timestamp? {
        try transaction.value(
            """
            SELECT min(CASE state WHEN 'queued' THEN run_after ELSE lease_until END) FROM jobs AS candidate
            WHERE finished_at IS NULL AND \(sql: Self.isFirstOfItsResource)
            """)
    }

    /// Keeps running jobs from being taken by others.
    func renew(_ ids: [Int64], owner: String, until: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE jobs SET lease_until = \(until)
            WHERE id IN (\(list: ids)) AND lease_owner = \(owner) AND state = 'running'
            """)
    }

    /// Ends a taking for good. False when another worker has taken the job meanwhile.
    func finish(
        _ job: Job, error: ServiceError?, at now: Timestamp, in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.execute(
            """
            UPDATE jobs
            SET state = \(error == nil ? Job.State.succeeded : .failed), finished_at = \(now), lease_owner = NULL,
                lease_until = NULL, error_code = \(error?.code), error_text = \(error?.description)
            WHERE id = \(job.id) AND claim = \(job.claim) AND state = 'running'
            """) == 1
    }

    /// Ends a taking and puts the job back. False when another worker has taken the job meanwhile.
    func putBack(_ job: Job, _ change: PutBack, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute(
            """
            UPDATE jobs
            SET state = 'queued', run_after = \(change.runAfter), lease_owner = NULL, lease_until = NULL,
                attempts = \(change.attempts), failures = \(change.failures), error_code = \(change.error?.code),
                error_text = \(change.error?.description)
            WHERE id = \(job.id) AND claim = \(job.claim) AND state = 'running'
            """) == 1
    }

    /// Frees the jobs an earlier life of this owner was doing.
    func release(owner: String, in transaction: borrowing Transaction) throws -> Int {
        try transaction.execute(
            """
            UPDATE jobs SET state = 'queued', lease_owner = NULL, lease_until = NULL
            WHERE finished_at IS NULL AND state = 'running' AND lease_owner = \(owner)
            """)
    }

    /// Makes waiting jobs of some kinds due now.
    func bringForward(kinds: [String], to now: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE jobs SET run_after = \(now)
            WHERE finished_at IS NULL AND state = 'queued' AND run_after > \(now) AND kind IN (\(list: kinds))
            """)
    }

    func unfinished(resource: String, in transaction: borrowing Transaction) throws -> [Job] {
        try transaction.map(
            """
            SELECT \(sql: Self.columns) FROM jobs
            WHERE resource = \(resource) AND finished_at IS NULL ORDER BY id
            """, Self.job)
    }

    func isUnfinished(kind: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value(
            "SELECT 1 FROM jobs WHERE kind = \(kind) AND finished_at IS NULL LIMIT 1", as: Int.self) != nil
    }

    /// Whether a job waits that nobody has begun.
    func isWaiting(kind: String, resource: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value(
            """
            SELECT 1 FROM jobs
            WHERE resource = \(resource) AND finished_at IS NULL AND kind = \(kind) AND state = 'queued' AND attempts = 0
            LIMIT 1
            """, as: Int.self) != nil
    }

    /// Finished and unfinished jobs, newest first.
    func history(before id: Int64?, limit: Int, in transaction: borrowing Transaction) throws -> [Job] {
        try transaction.map(
            """
            SELECT \(sql: Self.columns) FROM jobs
            WHERE id < \(id ?? .max) ORDER BY id DESC LIMIT \(limit)
            """, Self.job)
    }

    func prune(finishedBefore: Timestamp, in transaction: borrowing Transaction) throws -> Int {
        try transaction.execute("DELETE FROM jobs WHERE finished_at < \(finishedBefore)")
    }

    private static let isFirstOfItsResource: SQL = """
        NOT EXISTS (
            SELECT 1 FROM jobs AS earlier
            WHERE earlier.resource = candidate.resource AND earlier.finished_at IS NULL
                AND earlier.id < candidate.id)
        """

    private static func job(_ row: Row) throws -> Job {
        try Job(
            id: row[0], kind: row[1], resource: row[2], payload: row[3], state: row[4], attempts: row[5],
            failures: row[6], requestID: row[7], runAfter: row[8], createdAt: row[9], startedAt: row[10],
            finishedAt: row[11], errorCode: row[12], errorText: row[13], claim: row[14])
    }
}

/// How a job returns to the queue.
struct PutBack {
    let runAfter: Timestamp
    let attempts: Int
    let failures: Int
    let error: ServiceError?
}
