import Database

/// The tables `registered_limits` and `limits`.
struct LimitStore {
    private static let registeredColumns: SQL = """
        r.id, r.service_id, r.region_id, r.resource_name, r.default_limit, r.description
        """

    func insert(_ limit: RegisteredLimit, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO registered_limits (id, service_id, region_id, resource_name, default_limit, description)
            VALUES (\(limit.id), \(limit.serviceID), \(limit.regionID), \(limit.resourceName), \(limit.defaultLimit),
                \(limit.description))
            """)
    }

    func update(_ limit: RegisteredLimit, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE registered_limits
            SET service_id = \(limit.serviceID), region_id = \(limit.regionID),
                resource_name = \(limit.resourceName), default_limit = \(limit.defaultLimit),
                description = \(limit.description)
            WHERE id = \(limit.id)
            """)
    }

    func delete(registeredID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM registered_limits WHERE id = \(registeredID)") == 1
    }

    func registered(in transaction: borrowing Transaction) throws -> [RegisteredLimit] {
        try transaction.map("SELECT \(sql: Self.registeredColumns) FROM registered_limits AS r ORDER BY r.id") { row in
            try Self.registered(row)
        }
    }

    func registered(id: String, in transaction: borrowing Transaction) throws -> RegisteredLimit? {
        try transaction.first("SELECT \(sql: Self.registeredColumns) FROM registered_limits AS r WHERE id = \(id)") {
            row in try Self.registered(row)
        }
    }

    func insert(_ limit: Limit, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO limits (id, registered_limit_id, project_id, domain_id, resource_limit, description)
            VALUES (\(limit.id), \(limit.registered.id), \(limit.projectID), \(limit.domainID),
                \(limit.resourceLimit), \(limit.description))
            """)
    }

    func update(_ limit: Limit, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE limits SET resource_limit = \(limit.resourceLimit), description = \(limit.description)
            WHERE id = \(limit.id)
            """)
    }

    func delete(id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM limits WHERE id = \(id)") == 1
    }

    func limits(_ filter: LimitFilter, in transaction: borrowing Transaction) throws -> [Limit] {
        let project = filter.projectID.map { "l.project_id = \($0)" as SQL }
        let domain = filter.domainID.map { "l.domain_id = \($0)" as SQL }
        let limits = try limits(.matching(project, domain), in: transaction)
        return limits.filter { filter.accepts($0.registered) }
    }

    func limit(id: String, in transaction: borrowing Transaction) throws -> Limit? {
        try limits("WHERE l.id = \(id)", in: transaction).first
    }

    private func limits(_ condition: SQL, in transaction: borrowing Transaction) throws -> [Limit] {
        try transaction.map(
            """
            SELECT \(sql: Self.registeredColumns), l.id, l.project_id, l.domain_id, l.resource_limit, l.description
            FROM limits AS l JOIN registered_limits AS r ON r.id = l.registered_limit_id \(sql: condition)
            ORDER BY l.id
            """
        ) { row in
            try Limit(
                id: row[6], registered: Self.registered(row), projectID: row[7], domainID: row[8],
                resourceLimit: row[9], description: row[10])
        }
    }

    private static func registered(_ row: Row) throws -> RegisteredLimit {
        try RegisteredLimit(
            id: row[0], serviceID: row[1], regionID: row[2], resourceName: row[3], defaultLimit: row[4],
            description: row[5])
    }
}
