import Database
import Foundation
import HTTP
import Identity
import Networking
import ServiceCore
import Testing

/// The same work done as the dashboard's forms ask for it, from what was typed, and as JSON asks for it, leaves the same
/// rows. What differs is who was made when.
@Suite struct `Forms and JSON` {
    private let cloud: NetworkCloud
    private let person: RequestContext

    init() throws {
        cloud = try NetworkCloud()
        person = try cloud.cloud.identity.context(token: cloud.member, requestID: "req-x", remoteAddress: "127.0.0.1")
    }

    private var networking: NetworkingService { cloud.cloud.networking }

    /// The rows of a statement, as text.
    private func rows(_ sql: SQL) throws -> [[String]] {
        try cloud.cloud.database.read { transaction in
            try transaction.map(sql) { row in try (0..<6).map { try row[$0] as String } }
        }
    }

    @Test func `a subnet with pools, name servers and routes`() throws {
        let (typed, sent) = (try networking.createNetwork(NewNetwork(name: "n"), as: person).id.text, try network())
        var new = NewSubnet(name: "sub", cidr: "10.20.0.0/24")
        new.gateway = .address("10.20.0.254")
        new.allocationPools = PoolInput.lines(of: "10.20.0.100,10.20.0.200\n10.20.0.10,10.20.0.20\n")
        new.dnsNameservers = AddressInput.lines(of: "9.9.9.9\n8.8.8.8")
        new.hostRoutes = HostRouteInput.lines(of: "10.30.0.0/24,10.20.0.2")
        let form = try networking.createSubnet(new, on: ID(typed), as: person)
        let json = try cloud.make(
            "/subnets", "subnet",
            """
            "network_id": "\(sent)", "ip_version": 4, "name": "sub", "cidr": "10.20.0.0/24",
            "gateway_ip": "10.20.0.254",
            "allocation_pools": [{"start": "10.20.0.100", "end": "10.20.0.200"},
                {"start": "10.20.0.10", "end": "10.20.0.20"}],
            "dns_nameservers": ["9.9.9.9", "8.8.8.8"],
            "host_routes": [{"destination": "10.30.0.0/24", "nexthop": "10.20.0.2"}]
            """)
        func all(_ id: String) throws -> [[String]] {
            try rows(
                """
                SELECT project_id, name, cidr, gateway_ip, CAST(enable_dhcp AS TEXT), CAST(revision_number AS TEXT)
                FROM subnets WHERE id = \(id)
                """)
                + rows(
                    """
                    SELECT first_ip, last_ip, CAST(position AS TEXT), '', '', '' FROM ipallocationpools p
                        JOIN ipallocationpool_positions o ON o.pool_id = p.id WHERE subnet_id = \(id) ORDER BY position
                    """)
                + rows(
                    """
                    SELECT address, CAST(position AS TEXT), '', '', '', '' FROM dnsnameservers WHERE subnet_id = \(id)
                    UNION ALL SELECT destination, nexthop, '', '', '', '' FROM subnetroutes WHERE subnet_id = \(id)
                    """)
                + rows(
                    """
                    SELECT a.ip_address, p.device_owner, p.status, '', '', '' FROM ipallocations a
                        JOIN ports p ON p.id = a.port_id WHERE subnet_id = \(id)
                    """)
        }
        #expect(try all(form.id.text) == all(json))
        #expect(try all(json).count == 7)
    }

    @Test func `pools that are replaced`() throws {
        let first = try cloud.network("a").subnet
        let second = try cloud.network("b").subnet
        var update = SubnetUpdate()
        update.allocationPools = PoolInput.lines(of: "10.20.0.50,10.20.0.99\n10.20.0.100,10.20.0.200")
        _ = try networking.updateSubnet(ID(first), update, as: person)
        let pools = #"[{"start":"10.20.0.50","end":"10.20.0.99"},{"start":"10.20.0.100","end":"10.20.0.200"}]"#
        #expect(
            cloud.ask(.put, "/subnets/\(second)", #"{"subnet": {"allocation_pools": \#(pools)}}"#).status == 200)
        func all(_ id: String) throws -> [[String]] {
            try rows(
                "SELECT first_ip, last_ip, '', '', '', '' FROM ipallocationpools WHERE subnet_id = \(id) ORDER BY 1")
        }
        #expect(try all(first) == all(second) && all(first).count == 2)
    }

    @Test func `a port, and a rule of a security group`() throws {
        let network = try cloud.network().network
        var new = NewPort(networkID: ID(network))
        new.name = "p"
        new.deviceID = "d"
        new.securityGroups = []
        let form = try networking.createPort(new, as: person)
        let json = try cloud.make(
            "/ports", "port", #""network_id": "\#(network)", "name": "p", "device_id": "d", "security_groups": []"#)
        func port(_ id: String) throws -> [[String]] {
            try rows(
                """
                SELECT name, project_id, device_id || device_owner, status, vnic_type,
                    CAST(port_security_enabled AS TEXT) || admin_state_up || revision_number
                FROM ports WHERE id = \(id)
                """)
        }
        #expect(try port(form.id.text) == port(json) && port(json).count == 1)

        let typed = try networking.createSecurityGroup(NewSecurityGroup(name: "a"), as: person)
        let sent = try cloud.make("/security-groups", "security_group", #""name": "b""#)
        var rule = NewSecurityGroupRule(groupID: typed.id, direction: "ingress")
        rule.protocolName = "tcp"
        rule.portRangeMin = "22"
        rule.portRangeMax = "22"
        rule.remoteIPPrefix = "10.0.0.0/8"
        _ = try networking.createSecurityGroupRule(rule, as: person)
        _ = try cloud.make(
            "/security-group-rules", "security_group_rule",
            """
            "security_group_id": "\(sent)", "direction": "ingress", "protocol": "tcp", "port_range_min": 22,
            "port_range_max": 22, "remote_ip_prefix": "10.0.0.0/8"
            """)
        func rules(_ group: String) throws -> [[String]] {
            try rows(
                """
                SELECT direction, ethertype, coalesce(protocol, ''),
                    coalesce(port_range_min, '') || '-' || coalesce(port_range_max, ''),
                    coalesce(remote_ip_prefix, ''), description
                FROM securitygrouprules WHERE security_group_id = \(group) ORDER BY position
                """)
        }
        #expect(try rules(typed.id.text) == rules(sent) && rules(sent).count == 3)
    }

    private func network() throws -> String { try cloud.make("/networks", "network", #""name": "n""#) }
}
