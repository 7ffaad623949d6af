import ComputeHost
import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct PortSecurityTests {
    let cloud: TestCloud
    let networking: NetworkingService

    init() throws {
        cloud = try TestCloud()
        networking = cloud.networking
    }

    private func group(_ name: String) throws -> SecurityGroup {
        try networking.createSecurityGroup(NewSecurityGroup(name: name), as: TestCloud.alice)
    }

    private func bind(
        _ instance: String, to network: Network, groups: [String] = ["default"]
    ) throws -> Port {
        let binding = InstanceBinding(
            instanceID: instance, projectID: "blue", host: "h", cards: [.network(network.id)], securityGroups: groups)
        try networking.checkBinding(binding, count: 1, as: TestCloud.alice)
        return try #require(try networking.bindPorts(binding, as: .system("compute")).first)
    }

    @Test func `a port has its project's default group unless others, or none, are named`() throws {
        let network = try cloud.network(dhcp: true, as: TestCloud.alice).network
        let plain = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        let own = try #require(try networking.securityGroups(as: TestCloud.alice).first)
        #expect(plain.securityGroupIDs == [own.id])
        #expect(try networking.port(plain.id, as: TestCloud.alice) == plain)
        let web = try group("web")
        var new = NewPort(networkID: network.id)
        new.securityGroups = [web.id.text, web.id.text, own.id.text]
        #expect(
            Set(try networking.createPort(new, as: TestCloud.alice).securityGroupIDs) == [web.id, own.id])
        new.securityGroups = []
        #expect(try networking.createPort(new, as: TestCloud.alice).securityGroupIDs == [])
        new.securityGroups = ["web"]
        #expect(refusal { try networking.createPort(new, as: TestCloud.alice) }?.kind == .notFound)
        new.securityGroups = nil
        new.portSecurityEnabled = false
        #expect(try networking.createPort(new, as: TestCloud.alice).securityGroupIDs == [])
        new.portSecurityEnabled = true
        new.deviceOwner = "network:something"
        #expect(try networking.createPort(new, as: TestCloud.alice).securityGroupIDs == [])
        // The DHCP server's port is the cloud's own.
        #expect(
            try cloud.number(
                """
                SELECT count(*) FROM securitygroupportbindings b JOIN ports p ON p.id = b.port_id
                WHERE p.device_owner = 'network:dhcp'
                """) == 0)
        #expect(
            refusal { try networking.deleteSecurityGroup(web.id, as: TestCloud.alice) }?.code
                == "security_group_in_use")
    }

    @Test func `the guard is not taken away while there are groups or pairs`() throws {
        let network = try cloud.network(as: TestCloud.alice).network
        var new = NewPort(networkID: network.id)
        new.allowedAddressPairs = [AddressPairInput(ipAddress: "10.9.0.0/16")]
        let port = try networking.createPort(new, as: TestCloud.alice)
        var update = PortUpdate()
        update.portSecurityEnabled = false
        #expect(
            refusal { try networking.updatePort(port.id, update, as: TestCloud.alice) }?.code
                == "port_security_port_has_security_group")
        update.securityGroups = []
        #expect(
            refusal { try networking.updatePort(port.id, update, as: TestCloud.alice) }?.code
                == "address_pair_and_port_security_required")
        update.allowedAddressPairs = []
        let open = try networking.updatePort(port.id, update, as: TestCloud.alice)
        #expect(!open.portSecurityEnabled && open.securityGroupIDs == [] && open.allowedAddressPairs == [])
        #expect(try networking.port(port.id, as: TestCloud.alice) == open)
        new.portSecurityEnabled = false
        new.securityGroups = []
        #expect(
            refusal { try networking.createPort(new, as: TestCloud.alice) }?.code
                == "address_pair_and_port_security_required")
    }

    @Test func `address pairs are addresses or blocks, with the port's own MAC unless another is named`() throws {
        let network = try cloud.network(as: TestCloud.alice).network
        var new = NewPort(networkID: network.id)
        new.allowedAddressPairs = [
            AddressPairInput(ipAddress: "10.0.0.99"),
            AddressPairInput(ipAddress: "2001:db8::/32", macAddress: "00:00:5E:00:01:07"),
        ]
        let port = try networking.createPort(new, as: TestCloud.alice)
        #expect(
            port.allowedAddressPairs.map { "\($0.ipAddress) \($0.macAddress)" } == [
                "10.0.0.99 \(port.macAddress)", "2001:db8::/32 00:00:5e:00:01:07",
            ])
        #expect(try networking.port(port.id, as: TestCloud.alice) == port)
        var update = PortUpdate()
        update.allowedAddressPairs = [
            AddressPairInput(ipAddress: "here"), AddressPairInput(ipAddress: "10.0.0.0/99"),
            AddressPairInput(ipAddress: "10.0.0.1", macAddress: "my card"), AddressPairInput(ipAddress: "10.0.0.2"),
            AddressPairInput(ipAddress: "10.0.0.2"),
        ]
        #expect(
            refusal { try networking.updatePort(port.id, update, as: TestCloud.alice) }?.violations.map(\.field) == [
                "allowed_address_pairs[0].ip_address", "allowed_address_pairs[1].ip_address",
                "allowed_address_pairs[2].mac_address", "allowed_address_pairs[4]",
            ])
        update.allowedAddressPairs = (0...10).map { AddressPairInput(ipAddress: "10.1.0.\($0)") }
        #expect(
            refusal { try networking.updatePort(port.id, update, as: TestCloud.alice) }?.code
                == "too_many_address_pairs")
        // They are the network owner's to allow.
        let shared = try cloud.network(shared: true).network
        new = NewPort(networkID: shared.id)
        new.allowedAddressPairs = [AddressPairInput(ipAddress: "10.0.0.99")]
        #expect(refusal { try networking.createPort(new, as: TestCloud.alice) }?.kind == .forbidden)
    }

    @Test func `an instance gets the groups it is launched with, by name or id, and others later`() throws {
        let network = try cloud.network(as: TestCloud.alice).network
        let web = try group("web")
        let port = try bind("vm", to: network, groups: ["web", "default"])
        #expect(port.securityGroupIDs.count == 2 && port.securityGroupIDs.contains(web.id))
        #expect(
            try networking.securityGroups(ofInstance: "vm", as: TestCloud.alice).map(\.name) == ["default", "web"])
        #expect(refusal { try bind("vm2", to: network, groups: ["nothing"]) }?.kind == .notFound)
        try networking.setSecurityGroups([web.id.text], ofInstance: "vm", as: TestCloud.alice)
        #expect(try networking.port(port.id, as: TestCloud.alice).securityGroupIDs == [web.id])
        #expect(
            refusal { try networking.setSecurityGroups(["default"], ofInstance: "vm", as: TestCloud.bob) }?.kind
                == .notFound)
        #expect(
            refusal { try networking.setSecurityGroups([], ofInstance: "vm", as: TestCloud.reader) }?.kind
                == .forbidden)
        _ = try group("web")
        #expect(
            refusal { try networking.setSecurityGroups(["web"], ofInstance: "vm", as: TestCloud.alice) }?.code
                == "security_group_no_unique_match")
        try networking.setSecurityGroups([], ofInstance: "vm", as: TestCloud.alice)
        #expect(try networking.securityGroups(ofInstance: "vm", as: TestCloud.alice) == [])
    }

    @Test func `hosts are told of groups, of members of remote groups and of pairs`() throws {
        let network = try cloud.network(as: TestCloud.alice).network
        let web = try group("web")
        let port = try bind("vm", to: network, groups: ["web"])
        try cloud.jobs.drain()
        var spec = try #require(cloud.backend[network.id])
        #expect(spec.ports.map(\.securityGroupIDs) == [[web.id.text]])
        #expect(spec.securityGroups.map(\.groupID) == [web.id.text])
        #expect(spec.securityGroups[0].rules.map(\.direction) == [.egress, .egress])
        #expect(spec.securityGroups[0].members == [])
        #expect(spec == (try networking.networkSpec(network.id)))

        var rule = NewSecurityGroupRule(groupID: web.id, direction: "ingress")
        rule.protocolName = "tcp"
        rule.portRangeMin = "80"
        rule.portRangeMax = "81"
        let other = try group("other")
        rule.remoteGroupID = other.id.text
        let made = try networking.createSecurityGroupRule(rule, as: TestCloud.alice)
        try cloud.jobs.drain()
        spec = try #require(cloud.backend[network.id])
        #expect(
            spec.securityGroups.first { $0.groupID == web.id.text }?.rules.last
                == SecurityGroupRuleSpec(
                    ruleID: made.id.text, direction: .ingress, ipProtocol: 6, portRangeMin: 80, portRangeMax: 81,
                    remote: .group(other.id.text)))

        // A port on another network takes the remote group: this network's rules mean its addresses.
        let elsewhere = try cloud.network("10.7.0.0/24", as: TestCloud.alice).network
        var new = NewPort(networkID: elsewhere.id)
        new.securityGroups = [other.id.text]
        new.fixedIPs = [FixedIPInput(address: "10.7.0.9")]
        new.allowedAddressPairs = [AddressPairInput(ipAddress: "10.8.0.0/24")]
        let member = try networking.createPort(new, as: TestCloud.alice)
        try cloud.jobs.drain()
        func members() -> [String]? {
            cloud.backend[network.id]?.securityGroups.first { $0.groupID == other.id.text }?.members
        }
        #expect(members() == ["10.7.0.9", "10.8.0.0/24"])
        var update = PortUpdate()
        update.fixedIPs = [FixedIPInput(address: "10.7.0.10")]
        update.allowedAddressPairs = []
        _ = try networking.updatePort(member.id, update, as: TestCloud.alice)
        try cloud.jobs.drain()
        #expect(members() == ["10.7.0.10"])
        try networking.deletePort(member.id, as: TestCloud.alice)
        try cloud.jobs.drain()
        #expect(members() == [])
        try networking.deleteSecurityGroup(other.id, as: TestCloud.alice)
        try cloud.jobs.drain()
        #expect(cloud.backend[network.id]?.securityGroups.map(\.groupID) == [web.id.text])
        #expect(cloud.backend[network.id]?.securityGroups.first?.rules.count == 2)
        try networking.setSecurityGroups(["default"], ofInstance: "vm", as: TestCloud.alice)
        try cloud.jobs.drain()
        #expect(cloud.backend[network.id]?.ports.first?.securityGroupIDs != [web.id.text])
        let own = try networking.port(port.id, as: TestCloud.alice)
        #expect(cloud.backend[network.id]?.securityGroups.first?.members == own.fixedIPs.map(\.address.description))
    }

    @Test func `ports from before there were groups get their project's default group`() throws {
        let database = try DatabasePool.temporary()
        try database.migrate(ServiceCoreSchema.migrations)
        let migrations = NetworkingSchema.migrations
        let old = try #require(migrations.firstIndex { $0.name == "networking/0007-security-groups" })
        try database.migrate(Array(migrations[..<old]))
        try database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO networks VALUES ('n', 'blue', 'n', '', 1, 'ACTIVE', 0, 0, 1500, 1, '', 'local', NULL, NULL,
                    1, 1, 1)
                """)
            for (id, owner, isGuarded) in [("vm", "compute:nova", true), ("dhcp", "network:dhcp", false)] {
                try transaction.execute(
                    """
                    INSERT INTO ports VALUES (\(id), 'n', 'blue', '', '', \("fa:16:3e:00:00:0\(id.count)"), 1, 'ACTIVE',
                        '', \(owner), '', 'normal', \(isGuarded), NULL, 0, 1, 1, 1)
                    """)
            }
        }
        try database.migrate(migrations)
        let group: String? = try database.read {
            try $0.value("SELECT security_group_id FROM default_security_group WHERE project_id = 'blue'")
        }
        #expect(try #require(group).count == 36)
        let bound: [String] = try database.read {
            try $0.map("SELECT port_id FROM securitygroupportbindings") { try $0[0] }
        }
        #expect(bound == ["vm"])
        let rules: Int? = try database.read { try $0.value("SELECT count(*) FROM securitygrouprules") }
        #expect(rules == 4)
    }
}
