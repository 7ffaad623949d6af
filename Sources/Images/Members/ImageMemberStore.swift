import Database
import ServiceCore

/// The only SQL for members but for the lists of images they may see.
struct ImageMemberStore {
    private static let columns: SQL = "image_id, member_id, status, created_at, updated_at"

    func find(
        _ projectID: String, of id: ID<Image>, in transaction: borrowing Transaction
    ) throws -> ImageMember? {
        try transaction.first(
            """
            SELECT \(sql: Self.columns) FROM image_members WHERE image_id = \(id) AND member_id = \(projectID)
            """, Self.member)
    }

    func list(of id: ID<Image>, in transaction: borrowing Transaction) throws -> [ImageMember] {
        try transaction.map(
            """
            SELECT \(sql: Self.columns) FROM image_members WHERE image_id = \(id) ORDER BY created_at, member_id
            """, Self.member)
    }

    func save(_ member: ImageMember, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO image_members (\(sql: Self.columns))
            VALUES (\(member.imageID), \(member.projectID), \(member.status), \(member.createdAt),
                \(member.updatedAt))
            ON CONFLICT (image_id, member_id) DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at
            """)
    }

    func delete(_ projectID: String, of id: ID<Image>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM image_members WHERE image_id = \(id) AND member_id = \(projectID)")
    }

    private static func member(_ row: Row) throws -> ImageMember {
        try ImageMember(
            imageID: row[0], projectID: row[1], status: row[2], createdAt: row[3], updatedAt: row[4])
    }
}
