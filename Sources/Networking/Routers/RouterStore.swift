import Database
import ServiceCore

/// The only SQL for `routers` and `routerroutes`. Which ports a router has, the ports say (`device_id`).
struct RouterStore {
    private static let columns: SQL = """
        r.id, r.project_id, r.name, r.description, r.admin_state_up, r.enable_snat, r.revision_number, r.created_at,
        r.updated_at, p.id, n.id, n.name
        """

    /// By name, the unnamed first.
    func list(
        _ filter: RouterFilter, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [NetworkRouter] {
        var condition: SQL = "TRUE"
        if let projectID { condition = "r.project_id = \(projectID)" }
        if let owner = filter.projectID { condition += " AND r.project_id = \(owner)" }
        if let name = filter.name, !name.isEmpty { condition += " AND instr(lower(r.name), \(name.lowercased())) > 0" }
        return try find(condition, in: transaction)
    }

    func find(_ id: ID<NetworkRouter>, in transaction: borrowing Transaction) throws -> NetworkRouter? {
        try find("r.id = \(id)", in: transaction).first
    }

    /// What a listing asks for, of what a project sees; nil sees all.
    func list(
        _ listing: Listing, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [NetworkRouter] {
        let selection = try ListingStore.routers.selection(
            listing, visible: projectID.map { "r.project_id = \($0)" } ?? "TRUE", to: projectID, in: transaction)
        return try find(selection.condition, order: selection.order, in: transaction)
    }

    /// Routers with a port on a host, by name.
    func list(servedFrom host: String, in transaction: borrowing Transaction) throws -> [NetworkRouter] {
        try find(
            """
            r.id IN (SELECT device_id FROM ports WHERE binding_host = \(host)
                AND device_owner IN ('network:router_interface', 'network:router_gateway'))
            """, in: transaction)
    }

    /// Three statements, however many routers.
    private func find(
        _ condition: SQL, order: SQL = "r.name, r.id", in transaction: borrowing Transaction
    ) throws -> [NetworkRouter] {
        let routes = try transaction.map(
            """
            SELECT o.router_id, o.destination, o.nexthop FROM routers r JOIN routerroutes o ON o.router_id = r.id
            WHERE \(sql: condition) ORDER BY o.position
            """
        ) { row in (try row[0] as ID<NetworkRouter>, HostRoute(destination: try row[1], nextHop: try row[2])) }
        let addresses = try transaction.map(
            """
            SELECT r.id, a.subnet_id, a.ip_address FROM routers r JOIN ipallocations a ON a.port_id = r.gw_port_id
            WHERE \(sql: condition)
            """
        ) { row in (try row[0] as ID<NetworkRouter>, FixedIP(subnetID: try row[1], address: try row[2])) }
        let routesByRouter = Dictionary(grouping: routes, by: \.0).mapValues { $0.map(\.1) }
        let addressesByRouter = Dictionary(grouping: addresses, by: \.0).mapValues { pairs in
            pairs.map(\.1).sorted { $0.address < $1.address }
        }
        return try transaction.map(
            """
            SELECT \(sql: Self.columns) FROM routers r LEFT JOIN ports p ON p.id = r.gw_port_id
                LEFT JOIN networks n ON n.id = p.network_id
            WHERE \(sql: condition) ORDER BY \(sql: order)
            """
        ) { row in
            let id: ID<NetworkRouter> = try row[0]
            return NetworkRouter(
                id: id, projectID: try row[1], name: try row[2], description: try row[3], adminStateUp: try row[4],
                gateway: try Self.gateway(row, addressesByRouter[id] ?? []), routes: routesByRouter[id] ?? [],
                revision: try row[6], createdAt: try row[7], updatedAt: try row[8])
        }
    }

    private static func gateway(_ row: Row, _ fixedIPs: [FixedIP]) throws -> RouterGateway? {
        guard let portID: ID<Port> = try row[9], let networkID: ID<Network> = try row[10] else { return nil }
        return RouterGateway(
            networkID: networkID, networkName: try row[11], portID: portID, fixedIPs: fixedIPs,
            enableSNAT: try row[5])
    }

    func allIDs(in transaction: borrowing Transaction) throws -> [ID<NetworkRouter>] {
        try transaction.map("SELECT id FROM routers ORDER BY id") { row in try row[0] }
    }

    func insert(_ router: NetworkRouter, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO routers (id, project_id, name, description, admin_state_up, gw_port_id, enable_snat,
                revision_number, created_at, updated_at)
            VALUES (\(router.id), \(router.projectID), \(router.name), \(router.description),
                \(router.adminStateUp), \(router.gateway?.portID), \(router.gateway?.enableSNAT ?? true),
                \(router.revision), \(router.createdAt), \(router.updatedAt))
            """)
        try insertRoutes(of: router, in: transaction)
    }

    func update(_ router: NetworkRouter, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE routers SET name = \(router.name), description = \(router.description),
                admin_state_up = \(router.adminStateUp), gw_port_id = \(router.gateway?.portID),
                enable_snat = \(router.gateway?.enableSNAT ?? true), revision_number = \(router.revision),
                updated_at = \(router.updatedAt)
            WHERE id = \(router.id)
            """)
        try transaction.execute("DELETE FROM routerroutes WHERE router_id = \(router.id)")
        try insertRoutes(of: router, in: transaction)
    }

    private func insertRoutes(of router: NetworkRouter, in transaction: borrowing Transaction) throws {
        for (position, route) in router.routes.enumerated() {
            try transaction.execute(
                """
                INSERT INTO routerroutes (router_id, destination, nexthop, position)
                VALUES (\(router.id), \(route.destination), \(route.nextHop), \(position))
                """)
        }
    }

    /// A change of the router's interfaces or floating IPs is a change of the router.
    func touch(_ id: ID<NetworkRouter>, at now: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "UPDATE routers SET revision_number = revision_number + 1, updated_at = \(now) WHERE id = \(id)")
    }

    /// Its routes go with it; its ports must have gone before.
    func delete(_ id: ID<NetworkRouter>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM routers WHERE id = \(id)")
    }

    /// The routers with an interface or a way out on a network.
    func routers(on networkID: ID<Network>, in transaction: borrowing Transaction) throws -> [ID<NetworkRouter>] {
        try transaction.map(
            """
            SELECT DISTINCT device_id FROM ports WHERE network_id = \(networkID)
                AND device_owner IN ('network:router_interface', 'network:router_gateway')
            """
        ) { row in try row[0] }
    }

    /// Some router, drawn from those that there are: the first after a random place in the order of their ids.
    func anyID(in transaction: borrowing Transaction) throws -> ID<NetworkRouter>? {
        let place = RandomIdentifier.uuid()
        return try transaction.value("SELECT id FROM routers WHERE id >= \(place) ORDER BY id LIMIT 1")
            ?? transaction.value("SELECT min(id) FROM routers")
    }

    /// The router's port that has an address of a network inside.
    func port(
        with address: IPAddress, on networkID: ID<Network>, in transaction: borrowing Transaction
    ) throws -> ID<Port>? {
        try transaction.value(
            """
            SELECT p.id FROM ipallocations a JOIN ports p ON p.id = a.port_id
            WHERE a.network_id = \(networkID) AND a.ip_address = \(address)
                AND p.device_owner = 'network:router_interface'
            """)
    }

    /// The router that joins a subnet to an external network; of several the one that is the subnet's gateway.
    func router(
        from subnet: Subnet, to externalNetworkID: ID<Network>, in transaction: borrowing Transaction
    ) throws -> ID<NetworkRouter>? {
        let found = try transaction.map(
            """
            SELECT r.id, a.ip_address FROM ports p JOIN ipallocations a ON a.port_id = p.id
                JOIN routers r ON r.id = p.device_id JOIN ports g ON g.id = r.gw_port_id
            WHERE p.network_id = \(subnet.networkID)
                AND p.device_owner IN ('network:router_interface', 'network:router_gateway')
                AND p.device_owner = 'network:router_interface'
                AND a.subnet_id = \(subnet.id) AND g.network_id = \(externalNetworkID)
            """
        ) { row in (try row[0] as ID<NetworkRouter>, try row[1] as IPAddress) }
        return found.first { $0.1 == subnet.gateway }?.0 ?? found.first?.0
    }
}
