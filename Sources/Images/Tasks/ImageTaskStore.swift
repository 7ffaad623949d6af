import Database
import ServiceCore

/// The only SQL for tasks.
struct ImageTaskStore {
    private static let columns: SQL = """
        id, type, status, project_id, user_id, request_id, image_id, input, result, message, created_at, updated_at,
        expires_at
        """

    func insert(_ task: ImageTask, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO image_tasks (\(sql: Self.columns))
            VALUES (\(task.id), \(task.kind), \(task.status), \(task.projectID), \(task.userID), \(task.requestID),
                \(task.imageID), \(task.input), \(task.result), \(task.message), \(task.createdAt), \(task.updatedAt),
                \(task.expiresAt))
            """)
    }

    func save(_ task: ImageTask, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE image_tasks
            SET status = \(task.status), image_id = \(task.imageID), result = \(task.result),
                message = \(task.message), updated_at = \(task.updatedAt), expires_at = \(task.expiresAt)
            WHERE id = \(task.id)
            """)
    }

    func find(_ id: ID<ImageTask>, in transaction: borrowing Transaction) throws -> ImageTask? {
        try transaction.first("SELECT \(sql: Self.columns) FROM image_tasks WHERE id = \(id)", Self.task)
    }

    func list(of id: ID<Image>, in transaction: borrowing Transaction) throws -> [ImageTask] {
        try transaction.map(
            "SELECT \(sql: Self.columns) FROM image_tasks WHERE image_id = \(id) ORDER BY created_at, id", Self.task)
    }

    func list(
        _ filter: ImageTaskFilter, page: PageRequest, in transaction: borrowing Transaction
    ) throws -> Page<ImageTask> {
        var sql: SQL = "SELECT \(sql: Self.columns) FROM image_tasks WHERE 1 = 1"
        if let kind = filter.kind { sql += " AND type = \(kind)" }
        if let status = filter.status { sql += " AND status = \(status)" }
        if let marker = page.marker {
            sql += """
                 AND (created_at, id) \(sql: filter.isAscending ? ">" : "<")
                    (SELECT created_at, id FROM image_tasks WHERE id = \(marker))
                """
        }
        sql += filter.isAscending ? " ORDER BY created_at, id" : " ORDER BY created_at DESC, id DESC"
        sql += " LIMIT \(page.limit + 1)"
        return Page(try transaction.map(sql, Self.task), of: page) { $0.id.text }
    }

    func deleteExpired(before now: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM image_tasks WHERE expires_at < \(now)")
    }

    private static func task(_ row: Row) throws -> ImageTask {
        try ImageTask(
            id: row[0], kind: row[1], status: row[2], projectID: row[3], userID: row[4], requestID: row[5],
            imageID: row[6], input: row[7], result: row[8], message: row[9], createdAt: row[10], updatedAt: row[11],
            expiresAt: row[12])
    }
}
