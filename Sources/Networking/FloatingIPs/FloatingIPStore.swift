import Database
import ServiceCore

/// The only SQL for `floatingips`.
struct FloatingIPStore {
    private static let columns: SQL = """
        f.id, f.project_id, f.description, f.floating_ip_address, f.floating_network_id, n.name, f.floating_port_id,
        f.fixed_port_id, f.fixed_ip_address, f.router_id, p.device_id, p.device_owner, f.revision_number,
        f.created_at, f.updated_at, p.name, p.network_id, p.mac_address, p.admin_state_up, p.status
        """

    /// By address.
    func list(
        _ filter: FloatingIPFilter, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [FloatingIP] {
        var condition: SQL = "TRUE"
        if let projectID { condition = "f.project_id = \(projectID)" }
        if let owner = filter.projectID { condition += " AND f.project_id = \(owner)" }
        if let networkID = filter.networkID { condition += " AND f.floating_network_id = \(networkID)" }
        if let portID = filter.portID { condition += " AND f.fixed_port_id = \(portID)" }
        return try find(condition, in: transaction).sorted { $0.address < $1.address }
    }

    /// What a listing asks for, of what a project sees; nil sees all.
    func list(
        _ listing: Listing, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [FloatingIP] {
        let selection = try ListingStore.floatingIPs.selection(
            listing, visible: projectID.map { "f.project_id = \($0)" } ?? "TRUE", to: projectID, in: transaction)
        return try find(selection.condition, order: selection.order, in: transaction)
    }

    func find(_ id: ID<FloatingIP>, in transaction: borrowing Transaction) throws -> FloatingIP? {
        try find("f.id = \(id)", in: transaction).first
    }

    /// Those that lead to a port.
    func list(ofPort portID: ID<Port>, in transaction: borrowing Transaction) throws -> [FloatingIP] {
        try find("f.fixed_port_id = \(portID)", in: transaction)
    }

    /// Those that a router carries.
    func list(ofRouter routerID: ID<NetworkRouter>, in transaction: borrowing Transaction) throws -> [FloatingIP] {
        try find("f.router_id = \(routerID)", in: transaction)
    }

    private func find(
        _ condition: SQL, order: SQL = "f.floating_ip_address, f.id", in transaction: borrowing Transaction
    ) throws -> [FloatingIP] {
        try transaction.map(
            """
            SELECT \(sql: Self.columns) FROM floatingips f JOIN networks n ON n.id = f.floating_network_id
                LEFT JOIN ports p ON p.id = f.fixed_port_id
            WHERE \(sql: condition) ORDER BY \(sql: order)
            """
        ) { row in
            FloatingIP(
                id: try row[0], projectID: try row[1], description: try row[2], address: try row[3],
                networkID: try row[4], networkName: try row[5], portID: try row[6],
                association: try Self.association(row), revision: try row[12], createdAt: try row[13],
                updatedAt: try row[14])
        }
    }

    private static func association(_ row: Row) throws -> FloatingIP.Association? {
        guard let portID: ID<Port> = try row[7], let address: IPAddress = try row[8],
            let routerID: ID<NetworkRouter> = try row[9]
        else { return nil }
        return FloatingIP.Association(
            portID: portID, fixedAddress: address, routerID: routerID, deviceID: try row[10], deviceOwner: try row[11],
            name: try row[15], networkID: try row[16], macAddress: try row[17], adminStateUp: try row[18],
            status: try row[19])
    }

    /// Some of those that a router carries; with subnets, only those that lead to one of these.
    func ids(
        ofRouter routerID: ID<NetworkRouter>, inside subnets: [ID<Subnet>]? = nil, limit: Int,
        in transaction: borrowing Transaction
    ) throws -> [ID<FloatingIP>] {
        guard let subnets else {
            return try transaction.map(
                "SELECT id FROM floatingips WHERE router_id = \(routerID) LIMIT \(limit)"
            ) { row in try row[0] }
        }
        return try transaction.map(
            """
            SELECT f.id FROM floatingips f JOIN ipallocations a ON a.port_id = f.fixed_port_id
                AND a.ip_address = f.fixed_ip_address
            WHERE f.router_id = \(routerID) AND a.subnet_id IN (\(list: subnets)) LIMIT \(limit)
            """
        ) { row in try row[0] }
    }

    /// Those that lead to some instances, each as an address of the network inside.
    func addresses(
        ofInstances ids: [String], in transaction: borrowing Transaction
    ) throws -> [(instanceID: String, address: InstanceAddress)] {
        try transaction.map(
            """
            SELECT p.device_id, n.id, n.name, f.floating_ip_address, p.mac_address
            FROM ports p JOIN floatingips f ON f.fixed_port_id = p.id JOIN networks n ON n.id = p.network_id
            WHERE p.device_id IN (\(list: ids)) AND p.nic_index IS NOT NULL
            ORDER BY p.device_id, p.nic_index, f.floating_ip_address
            """
        ) { row in
            let address = InstanceAddress(
                networkID: try row[1], networkName: try row[2], address: try row[3], macAddress: try row[4],
                isFloating: true)
            return (try row[0], address)
        }
    }

    /// Whether another floating IP of the same external network leads to an address.
    func isTaken(
        _ portID: ID<Port>, _ address: IPAddress, from networkID: ID<Network>, but own: ID<FloatingIP>?,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.value(
            """
            SELECT EXISTS (SELECT 1 FROM floatingips WHERE fixed_port_id = \(portID)
                AND fixed_ip_address = \(address) AND floating_network_id = \(networkID) AND id <> \(own?.text ?? ""))
            """) ?? false
    }

    func insert(_ floatingIP: FloatingIP, in transaction: borrowing Transaction) throws {
        let association = floatingIP.association
        try transaction.execute(
            """
            INSERT INTO floatingips (id, project_id, description, floating_ip_address, floating_network_id,
                floating_port_id, fixed_port_id, fixed_ip_address, router_id, status, revision_number, created_at,
                updated_at)
            VALUES (\(floatingIP.id), \(floatingIP.projectID), \(floatingIP.description), \(floatingIP.address),
                \(floatingIP.networkID), \(floatingIP.portID), \(association?.portID),
                \(association?.fixedAddress), \(association?.routerID), \(floatingIP.status),
                \(floatingIP.revision), \(floatingIP.createdAt), \(floatingIP.updatedAt))
            """)
    }

    func update(_ floatingIP: FloatingIP, in transaction: borrowing Transaction) throws {
        let association = floatingIP.association
        try transaction.execute(
            """
            UPDATE floatingips SET description = \(floatingIP.description),
                fixed_port_id = \(association?.portID), fixed_ip_address = \(association?.fixedAddress),
                router_id = \(association?.routerID), status = \(floatingIP.status),
                revision_number = \(floatingIP.revision), updated_at = \(floatingIP.updatedAt)
            WHERE id = \(floatingIP.id)
            """)
    }

    func touch(_ id: ID<FloatingIP>, at now: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "UPDATE floatingips SET revision_number = revision_number + 1, updated_at = \(now) WHERE id = \(id)")
    }

    /// The port that holds its address must go after it.
    func delete(_ id: ID<FloatingIP>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM floatingips WHERE id = \(id)")
    }
}
