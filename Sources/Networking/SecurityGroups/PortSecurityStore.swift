import Database
import ServiceCore

/// The only SQL for `securitygroupportbindings` and `allowedaddresspairs`.
struct PortSecurityStore {
    /// The groups of the ports that a condition on `ports p` names, by port.
    func groups(
        ofPorts condition: SQL, in transaction: borrowing Transaction
    ) throws -> [ID<Port>: [ID<SecurityGroup>]] {
        let rows = try transaction.map(
            """
            SELECT b.port_id, b.security_group_id
            FROM ports p JOIN securitygroupportbindings b ON b.port_id = p.id WHERE \(sql: condition)
            """
        ) { row in (try row[0] as ID<Port>, try row[1] as ID<SecurityGroup>) }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1).sorted { $0.text < $1.text } }
    }

    /// The allowed address pairs of the ports that a condition on `ports p` names, by port.
    func pairs(ofPorts condition: SQL, in transaction: borrowing Transaction) throws -> [ID<Port>: [AddressPair]] {
        let rows = try transaction.map(
            """
            SELECT a.port_id, a.ip_address, a.mac_address
            FROM ports p JOIN allowedaddresspairs a ON a.port_id = p.id
            WHERE \(sql: condition) ORDER BY a.position
            """
        ) { row in (try row[0] as ID<Port>, AddressPair(ipAddress: try row[1], macAddress: try row[2])) }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }

    /// Each once for each port that has it, by instance and name.
    func groupNames(
        ofInstances ids: [String], in transaction: borrowing Transaction
    ) throws -> [(instanceID: String, name: String)] {
        try transaction.map(
            """
            SELECT p.device_id, g.name
            FROM ports p JOIN securitygroupportbindings b ON b.port_id = p.id
                JOIN securitygroups g ON g.id = b.security_group_id
            WHERE p.device_id IN (\(list: ids)) AND p.nic_index IS NOT NULL
            ORDER BY p.device_id, p.nic_index, g.name
            """
        ) { row in (try row[0], try row[1]) }
    }

    /// Replaces both of a port's lists.
    func replace(of port: Port, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM securitygroupportbindings WHERE port_id = \(port.id)")
        try transaction.execute("DELETE FROM allowedaddresspairs WHERE port_id = \(port.id)")
        try insert(of: port, in: transaction)
    }

    func insert(of port: Port, in transaction: borrowing Transaction) throws {
        for group in port.securityGroupIDs {
            try transaction.execute(
                """
                INSERT INTO securitygroupportbindings (port_id, security_group_id, network_id)
                VALUES (\(port.id), \(group), \(port.networkID))
                """)
        }
        for (position, pair) in port.allowedAddressPairs.enumerated() {
            try transaction.execute(
                """
                INSERT INTO allowedaddresspairs (port_id, mac_address, ip_address, position)
                VALUES (\(port.id), \(pair.macAddress), \(pair.ipAddress), \(position))
                """)
        }
    }

    /// Some ports that have a group.
    func ports(
        having group: ID<SecurityGroup>, limit: Int, in transaction: borrowing Transaction
    ) throws -> [ID<Port>] {
        try transaction.map(
            "SELECT port_id FROM securitygroupportbindings WHERE security_group_id = \(group) LIMIT \(limit)"
        ) { row in try row[0] }
    }

    /// The networks with a port that has a group: one look into the index for each, however many ports they have.
    func networks(
        having group: ID<SecurityGroup>, in transaction: borrowing Transaction
    ) throws -> [ID<Network>] {
        var networks: [ID<Network>] = []
        while let next: ID<Network> = try transaction.value(
            """
            SELECT min(network_id) FROM securitygroupportbindings
            WHERE security_group_id = \(group) AND network_id > \(networks.last?.text ?? "")
            """)
        {
            networks.append(next)
        }
        return networks
    }

    /// The addresses of all ports that have a group, those of their allowed pairs included.
    func members(of group: ID<SecurityGroup>, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map(
            """
            SELECT a.ip_address FROM securitygroupportbindings b JOIN ipallocations a ON a.port_id = b.port_id
            WHERE b.security_group_id = \(group)
            UNION
            SELECT a.ip_address FROM securitygroupportbindings b JOIN allowedaddresspairs a ON a.port_id = b.port_id
            WHERE b.security_group_id = \(group)
            """
        ) { row in try row[0] }
    }
}
