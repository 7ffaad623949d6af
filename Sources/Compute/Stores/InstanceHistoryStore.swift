public import Database
import ServiceCore

/// What happened to instances: the steps of their launch and the log of actions. Every statement about them is here.
struct InstanceHistoryStore: Sendable {
    /// A step that is begun again, after the program was stopped in its middle, keeps its first beginning.
    func begin(
        _ phase: LaunchPhase, of id: ID<Instance>, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO instance_steps (instance_id, phase, started_at, outcome, attempts)
            VALUES (\(id), \(phase), \(now), 'running', 1)
            ON CONFLICT (instance_id, phase) DO UPDATE SET
                attempts = attempts + 1, outcome = 'running', ended_at = NULL, detail = NULL
            """)
    }

    func end(
        _ phase: LaunchPhase, of id: ID<Instance>, _ outcome: InstanceStep.Outcome, detail: Message?,
        at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE instance_steps
            SET ended_at = \(now), outcome = \(outcome), detail = \(try StoredJSON.text(detail))
            WHERE instance_id = \(id) AND phase = \(phase)
            """)
    }

    /// In the order of the phases.
    func steps(of id: ID<Instance>, in transaction: borrowing Transaction) throws -> [InstanceStep] {
        let steps = try transaction.map(
            """
            SELECT phase, started_at, ended_at, outcome, attempts, detail
            FROM instance_steps WHERE instance_id = \(id)
            """
        ) { row in
            InstanceStep(
                phase: try row[0], startedAt: try row[1], endedAt: try row[2], outcome: try row[3],
                attempts: try row[4], detail: try StoredJSON.message(row[5]))
        }
        return LaunchPhase.allCases.compactMap { phase in steps.first { $0.phase == phase } }
    }

    /// - Returns: the line's number.
    @discardableResult
    func beginAction(
        _ action: String, on id: ID<Instance>, by context: RequestContext, at now: Timestamp,
        in transaction: borrowing Transaction
    ) throws -> Int64 {
        let line = try transaction.value(
            """
            INSERT INTO instance_actions (instance_id, action, request_id, user_id, user_name, project_id,
                started_at, outcome)
            VALUES (\(id), \(action), \(context.requestID), \(context.userID), \(context.userName),
                \(context.projectID), \(now), 'running')
            RETURNING id
            """, as: Int64.self)
        return line ?? 0
    }

    /// Notes something that is over as soon as it is asked for.
    func record(
        _ action: String, on id: ID<Instance>, by context: RequestContext, at now: Timestamp,
        in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO instance_actions (instance_id, action, request_id, user_id, user_name, project_id,
                started_at, finished_at, outcome)
            VALUES (\(id), \(action), \(context.requestID), \(context.userID), \(context.userName),
                \(context.projectID), \(now), \(now), 'success')
            """)
    }

    /// Ends what is running; an instance has one task at a time. Interfaces come and go without a task: their lines
    /// are ended by number, unless `whatever` is running is to end.
    func endActions(
        of id: ID<Instance>, _ outcome: InstanceActionRecord.Outcome, message: Message? = nil, at now: Timestamp,
        in transaction: borrowing Transaction, whatever: Bool = false
    ) throws {
        var sql: SQL = """
            UPDATE instance_actions
            SET finished_at = \(now), outcome = \(outcome), message = \(try StoredJSON.text(message))
            WHERE instance_id = \(id) AND outcome = 'running'
            """
        if !whatever { sql += " AND action NOT IN ('attach_interface', 'detach_interface')" }
        try transaction.execute(sql)
    }

    /// Ends one line that is running.
    func endAction(
        _ line: Int64, _ outcome: InstanceActionRecord.Outcome, message: Message? = nil, at now: Timestamp,
        in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE instance_actions
            SET finished_at = \(now), outcome = \(outcome), message = \(try StoredJSON.text(message))
            WHERE id = \(line) AND outcome = 'running'
            """)
    }

    /// When the running action was asked for; nil when none runs.
    func runningSince(_ id: ID<Instance>, in transaction: borrowing Transaction) throws -> Timestamp? {
        try transaction.value(
            "SELECT max(started_at) FROM instance_actions WHERE instance_id = \(id) AND outcome = 'running'")
    }

    /// Newest first.
    func actions(of id: ID<Instance>, in transaction: borrowing Transaction) throws -> [InstanceActionRecord] {
        let events = try events(of: id, in: transaction)
        return try transaction.map(
            """
            SELECT action, request_id, user_id, user_name, started_at, finished_at, outcome, message, id, project_id
            FROM instance_actions WHERE instance_id = \(id) ORDER BY id DESC
            """
        ) { row in
            InstanceActionRecord(
                action: try row[0], requestID: try row[1], userID: try row[2], userName: try row[3],
                startedAt: try row[4], finishedAt: try row[5], outcome: try row[6],
                message: try StoredJSON.message(row[7]), events: events[try row[8]] ?? [], projectID: try row[9])
        }
    }
}

/// The steps of actions.
extension InstanceHistoryStore {
    /// Begins a step of the action that runs; interfaces come and go beside it. None runs when a host was the cause.
    func beginEvent(
        _ event: String, of id: ID<Instance>, on host: String?, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO instance_action_events (action_id, event, host, started_at, outcome)
            SELECT id, \(event), \(host), \(now), 'running' FROM instance_actions
            WHERE instance_id = \(id) AND outcome = 'running'
                AND action NOT IN ('attach_interface', 'detach_interface')
            ORDER BY id DESC LIMIT 1
            ON CONFLICT (action_id, event) DO UPDATE SET outcome = 'running', finished_at = NULL
            """)
    }

    /// Ends the steps of an instance that run.
    func endEvents(
        of id: ID<Instance>, _ outcome: InstanceActionRecord.Outcome, at now: Timestamp,
        in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE instance_action_events SET outcome = \(outcome), finished_at = \(now)
            WHERE action_id IN (SELECT id FROM instance_actions WHERE instance_id = \(id)) AND outcome = 'running'
            """)
    }

    private func events(
        of id: ID<Instance>, in transaction: borrowing Transaction
    ) throws -> [Int64: [InstanceActionEvent]] {
        let rows = try transaction.map(
            """
            SELECT action_id, event, host, started_at, finished_at, outcome FROM instance_action_events
            WHERE action_id IN (SELECT id FROM instance_actions WHERE instance_id = \(id))
            """
        ) { row in
            (
                try row[0] as Int64,
                InstanceActionEvent(
                    event: try row[1], host: try row[2], startedAt: try row[3], finishedAt: try row[4],
                    outcome: try row[5])
            )
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { pairs in
            pairs.map(\.1).sorted { ($0.startedAt, $0.event) < ($1.startedAt, $1.event) }
        }
    }
}

extension InstanceStep.Outcome: DatabaseValue {}
extension InstanceActionRecord.Outcome: DatabaseValue {}
