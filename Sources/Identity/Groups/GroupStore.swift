import Database

/// The tables `groups` and `group_members`.
struct GroupStore {
    private static let columns: SQL = "g.id, g.domain_id, g.name, g.description, g.extra"

    func insert(_ group: Group, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO groups (id, domain_id, name, description, extra)
            VALUES (\(group.id), \(group.domainID), \(group.name), \(group.description), \(group.extra))
            """)
    }

    func update(_ group: Group, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE groups SET name = \(group.name), description = \(group.description), extra = \(group.extra)
            WHERE id = \(group.id)
            """)
    }

    func delete(id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM groups WHERE id = \(id)") == 1
    }

    /// By name.
    func all(_ filter: GroupFilter, in transaction: borrowing Transaction) throws -> [Group] {
        let domain = filter.domainID.map { "g.domain_id = \($0)" as SQL }
        let name = filter.name.map { "g.name = \($0)" as SQL }
        return try transaction.map(
            "SELECT \(sql: Self.columns) FROM groups AS g \(sql: .matching(domain, name)) ORDER BY g.name, g.id",
            Self.group)
    }

    func group(id: String, in transaction: borrowing Transaction) throws -> Group? {
        try transaction.first("SELECT \(sql: Self.columns) FROM groups AS g WHERE id = \(id)", Self.group)
    }

    func group(named name: String, domainID: String, in transaction: borrowing Transaction) throws -> Group? {
        try transaction.first(
            "SELECT \(sql: Self.columns) FROM groups AS g WHERE domain_id = \(domainID) AND name = \(name)",
            Self.group)
    }

    func groups(of userID: String, in transaction: borrowing Transaction) throws -> [Group] {
        try transaction.map(
            """
            SELECT \(sql: Self.columns) FROM group_members AS m JOIN groups AS g ON g.id = m.group_id
            WHERE m.user_id = \(userID) ORDER BY g.name, g.id
            """, Self.group)
    }

    func groupIDs(of userID: String, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map("SELECT group_id FROM group_members WHERE user_id = \(userID)") { row in try row[0] }
    }

    func userIDs(of groupID: String, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map("SELECT user_id FROM group_members WHERE group_id = \(groupID)") { row in try row[0] }
    }

    /// Puts a user into a group; doing it again changes nothing.
    func add(_ userID: String, to groupID: String, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "INSERT INTO group_members (group_id, user_id) VALUES (\(groupID), \(userID)) ON CONFLICT DO NOTHING")
    }

    func remove(_ userID: String, from groupID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute(
            "DELETE FROM group_members WHERE user_id = \(userID) AND group_id = \(groupID)") == 1
    }

    func contains(_ userID: String, in groupID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value(
            "SELECT 1 FROM group_members WHERE user_id = \(userID) AND group_id = \(groupID)", as: Int.self) != nil
    }

    private static func group(_ row: Row) throws -> Group {
        try Group(id: row[0], domainID: row[1], name: row[2], description: row[3], extra: row[4])
    }
}
