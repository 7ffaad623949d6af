import Database
import ServiceCore

/// The only SQL for `subnets`, `dnsnameservers` and `subnetroutes`.
struct SubnetStore {
    private static let columns: SQL = """
        s.id, s.network_id, s.project_id, s.name, s.description, s.cidr, s.gateway_ip, s.enable_dhcp, s.ipv6_mode,
        s.revision_number, s.created_at, s.updated_at, s.subnetpool_id,
        (SELECT n.external FROM networks n WHERE n.id = s.network_id)
        """

    func find(_ id: ID<Subnet>, in transaction: borrowing Transaction) throws -> Subnet? {
        try find("s.id = \(id)", in: transaction).first
    }

    /// In the order they were made.
    func list(of networkID: ID<Network>, in transaction: borrowing Transaction) throws -> [Subnet] {
        try find("s.network_id = \(networkID)", in: transaction)
    }

    /// In the order they were made.
    func list(ofNetworks ids: [ID<Network>], in transaction: borrowing Transaction) throws -> [Subnet] {
        try find("s.network_id IN (\(list: ids))", in: transaction)
    }

    /// What a listing asks for, of the subnets of networks that a project sees; nil sees all.
    func list(
        _ listing: Listing, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [Subnet] {
        let visible: SQL = """
            s.network_id IN (SELECT n.id FROM networks n WHERE \(sql: NetworkStore.visible(to: projectID)))
            """
        let selection = try ListingStore.subnets.selection(
            listing, visible: projectID == nil ? "TRUE" : visible, to: projectID, in: transaction)
        return try find(selection.condition, order: selection.order, in: transaction)
    }

    /// Four statements, however many subnets.
    private func find(
        _ condition: SQL, order: SQL = "s.created_at, s.id", in transaction: borrowing Transaction
    ) throws -> [Subnet] {
        let pools = try grouped(
            """
            SELECT p.subnet_id, p.id, p.first_ip, p.last_ip
            FROM subnets s JOIN ipallocationpools p ON p.subnet_id = s.id
                JOIN ipallocationpool_positions o ON o.pool_id = p.id
            WHERE \(sql: condition) ORDER BY o.position
            """, in: transaction
        ) { row in
            let id: ID<AllocationPool> = try row[1]
            return AddressRange(first: try row[2], last: try row[3]).map { AllocationPool(id: id, range: $0) }
        }
        let nameservers: [ID<Subnet>: [IPAddress]] = try grouped(
            """
            SELECT d.subnet_id, d.address FROM subnets s JOIN dnsnameservers d ON d.subnet_id = s.id
            WHERE \(sql: condition) ORDER BY d.position
            """, in: transaction
        ) { row in try row[1] }
        let routes = try grouped(
            """
            SELECT r.subnet_id, r.destination, r.nexthop FROM subnets s JOIN subnetroutes r ON r.subnet_id = s.id
            WHERE \(sql: condition) ORDER BY r.position
            """, in: transaction
        ) { row in HostRoute(destination: try row[1], nextHop: try row[2]) }
        return try transaction.map(
            "SELECT \(sql: Self.columns) FROM subnets s WHERE \(sql: condition) ORDER BY \(sql: order)"
        ) { row in
            let id: ID<Subnet> = try row[0]
            return Subnet(
                id: id, networkID: try row[1], projectID: try row[2], isExternal: try row[13], name: try row[3],
                description: try row[4], cidr: try row[5], gateway: try row[6], enableDHCP: try row[7],
                ipv6Mode: try row[8], pools: pools[id] ?? [], dnsNameservers: nameservers[id] ?? [], hostRoutes: routes[id] ?? [],
                subnetPoolID: try row[12], revision: try row[9], createdAt: try row[10], updatedAt: try row[11])
        }
    }

    /// Rows whose first column is the subnet's id.
    private func grouped<Value>(
        _ sql: SQL, in transaction: borrowing Transaction, _ make: (Row) throws -> Value?
    ) throws -> [ID<Subnet>: [Value]] {
        let rows = try transaction.map(sql) { row in (try row[0] as ID<Subnet>, try make(row)) }
        return rows.reduce(into: [:]) { groups, row in
            guard let value = row.1 else { return }
            groups[row.0, default: []].append(value)
        }
    }

    func insert(_ subnet: Subnet, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO subnets (id, network_id, project_id, name, description, cidr, gateway_ip, enable_dhcp,
                ipv6_mode, subnetpool_id, revision_number, created_at, updated_at)
            VALUES (\(subnet.id), \(subnet.networkID), \(subnet.projectID), \(subnet.name), \(subnet.description),
                \(subnet.cidr), \(subnet.gateway), \(subnet.enableDHCP), \(subnet.ipv6Mode),
                \(subnet.subnetPoolID), \(subnet.revision), \(subnet.createdAt), \(subnet.updatedAt))
            """)
        try insertLists(of: subnet, in: transaction)
    }

    func update(_ subnet: Subnet, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE subnets SET name = \(subnet.name), description = \(subnet.description),
                gateway_ip = \(subnet.gateway), enable_dhcp = \(subnet.enableDHCP),
                revision_number = \(subnet.revision), updated_at = \(subnet.updatedAt)
            WHERE id = \(subnet.id)
            """)
        try transaction.execute("DELETE FROM dnsnameservers WHERE subnet_id = \(subnet.id)")
        try transaction.execute("DELETE FROM subnetroutes WHERE subnet_id = \(subnet.id)")
        try insertLists(of: subnet, in: transaction)
    }

    private func insertLists(of subnet: Subnet, in transaction: borrowing Transaction) throws {
        for (position, address) in subnet.dnsNameservers.enumerated() {
            try transaction.execute(
                """
                INSERT INTO dnsnameservers (subnet_id, address, position)
                VALUES (\(subnet.id), \(address), \(position))
                """)
        }
        for (position, route) in subnet.hostRoutes.enumerated() {
            try transaction.execute(
                """
                INSERT INTO subnetroutes (subnet_id, destination, nexthop, position)
                VALUES (\(subnet.id), \(route.destination), \(route.nextHop), \(position))
                """)
        }
    }

    func touch(_ id: ID<Subnet>, at now: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "UPDATE subnets SET revision_number = revision_number + 1, updated_at = \(now) WHERE id = \(id)")
    }

    /// Pools, name servers and routes go with it.
    func delete(_ id: ID<Subnet>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM subnets WHERE id = \(id)")
    }
}
