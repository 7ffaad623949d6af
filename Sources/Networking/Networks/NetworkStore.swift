import Database
import ServiceCore

/// The only SQL for `networks`. Networks come with the summaries of their subnets: two statements for a whole list.
struct NetworkStore {
    private static let columns: SQL = """
        n.id, n.project_id, n.name, n.description, n.admin_state_up, n.status, n.shared, n.external, n.mtu,
        n.port_security_enabled, n.availability_zone_hints, n.network_type, n.physical_network, n.segmentation_id,
        n.revision_number, n.created_at, n.updated_at
        """

    /// By name, the unnamed first.
    func list(
        _ filter: NetworkFilter, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [Network] {
        try find(Self.condition(filter, visibleTo: projectID), in: transaction)
    }

    func allIDs(in transaction: borrowing Transaction) throws -> [ID<Network>] {
        try transaction.map("SELECT id FROM networks ORDER BY id") { row in try row[0] }
    }

    func find(_ id: ID<Network>, in transaction: borrowing Transaction) throws -> Network? {
        try find("n.id = \(id)", in: transaction).first
    }

    /// What a listing asks for, of what a project sees; nil sees all.
    func list(
        _ listing: Listing, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [Network] {
        let selection = try ListingStore.networks.selection(
            listing, visible: Self.visible(to: projectID), to: projectID, in: transaction)
        return try find(selection.condition, order: selection.order, in: transaction)
    }

    /// Networks whose DHCP server is on a host, or will be, by name.
    func list(servedFrom host: String, in transaction: borrowing Transaction) throws -> [Network] {
        try find(
            """
            n.id IN (SELECT network_id FROM ports WHERE device_owner = 'network:dhcp' AND binding_host = \(host)
                UNION ALL SELECT b.network_id FROM networkdhcpagentbindings b JOIN agents a ON a.id = b.dhcp_agent_id
                WHERE a.host = \(host) AND a.admin_state_up = 1)
            """, in: transaction)
    }

    /// The networks `n` that a project sees: its own and those that are shared with it or lead out for it.
    static func visible(to projectID: String?) -> SQL {
        guard let projectID else { return "TRUE" }
        return """
            (n.project_id = \(projectID) OR n.id IN (SELECT object_id FROM rbac_policies
                WHERE object_type = 'network' AND target_project IN (\(projectID), '*')))
            """
    }

    private func find(
        _ condition: SQL, order: SQL = "n.name, n.id", in transaction: borrowing Transaction
    ) throws -> [Network] {
        let subnets = try transaction.map(
            """
            SELECT s.network_id, s.id, s.name, s.cidr, s.enable_dhcp, o.address_scope_id
            FROM networks n JOIN subnets s ON s.network_id = n.id LEFT JOIN subnetpools o ON o.id = s.subnetpool_id
            WHERE \(sql: condition) ORDER BY s.created_at, s.id
            """
        ) { row in
            let networkID: ID<Network> = try row[0]
            return (
                networkID,
                SubnetSummary(
                    id: try row[1], name: try row[2], cidr: try row[3], enableDHCP: try row[4],
                    addressScopeID: try row[5])
            )
        }
        let subnetsByNetwork = Dictionary(grouping: subnets, by: \.0).mapValues { $0.map(\.1) }
        return try transaction.map(
            "SELECT \(sql: Self.columns) FROM networks n WHERE \(sql: condition) ORDER BY \(sql: order)"
        ) { row in
            var network = try Self.network(row)
            network.subnets = subnetsByNetwork[network.id] ?? []
            return network
        }
    }

    private static func condition(_ filter: NetworkFilter, visibleTo projectID: String?) -> SQL {
        var condition = visible(to: projectID)
        if let owner = filter.projectID { condition += " AND n.project_id = \(owner)" }
        if let name = filter.name, !name.isEmpty { condition += " AND instr(lower(n.name), \(name.lowercased())) > 0" }
        if let shared = filter.shared { condition += " AND n.shared = \(shared)" }
        if let external = filter.external { condition += " AND n.external = \(external)" }
        if let isUp = filter.adminStateUp { condition += " AND n.admin_state_up = \(isUp)" }
        if let status = filter.status { condition += " AND n.status = \(status)" }
        return condition
    }

    private static func network(_ row: Row) throws -> Network {
        let hints: String = try row[10]
        return Network(
            id: try row[0], projectID: try row[1], name: try row[2], description: try row[3],
            adminStateUp: try row[4], status: try row[5], shared: try row[6], external: try row[7], mtu: try row[8],
            portSecurityEnabled: try row[9], availabilityZoneHints: hints.split(separator: "\n").map(String.init),
            provider: ProviderSegment(type: try row[11], physicalNetwork: try row[12], segmentationID: try row[13]),
            subnets: [], revision: try row[14], createdAt: try row[15], updatedAt: try row[16])
    }

    func insert(_ network: Network, in transaction: borrowing Transaction) throws {
        let segment = network.provider ?? .local
        try transaction.execute(
            """
            INSERT INTO networks (id, project_id, name, description, admin_state_up, status, shared, external, mtu,
                port_security_enabled, availability_zone_hints, network_type, physical_network, segmentation_id,
                revision_number, created_at, updated_at)
            VALUES (\(network.id), \(network.projectID), \(network.name), \(network.description),
                \(network.adminStateUp), \(network.status), \(network.shared), \(network.external), \(network.mtu),
                \(network.portSecurityEnabled), \(network.availabilityZoneHints.joined(separator: "\n")),
                \(segment.type), \(segment.physicalNetwork), \(segment.segmentationID),
                \(network.revision), \(network.createdAt), \(network.updatedAt))
            """)
    }

    func update(_ network: Network, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE networks SET name = \(network.name), description = \(network.description),
                admin_state_up = \(network.adminStateUp), shared = \(network.shared), external = \(network.external),
                mtu = \(network.mtu), port_security_enabled = \(network.portSecurityEnabled),
                revision_number = \(network.revision), updated_at = \(network.updatedAt)
            WHERE id = \(network.id)
            """)
    }

    func delete(_ id: ID<Network>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM networks WHERE id = \(id)")
    }

    /// Some network with guests on a host, drawn from those that there are: that of the first card after a random place
    /// in the order of instances.
    func anyID(
        withPortsOn host: String, in transaction: borrowing Transaction
    ) throws -> ID<Network>? {
        let place = RandomIdentifier.uuid()
        return try transaction.value(
            """
            SELECT network_id FROM ports WHERE device_id >= \(place) AND nic_index IS NOT NULL
                AND binding_host = \(host) ORDER BY device_id, nic_index LIMIT 1
            """)
            ?? transaction.value(
                """
                SELECT network_id FROM ports WHERE device_id > '' AND nic_index IS NOT NULL
                    AND binding_host = \(host) ORDER BY device_id, nic_index LIMIT 1
                """)
    }

    /// A change of the network's subnets is a change of the network, as in neutron.
    func touch(_ id: ID<Network>, at now: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "UPDATE networks SET revision_number = revision_number + 1, updated_at = \(now) WHERE id = \(id)")
    }

    /// Whether another network is carried by the same segment.
    func isTaken(_ segment: ProviderSegment, in transaction: borrowing Transaction) throws -> Bool {
        let condition: SQL
        switch segment.type {
        case .local:
            return false
        case .flat:
            condition = "network_type = 'flat' AND physical_network = \(segment.physicalNetwork)"
        case .vlan:
            condition = """
                network_type = 'vlan' AND physical_network = \(segment.physicalNetwork)
                AND segmentation_id = \(segment.segmentationID)
                """
        case .gre, .vxlan, .geneve:
            condition = """
                network_type IN ('gre', 'vxlan', 'geneve') AND network_type = \(segment.type)
                AND segmentation_id = \(segment.segmentationID)
                """
        }
        return try transaction.value("SELECT EXISTS (SELECT 1 FROM networks WHERE \(sql: condition))") ?? false
    }
}
