import Synchronization

/// Collects the text of every statement that runs, so that a test can exercise a service and then ask how SQLite would
/// run each statement (``Transaction/queryPlan(of:)``).
public final class StatementRecorder: Sendable {
    private let seen = Mutex<[String: Int]>([:])

    /// An empty recorder; hand it to ``DatabasePool/temporary(recorder:)``.
    public init() {}

    /// The distinct statements so far, sorted.
    public var statements: [String] { seen.withLock { $0.keys.sorted() } }

    /// How many statements have been run, each as often as it was.
    public var runs: Int { seen.withLock { $0.values.reduce(0, +) } }

    func record(_ sql: String) {
        seen.withLock { $0[sql, default: 0] += 1 }
    }
}

extension DatabasePool {
    /// The steps of recorded SELECT, UPDATE and DELETE statements that read a whole table, or look for something in a
    /// whole index. Listing everything in the order of an index is fine.
    /// - Returns: lines such as `SCAN networks | SELECT …`; empty when every statement searches.
    /// - Throws: `DatabaseError`.
    public func scans(in recorder: StatementRecorder) throws -> [String] {
        let verbs = ["SELECT", "UPDATE", "DELETE", "WITH"]
        return try read { transaction in
            try recorder.statements.flatMap { statement -> [String] in
                guard verbs.contains(where: { statement.drop(while: \.isWhitespace).hasPrefix($0) }) else { return [] }
                let unbound = [SQLValue](repeating: .null, count: statement.count { $0 == "?" })
                let plan = try transaction.queryPlan(of: SQL(text: statement, arguments: unbound))
                return plan.filter { Self.isWasteful($0, of: statement) }.map { "\($0) | \(statement)" }
            }
        }
    }

    /// The steps of recorded statements that are cut into pages (`LIMIT`) and have to sort everything before they can be
    /// cut, instead of reading on in an index.
    /// - Returns: lines such as `USE TEMP B-TREE FOR ORDER BY | SELECT …`; empty when every page is read in its order.
    /// - Throws: `DatabaseError`.
    public func sortedPages(in recorder: StatementRecorder) throws -> [String] {
        try read { transaction in
            let paged = recorder.statements.filter { $0.contains(" LIMIT ") && !$0.hasPrefix("EXPLAIN") }
            return try paged.flatMap { statement in
                let unbound = [SQLValue](repeating: .null, count: statement.count { $0 == "?" })
                let plan = try transaction.queryPlan(of: SQL(text: statement, arguments: unbound))
                return plan.filter { $0.hasPrefix("USE TEMP B-TREE FOR") && $0.hasSuffix("ORDER BY") }.map {
                    "\($0) | \(statement)"
                }
            }
        }
    }

    private static func isWasteful(_ step: String, of statement: String) -> Bool {
        // What is no table: constants, and the values of a list.
        guard step.hasPrefix("SCAN "), !step.hasPrefix("SCAN CONSTANT"), !step.hasPrefix("SCAN json_each ") else {
            return false
        }
        return !step.contains(" USING ") || statement.contains("WHERE")
    }
}
