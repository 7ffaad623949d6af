import Database

/// The tables `project_endpoints` and `project_endpoint_groups`.
struct EndpointFilterStore {
    /// Gives a project an endpoint or a group; giving it again changes nothing.
    func insert(_ link: EndpointLink, projectID: String, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO \(sql: link.table) (project_id, \(sql: link.column)) VALUES (\(projectID), \(link.id))
            ON CONFLICT DO NOTHING
            """)
    }

    /// Whether it was there.
    func delete(_ link: EndpointLink, projectID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute(
            """
            DELETE FROM \(sql: link.table) WHERE project_id = \(projectID) AND \(sql: link.column) = \(link.id)
            """) == 1
    }

    func projectIDs(of link: EndpointLink, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map(
            """
            SELECT project_id FROM \(sql: link.table) WHERE \(sql: link.column) = \(link.id) ORDER BY project_id
            """
        ) { row in try row[0] }
    }

    func endpointIDs(of projectID: String, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map(
            "SELECT endpoint_id FROM project_endpoints WHERE project_id = \(projectID) ORDER BY endpoint_id"
        ) { row in try row[0] }
    }

    func groupIDs(of projectID: String, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map(
            """
            SELECT endpoint_group_id FROM project_endpoint_groups WHERE project_id = \(projectID)
            ORDER BY endpoint_group_id
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

extension EndpointLink {
    fileprivate var table: SQL {
        switch self {
        case .endpoint: "project_endpoints"
        case .group: "project_endpoint_groups"
        }
    }

    fileprivate var column: SQL {
        switch self {
        case .endpoint: "endpoint_id"
        case .group: "endpoint_group_id"
        }
    }

    fileprivate var id: String {
        switch self {
        case .endpoint(let id), .group(let id): id
        }
    }
}
