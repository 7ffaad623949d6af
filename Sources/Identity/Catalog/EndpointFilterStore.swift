import Database

/// The tables `project_endpoints` and `project_endpoint_groups`.
struct EndpointFilterStore {
    /// Shows a project an endpoint; showing it again changes nothing.
    func insert(endpointID: String, projectID: String, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO project_endpoints (project_id, endpoint_id) VALUES (\(projectID), \(endpointID))
            ON CONFLICT DO NOTHING
            """)
    }

    func delete(endpointID: String, projectID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute(
            "DELETE FROM project_endpoints WHERE project_id = \(projectID) AND endpoint_id = \(endpointID)") == 1
    }

    func endpointIDs(of projectID: String, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map(
            "SELECT endpoint_id FROM project_endpoints WHERE project_id = \(projectID) ORDER BY endpoint_id"
        ) { row in try row[0] }
    }

    func projectIDs(ofEndpoint endpointID: String, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map(
            "SELECT project_id FROM project_endpoints WHERE endpoint_id = \(endpointID) ORDER BY project_id"
        ) { row in try row[0] }
    }

    /// Shows a project a group of endpoints; showing it again changes nothing.
    func insert(groupID: String, projectID: String, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO project_endpoint_groups (project_id, endpoint_group_id) VALUES (\(projectID), \(groupID))
            ON CONFLICT DO NOTHING
            """)
    }

    func delete(groupID: String, projectID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute(
            """
            DELETE FROM project_endpoint_groups
            WHERE project_id = \(projectID) AND endpoint_group_id = \(groupID)
            """) == 1
    }

    func groupIDs(of projectID: String, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map(
            """
            SELECT endpoint_group_id FROM project_endpoint_groups WHERE project_id = \(projectID)
            ORDER BY endpoint_group_id
            """
        ) { row in try row[0] }
    }

    func projectIDs(ofGroup groupID: String, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map(
            """
            SELECT project_id FROM project_endpoint_groups WHERE endpoint_group_id = \(groupID) ORDER BY project_id
            """
        ) { row in try row[0] }
    }

    /// Whether any project is shown only some endpoints.
    func isUsed(in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value(
            """
            SELECT EXISTS (SELECT 1 FROM project_endpoints) OR EXISTS (SELECT 1 FROM project_endpoint_groups)
            """, as: Bool.self) ?? false
    }
}
