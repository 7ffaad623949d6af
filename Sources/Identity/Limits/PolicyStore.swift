import Database

/// The tables `policies` and `endpoint_groups`.
struct PolicyStore {
    func insert(_ policy: StoredPolicy, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "INSERT INTO policies (id, type, blob) VALUES (\(policy.id), \(policy.type), \(policy.blob))")
    }

    func update(_ policy: StoredPolicy, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "UPDATE policies SET type = \(policy.type), blob = \(policy.blob) WHERE id = \(policy.id)")
    }

    func delete(policyID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM policies WHERE id = \(policyID)") == 1
    }

    func policies(in transaction: borrowing Transaction) throws -> [StoredPolicy] {
        try transaction.map("SELECT id, type, blob FROM policies ORDER BY id", Self.policy)
    }

    func policy(id: String, in transaction: borrowing Transaction) throws -> StoredPolicy? {
        try transaction.first("SELECT id, type, blob FROM policies WHERE id = \(id)", Self.policy)
    }

    func insert(_ group: EndpointGroup, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO endpoint_groups (id, name, description, filters)
            VALUES (\(group.id), \(group.name), \(group.description), \(group.filters))
            """)
    }

    func update(_ group: EndpointGroup, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE endpoint_groups
            SET name = \(group.name), description = \(group.description), filters = \(group.filters)
            WHERE id = \(group.id)
            """)
    }

    func delete(endpointGroupID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM endpoint_groups WHERE id = \(endpointGroupID)") == 1
    }

    func endpointGroups(in transaction: borrowing Transaction) throws -> [EndpointGroup] {
        try transaction.map("SELECT id, name, description, filters FROM endpoint_groups ORDER BY id", Self.group)
    }

    func endpointGroup(id: String, in transaction: borrowing Transaction) throws -> EndpointGroup? {
        try transaction.first(
            "SELECT id, name, description, filters FROM endpoint_groups WHERE id = \(id)", Self.group)
    }

    private static func policy(_ row: Row) throws -> StoredPolicy {
        try StoredPolicy(id: row[0], type: row[1], blob: row[2])
    }

    private static func group(_ row: Row) throws -> EndpointGroup {
        try EndpointGroup(id: row[0], name: row[1], description: row[2], filters: row[3])
    }
}
