import Database
import ServiceCore

/// The only SQL for `ports`. Ports come with their addresses, groups, address pairs and DHCP options: five statements for a whole
/// list.
struct PortStore {
    private let security = PortSecurityStore()
    private let options = ExtraDHCPOptionStore()

    private static let columns: SQL = """
        p.id, p.network_id, n.name, n.mtu, p.project_id, p.name, p.description, p.mac_address, p.admin_state_up,
        p.status, p.device_id, p.device_owner, p.binding_host, p.vnic_type, p.port_security_enabled, p.nic_index,
        p.revision_number, p.created_at, p.updated_at, p.binding_profile
        """

    func find(_ id: ID<Port>, in transaction: borrowing Transaction) throws -> Port? {
        try find("p.id = \(id)", in: transaction).first
    }

    /// The port that has an address on a network; there is at most one.
    func find(
        address: IPAddress, on networkID: ID<Network>, in transaction: borrowing Transaction
    ) throws -> Port? {
        try find(
            """
            p.id = (SELECT port_id FROM ipallocations WHERE network_id = \(networkID) AND ip_address = \(address))
            """, in: transaction
        ).first
    }

    /// The networks that have a DHCP port.
    func networksWithDHCP(in transaction: borrowing Transaction) throws -> [ID<Network>] {
        try transaction.map(
            "SELECT network_id FROM ports INDEXED BY ports_dhcp WHERE device_owner = 'network:dhcp' ORDER BY network_id"
        ) { row in try row[0] }
    }

    /// By name, the unnamed first. A project sees its own ports and those on its own networks.
    func list(
        _ filter: PortFilter, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [Port] {
        var condition: SQL = "TRUE"
        if let networkID = filter.networkID { condition += " AND p.network_id = \(networkID)" }
        if let deviceID = filter.deviceID { condition += " AND p.device_id = \(deviceID)" }
        if let deviceOwner = filter.deviceOwner { condition += " AND p.device_owner = \(deviceOwner)" }
        if let subnetID = filter.subnetID {
            condition += " AND p.id IN (SELECT port_id FROM ipallocations WHERE subnet_id = \(subnetID))"
        }
        return try find(condition + " AND " + Self.visible(to: projectID), in: transaction)
    }

    /// The ports `p` that a project sees: its own and those on its own networks.
    private static func visible(to projectID: String?) -> SQL {
        guard let projectID else { return "TRUE" }
        return """
            (p.project_id = \(projectID) OR p.network_id IN (SELECT id FROM networks WHERE project_id = \(projectID)))
            """
    }

    /// What a listing asks for, of what a project sees; nil sees all.
    func list(
        _ listing: Listing, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [Port] {
        let selection = try ListingStore.ports.selection(
            listing, visible: Self.visible(to: projectID), to: projectID, in: transaction)
        return try find(selection.condition, order: selection.order, in: transaction)
    }

    /// The cards of an instance, in their order.
    func cards(ofInstance instanceID: String, in transaction: borrowing Transaction) throws -> [Port] {
        try find("p.device_id = \(instanceID) AND p.nic_index IS NOT NULL", in: transaction)
            .sorted { ($0.nicIndex ?? 0) < ($1.nicIndex ?? 0) }
    }

    /// The network's DHCP port; there is at most one.
    func dhcpPort(of networkID: ID<Network>, in transaction: borrowing Transaction) throws -> Port? {
        try find("p.network_id = \(networkID) AND p.device_owner = 'network:dhcp'", in: transaction).first
    }

    /// Ports that keep a network from being deleted.
    func ordinaryPorts(
        of networkID: ID<Network>, limit: Int, in transaction: borrowing Transaction
    ) throws -> [ID<Port>] {
        try transaction.map(
            """
            SELECT id FROM ports WHERE network_id = \(networkID) AND device_owner <> 'network:dhcp' LIMIT \(limit)
            """
        ) { row in try row[0] }
    }

    /// Ports with an address of a subnet, the DHCP server's aside: they keep the subnet from being deleted.
    /// - Parameter routersOnly: whether only those of routers do.
    func ordinaryPorts(
        onSubnet subnetID: ID<Subnet>, routersOnly: Bool = false, limit: Int, in transaction: borrowing Transaction
    ) throws -> [ID<Port>] {
        let owners: SQL =
            routersOnly
            ? "p.device_owner IN ('network:router_interface', 'network:router_gateway')"
            : "p.device_owner <> 'network:dhcp'"
        return try transaction.map(
            """
            SELECT DISTINCT p.id FROM ipallocations a JOIN ports p ON p.id = a.port_id
            WHERE a.subnet_id = \(subnetID) AND \(sql: owners) LIMIT \(limit)
            """
        ) { row in try row[0] }
    }

    /// All ports with an address of a subnet.
    func list(onSubnet subnetID: ID<Subnet>, in transaction: borrowing Transaction) throws -> [Port] {
        try find("p.id IN (SELECT port_id FROM ipallocations WHERE subnet_id = \(subnetID))", in: transaction)
    }

    /// Ports of the cloud's own that are on no host.
    func waitingForHost(_ owners: [String], in transaction: borrowing Transaction) throws -> [Port] {
        guard !owners.isEmpty else { return [] }
        return try find("p.device_owner IN (\(list: owners)) AND p.binding_host = ''", in: transaction)
    }

    private func find(
        _ condition: SQL, order: SQL = "p.name, p.id", in transaction: borrowing Transaction
    ) throws -> [Port] {
        let addresses = try transaction.map(
            """
            SELECT a.port_id, a.subnet_id, a.ip_address FROM ports p JOIN ipallocations a ON a.port_id = p.id
            WHERE \(sql: condition)
            """
        ) { row in (try row[0] as ID<Port>, FixedIP(subnetID: try row[1], address: try row[2])) }
        let addressesByPort = Dictionary(grouping: addresses, by: \.0).mapValues { pairs in
            pairs.map(\.1).sorted { $0.address < $1.address }
        }
        let groups = try security.groups(ofPorts: condition, in: transaction)
        let pairs = try security.pairs(ofPorts: condition, in: transaction)
        let options = try options.options(ofPorts: condition, in: transaction)
        return try transaction.map(
            """
            SELECT \(sql: Self.columns) FROM ports p JOIN networks n ON n.id = p.network_id
            WHERE \(sql: condition) ORDER BY \(sql: order)
            """
        ) { row in
            let id: ID<Port> = try row[0]
            return Port(
                id: id, networkID: try row[1], networkName: try row[2], mtu: try row[3], projectID: try row[4],
                name: try row[5], description: try row[6], macAddress: try row[7], adminStateUp: try row[8],
                status: try row[9], deviceID: try row[10], deviceOwner: try row[11],
                fixedIPs: addressesByPort[id] ?? [], bindingHost: try row[12], vnicType: try row[13],
                portSecurityEnabled: try row[14], securityGroupIDs: groups[id] ?? [],
                allowedAddressPairs: pairs[id] ?? [], extraDHCPOptions: options[id] ?? [],
                bindingProfile: try row[19], nicIndex: try row[15], revision: try row[16],
                createdAt: try row[17], updatedAt: try row[18])
        }
    }

    func insert(_ port: Port, madeForInstance: Bool, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO ports (id, network_id, project_id, name, description, mac_address, admin_state_up, status,
                device_id, device_owner, binding_host, vnic_type, port_security_enabled, nic_index,
                made_for_instance, revision_number, created_at, updated_at, binding_profile)
            VALUES (\(port.id), \(port.networkID), \(port.projectID), \(port.name), \(port.description),
                \(port.macAddress), \(port.adminStateUp), \(port.status), \(port.deviceID), \(port.deviceOwner),
                \(port.bindingHost), \(port.vnicType), \(port.portSecurityEnabled), \(port.nicIndex),
                \(madeForInstance), \(port.revision), \(port.createdAt), \(port.updatedAt), \(port.bindingProfile))
            """)
        try security.insert(of: port, in: transaction)
        try options.insert(of: port, in: transaction)
    }

    func update(_ port: Port, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE ports SET name = \(port.name), description = \(port.description),
                mac_address = \(port.macAddress), admin_state_up = \(port.adminStateUp), status = \(port.status),
                device_id = \(port.deviceID), device_owner = \(port.deviceOwner),
                binding_host = \(port.bindingHost), vnic_type = \(port.vnicType),
                port_security_enabled = \(port.portSecurityEnabled), nic_index = \(port.nicIndex),
                binding_profile = \(port.bindingProfile), revision_number = \(port.revision),
                updated_at = \(port.updatedAt)
            WHERE id = \(port.id)
            """)
    }

    func touch(_ id: ID<Port>, at now: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "UPDATE ports SET revision_number = revision_number + 1, updated_at = \(now) WHERE id = \(id)")
    }

    /// Its addresses must have been given back.
    func delete(_ id: ID<Port>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM ports WHERE id = \(id)")
    }

    func isMadeForInstance(_ id: ID<Port>, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value("SELECT made_for_instance FROM ports WHERE id = \(id)") ?? false
    }

    func isTaken(
        _ macAddress: MACAddress, on networkID: ID<Network>, in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.value(
            """
            SELECT EXISTS (SELECT 1 FROM ports WHERE network_id = \(networkID) AND mac_address = \(macAddress))
            """) ?? false
    }

    /// Whether projects other than the network's own have ports on it.
    func isUsedByOthers(_ network: Network, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value(
            """
            SELECT EXISTS (SELECT 1 FROM ports WHERE network_id = \(network.id)
                AND project_id NOT IN (\(network.projectID), '') AND device_owner <> 'network:dhcp')
            """) ?? false
    }

    /// Whether routers lead out, or floating IPs are, on a network.
    func hasWaysOut(_ networkID: ID<Network>, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value(
            """
            SELECT EXISTS (SELECT 1 FROM ports WHERE network_id = \(networkID)
                AND device_owner IN ('network:router_gateway', 'network:floatingip'))
            """) ?? false
    }

    /// The addresses of some instances' cards: one statement for a page of a list.
    func addresses(
        ofInstances instanceIDs: [String], in transaction: borrowing Transaction
    ) throws -> [(instanceID: String, address: InstanceAddress)] {
        try transaction.map(
            """
            SELECT p.device_id, n.id, n.name, a.ip_address, p.mac_address
            FROM ports p JOIN networks n ON n.id = p.network_id JOIN ipallocations a ON a.port_id = p.id
            WHERE p.device_id IN (\(list: instanceIDs)) AND p.nic_index IS NOT NULL
            ORDER BY p.device_id, p.nic_index
            """
        ) { row in
            let address = InstanceAddress(
                networkID: try row[1], networkName: try row[2], address: try row[3], macAddress: try row[4])
            return (try row[0], address)
        }
    }

    func instances(
        addressContains text: String, version: IPVersion, in transaction: borrowing Transaction
    ) throws -> [String] {
        let colon: SQL = version == .v6 ? "> 0" : "= 0"
        return try transaction.map(
            """
            SELECT DISTINCT p.device_id FROM ports p JOIN ipallocations a ON a.port_id = p.id
            WHERE p.nic_index IS NOT NULL AND instr(a.ip_address, \(text)) > 0
                AND instr(a.ip_address, ':') \(sql: colon)
            """
        ) { try $0[0] as String }
    }
}
