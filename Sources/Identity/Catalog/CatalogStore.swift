public import Database

/// The tables `catalog_services` and `endpoints`.
struct CatalogStore {
    private static let serviceColumns: SQL = "s.id, s.type, s.name, s.description, s.enabled"
    private static let endpointColumns: SQL = "e.id, e.service_id, e.region_id, e.interface, e.url, e.enabled"

    func insert(_ service: CatalogService, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO catalog_services (id, type, name, description, enabled)
            VALUES (\(service.id), \(service.type), \(service.name), \(service.description), \(service.isEnabled))
            """)
    }

    func update(_ service: CatalogService, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE catalog_services
            SET type = \(service.type), name = \(service.name), description = \(service.description),
                enabled = \(service.isEnabled)
            WHERE id = \(service.id)
            """)
    }

    func delete(serviceID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM catalog_services WHERE id = \(serviceID)") == 1
    }

    /// By type.
    func services(_ filter: CatalogServiceFilter, in transaction: borrowing Transaction) throws -> [CatalogService] {
        let type = filter.type.map { "s.type = \($0)" as SQL }
        let name = filter.name.map { "s.name = \($0)" as SQL }
        return try transaction.map(
            "SELECT \(sql: Self.serviceColumns) FROM catalog_services AS s \(sql: .matching(type, name)) ORDER BY s.type, s.id",
            Self.service)
    }

    func service(id: String, in transaction: borrowing Transaction) throws -> CatalogService? {
        try transaction.first(
            "SELECT \(sql: Self.serviceColumns) FROM catalog_services AS s WHERE id = \(id)", Self.service)
    }

    func insert(_ endpoint: Endpoint, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO endpoints (id, service_id, region_id, interface, url, enabled)
            VALUES (\(endpoint.id), \(endpoint.serviceID), \(endpoint.regionID), \(endpoint.interface),
                \(endpoint.url), \(endpoint.isEnabled))
            """)
    }

    func update(_ endpoint: Endpoint, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE endpoints
            SET service_id = \(endpoint.serviceID), region_id = \(endpoint.regionID),
                interface = \(endpoint.interface), url = \(endpoint.url), enabled = \(endpoint.isEnabled)
            WHERE id = \(endpoint.id)
            """)
    }

    func delete(endpointID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM endpoints WHERE id = \(endpointID)") == 1
    }

    /// By service; of one service the public one first.
    func endpoints(_ filter: EndpointFilter, in transaction: borrowing Transaction) throws -> [Endpoint] {
        let service = filter.serviceID.map { "e.service_id = \($0)" as SQL }
        let region = filter.regionID.map { "e.region_id = \($0)" as SQL }
        let endpoints = try transaction.map(
            """
            SELECT \(sql: Self.endpointColumns) FROM endpoints AS e \(sql: .matching(service, region))
            ORDER BY e.service_id, e.id
            """, Self.endpoint)
        return endpoints.filter { filter.interface == nil || $0.interface == filter.interface }
    }

    func endpoint(id: String, in transaction: borrowing Transaction) throws -> Endpoint? {
        try transaction.first(
            "SELECT \(sql: Self.endpointColumns) FROM endpoints AS e WHERE id = \(id)", Self.endpoint)
    }

    private static func service(_ row: Row) throws -> CatalogService {
        try CatalogService(id: row[0], type: row[1], name: row[2], description: row[3], isEnabled: row[4])
    }

    private static func endpoint(_ row: Row) throws -> Endpoint {
        try Endpoint(
            id: row[0], serviceID: row[1], regionID: row[2], interface: row[3], url: row[4], isEnabled: row[5])
    }
}

extension Endpoint.Interface: DatabaseValue {}
