import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct SecurityGroupTests {
    let cloud: TestCloud
    let networking: NetworkingService

    init() throws {
        cloud = try TestCloud()
        networking = cloud.networking
    }

    private func group(_ name: String, as context: RequestContext = TestCloud.alice) throws -> SecurityGroup {
        try networking.createSecurityGroup(NewSecurityGroup(name: name), as: context)
    }

    private func defaultGroup(as context: RequestContext = TestCloud.alice) throws -> SecurityGroup {
        try #require(try networking.securityGroups(as: context).first { $0.isDefault })
    }

    private func summary(_ group: SecurityGroup) -> [String] {
        group.rules.map {
            "\($0.direction) \($0.etherType.rawValue)\($0.remoteGroupID == group.id ? " from itself" : "")"
        }
    }

    @Test func `a project has a default group as soon as somebody looks, that lets out and lets itself in`() throws {
        let group = try defaultGroup(as: TestCloud.reader)
        #expect(group.name == "default" && group.description == "Default security group" && group.projectID == "blue")
        #expect(
            summary(group) == [
                "ingress IPv4 from itself", "ingress IPv6 from itself", "egress IPv4", "egress IPv6",
            ])
        #expect(try networking.securityGroups(as: TestCloud.alice) == [group])
        #expect(try defaultGroup(as: TestCloud.bob).id != group.id)
        #expect(try networking.quotas(projectID: "blue", as: TestCloud.alice).used["security_group"] == 1)
        #expect(try networking.quotas(projectID: "blue", as: TestCloud.alice).used["security_group_rule"] == 4)
    }

    @Test func `of sixteen who look for the default group at once one makes it`() throws {
        let networking = networking
        let seen = concurrently(16) { _ in
            (try? networking.securityGroups(as: TestCloud.alice))?.map(\.id.text) ?? []
        }
        #expect(Set(seen).count == 1)
        #expect(seen.allSatisfy { $0.count == 1 })
        #expect(try cloud.number("SELECT count(*) FROM securitygroups") == 1)
    }

    @Test func `the default group keeps its name and stays, and no other is called so`() throws {
        let group = try defaultGroup()
        var update = SecurityGroupUpdate()
        update.name = "mine"
        #expect(
            refusal { try networking.updateSecurityGroup(group.id, update, as: TestCloud.alice) }?.code
                == "security_group_cannot_update_default")
        update.name = nil
        update.description = "What everything has"
        #expect(
            try networking.updateSecurityGroup(group.id, update, as: TestCloud.alice).description
                == "What everything has")
        #expect(
            refusal { try networking.deleteSecurityGroup(group.id, as: TestCloud.alice) }?.code
                == "security_group_cannot_remove_default")
        #expect(refusal { try self.group("Default") }?.code == "security_group_default_exists")
        try networking.deleteSecurityGroup(group.id, as: TestCloud.admin)
        #expect(try defaultGroup().id != group.id)
    }

    @Test func `a new group lets everything out, is renamed, and goes with its rules`() throws {
        let web = try group("web")
        #expect(summary(web) == ["egress IPv4", "egress IPv6"])
        var update = SecurityGroupUpdate()
        update.name = "www"
        update.revision = web.revision
        #expect(try networking.updateSecurityGroup(web.id, update, as: TestCloud.alice).name == "www")
        #expect(
            refusal { try networking.updateSecurityGroup(web.id, update, as: TestCloud.alice) }?.code
                == "revision_conflict")
        update.revision = nil
        update.name = String(repeating: "n", count: 256)
        update.description = String(repeating: "d", count: 256)
        #expect(
            refusal { try networking.updateSecurityGroup(web.id, update, as: TestCloud.alice) }?.kind == .invalid)
        try networking.deleteSecurityGroup(web.id, as: TestCloud.alice)
        #expect(try cloud.number("SELECT count(*) FROM securitygrouprules WHERE security_group_id = \(web.id)") == 0)
        #expect(try networking.quotas(projectID: "blue", as: TestCloud.alice).used["security_group_rule"] == 4)
    }

    @Test func `what another project owns is not there`() throws {
        let web = try group("web")
        let rule = web.rules[0].id
        #expect(refusal { try networking.securityGroup(web.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(
            refusal { try networking.updateSecurityGroup(web.id, SecurityGroupUpdate(), as: TestCloud.bob) }?.kind
                == .notFound)
        #expect(refusal { try networking.deleteSecurityGroup(web.id, as: TestCloud.bob) }?.kind == .notFound)
        let new = NewSecurityGroupRule(groupID: web.id, direction: "ingress")
        #expect(refusal { try networking.createSecurityGroupRule(new, as: TestCloud.bob) }?.kind == .forbidden)
        #expect(refusal { try networking.securityGroupRule(rule, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.deleteSecurityGroupRule(rule, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.createSecurityGroupRule(new, as: TestCloud.reader) }?.kind == .forbidden)
        #expect(refusal { try group("w", as: TestCloud.reader) }?.kind == .forbidden)
        var own = NewSecurityGroupRule(groupID: try defaultGroup(as: TestCloud.bob).id, direction: "ingress")
        own.remoteGroupID = web.id.text
        let error = refusal { try networking.createSecurityGroupRule(own, as: TestCloud.bob) }
        #expect(error?.violations.map(\.field) == ["remote_group_id"])
        #expect(refusal { try networking.securityGroups(.init(.everything), as: TestCloud.bob) }?.kind == .forbidden)
        #expect(try networking.securityGroups(.init(.everything), as: TestCloud.admin).count == 3)
        let network = try cloud.network(as: TestCloud.bob).network
        var port = NewPort(networkID: network.id)
        port.securityGroups = [web.id.text]
        #expect(refusal { try networking.createPort(port, as: TestCloud.bob) }?.kind == .notFound)
    }

    @Test func `neutron's limits are ten groups and a hundred rules`() throws {
        for index in 0..<9 { _ = try group("g\(index)") }
        #expect(refusal { try group("one too many") }?.kind == .overQuota)
        try networking.setQuotas(["security_group_rule": 22], projectID: "blue", as: TestCloud.admin)
        var rule = NewSecurityGroupRule(groupID: try defaultGroup().id, direction: "ingress")
        #expect(refusal { try networking.createSecurityGroupRule(rule, as: TestCloud.alice) }?.kind == .overQuota)
        try networking.setQuotas(["security_group_rule": 23], projectID: "blue", as: TestCloud.admin)
        _ = try networking.createSecurityGroupRule(rule, as: TestCloud.alice)
        rule.etherType = "ipv6"
        #expect(refusal { try networking.createSecurityGroupRule(rule, as: TestCloud.alice) }?.kind == .overQuota)
    }

    @Test func `a rule that lets the same through is there already, whatever its protocol is called`() throws {
        let web = try group("web")
        var rule = NewSecurityGroupRule(groupID: web.id, direction: "ingress")
        rule.protocolName = "TCP"
        rule.portRangeMin = "22"
        rule.portRangeMax = "22"
        rule.remoteIPPrefix = "10.0.0.7/24"
        let made = try networking.createSecurityGroupRule(rule, as: TestCloud.alice)
        #expect(made.protocolName == "tcp" && made.remoteIPPrefix?.description == "10.0.0.7/24")
        #expect(made.remoteIPPrefix?.cidr.description == "10.0.0.0/24")
        rule.protocolName = "6"
        rule.description = "again"
        #expect(
            refusal { try networking.createSecurityGroupRule(rule, as: TestCloud.alice) }?.code
                == "security_group_rule_exists")
        try networking.deleteSecurityGroupRule(made.id, as: TestCloud.alice)
        _ = try networking.createSecurityGroupRule(rule, as: TestCloud.alice)
        #expect(try networking.securityGroup(web.id, as: TestCloud.alice).revision == web.revision + 3)
        // As neutron compares them: as they were typed.
        rule.remoteIPPrefix = "10.0.0.8/24"
        #expect(
            try networking.createSecurityGroupRule(rule, as: TestCloud.alice).remoteIPPrefix?.description == "10.0.0.8/24")
    }
}
