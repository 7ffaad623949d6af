import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct SharingTests {
    let cloud: TestCloud
    let networking: NetworkingService

    init() throws {
        cloud = try TestCloud()
        networking = cloud.networking
    }

    private func share(
        _ id: String, of type: String = "network", with target: String, as action: String = "access_as_shared",
        by context: RequestContext = TestCloud.alice
    ) throws -> RBACPolicy {
        try networking.createRBACPolicy(
            NewRBACPolicy(objectType: type, objectID: id, action: action, targetProject: target), as: context)
    }

    @Test func `a network is shared with one project by its owner, and taken back when nobody uses it`() throws {
        let network = try cloud.network(as: TestCloud.alice).network
        #expect(refusal { try networking.network(network.id, as: TestCloud.bob) }?.kind == .notFound)
        let policy = try share(network.id.text, with: "red")
        #expect(try networking.network(network.id, as: TestCloud.bob).shared)
        #expect(try networking.networks(as: TestCloud.bob).map(\.shared) == [true])
        #expect(try !networking.network(network.id, as: TestCloud.alice).shared)
        #expect(refusal { try share(network.id.text, with: "red") }?.code == "rbac_policy_exists")
        var update = NetworkUpdate()
        update.name = "mine"
        #expect(refusal { try networking.updateNetwork(network.id, update, as: TestCloud.bob) }?.kind == .forbidden)
        let port = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.bob)
        #expect(
            refusal { try networking.deleteRBACPolicy(policy.id, as: TestCloud.alice) }?.code == "rbac_policy_in_use")
        try networking.deletePort(port.id, as: TestCloud.bob)
        try networking.deleteRBACPolicy(policy.id, as: TestCloud.alice)
        #expect(refusal { try networking.network(network.id, as: TestCloud.bob) }?.kind == .notFound)
    }

    @Test func `the flags of a network and the policies for everybody are the same thing`() throws {
        let network = try cloud.network(shared: true).network
        func policies() throws -> [String] {
            try networking.rbacPolicies(as: TestCloud.admin).map { "\($0.action.rawValue) \($0.targetProject)" }
        }
        #expect(try policies() == ["access_as_shared *"])
        var update = NetworkUpdate()
        update.shared = false
        update.external = true
        _ = try networking.updateNetwork(network.id, update, as: TestCloud.admin)
        #expect(try policies() == ["access_as_external *"])
        #expect(try networking.network(network.id, as: TestCloud.bob).external)
        let policy = try #require(try networking.rbacPolicies(as: TestCloud.admin).first)
        try networking.deleteRBACPolicy(policy.id, as: TestCloud.admin)
        #expect(try !networking.network(network.id, as: TestCloud.admin).external)
        _ = try share(network.id.text, with: "*", by: TestCloud.admin)
        #expect(try networking.network(network.id, as: TestCloud.bob).shared)
        // External for one project: it leads out for that one, and the others do not see it.
        let other = try cloud.network().network
        _ = try share(other.id.text, with: "red", as: "access_as_external", by: TestCloud.admin)
        #expect(try networking.network(other.id, as: TestCloud.bob).external)
        #expect(refusal { try networking.network(other.id, as: TestCloud.alice) }?.kind == .notFound)
        try networking.deleteNetwork(other.id, as: TestCloud.admin)
        try networking.deleteNetwork(network.id, as: TestCloud.admin)
        #expect(try policies() == [])
        #expect(try networking.quotas(projectID: "admin-project", as: TestCloud.admin).used["rbac_policy"] == 0)
    }

    @Test func `a security group is shared, and is used by the ports of the other project`() throws {
        let group = try networking.createSecurityGroup(NewSecurityGroup(name: "web"), as: TestCloud.alice)
        let policy = try share(group.id.text, of: "security_group", with: "red")
        #expect(try networking.securityGroup(group.id, as: TestCloud.bob).shared)
        #expect(try networking.securityGroups(as: TestCloud.bob).map(\.name) == ["default", "web"])
        #expect(refusal { try networking.deleteSecurityGroup(group.id, as: TestCloud.bob) }?.kind == .forbidden)
        let rule = NewSecurityGroupRule(groupID: group.id, direction: "ingress")
        #expect(refusal { try networking.createSecurityGroupRule(rule, as: TestCloud.bob) }?.kind == .forbidden)
        let network = try cloud.network(as: TestCloud.bob).network
        var new = NewPort(networkID: network.id)
        new.securityGroups = [group.id.text]
        let port = try networking.createPort(new, as: TestCloud.bob)
        #expect(port.securityGroupIDs == [group.id])
        #expect(
            refusal { try networking.deleteRBACPolicy(policy.id, as: TestCloud.alice) }?.code == "rbac_policy_in_use")
        try networking.deletePort(port.id, as: TestCloud.bob)
        #expect(
            try networking.updateRBACPolicy(policy.id, targetProject: "green", as: TestCloud.alice).targetProject
                == "green")
        #expect(refusal { try networking.securityGroup(group.id, as: TestCloud.bob) }?.kind == .notFound)
    }

    @Test func `a subnet pool is shared with one project, with its address scope, until subnets are cut from it`()
        throws
    {
        let scope = try networking.createAddressScope(NewAddressScope(name: "s", version: .v4), as: TestCloud.alice)
        var new = NewSubnetPool(name: "p", prefixes: ["10.0.0.0/16"])
        new.addressScopeID = scope.id
        let pool = try networking.createSubnetPool(new, as: TestCloud.alice)
        #expect(
            refusal { try share(pool.id.text, of: "subnetpool", with: "red") }?.code == "address_scope_not_shared")
        let scopePolicy = try share(scope.id.text, of: "address_scope", with: "red")
        let policy = try share(pool.id.text, of: "subnetpool", with: "red")
        #expect(try networking.subnetPool(pool.id, as: TestCloud.bob).shared)
        #expect(try networking.subnetPools(as: TestCloud.bob).map(\.shared) == [true])
        #expect(try networking.addressScopes(as: TestCloud.bob).map(\.shared) == [true])
        #expect(try !networking.subnetPool(pool.id, as: TestCloud.alice).shared)
        #expect(refusal { try networking.deleteSubnetPool(pool.id, as: TestCloud.bob) }?.kind == .forbidden)
        #expect(refusal { try share(pool.id.text, of: "subnetpool", with: "g", by: TestCloud.bob) }?.kind == .invalid)
        var subnet = NewSubnet(name: "s", cidr: "")
        subnet.subnetPoolID = pool.id
        subnet.prefixLength = "24"
        let network = try networking.createNetwork(NewNetwork(name: "n"), subnet: subnet, as: TestCloud.bob)
        func isInUse(_ id: ID<RBACPolicy>) -> Bool {
            refusal { try networking.deleteRBACPolicy(id, as: TestCloud.alice) }?.code == "rbac_policy_in_use"
        }
        #expect(isInUse(policy.id))
        try networking.deleteNetwork(network.id, as: TestCloud.bob)
        var own = NewSubnetPool(name: "own", prefixes: ["10.1.0.0/16"])
        own.addressScopeID = scope.id
        let second = try networking.createSubnetPool(own, as: TestCloud.bob)
        #expect(isInUse(scopePolicy.id))
        try networking.deleteSubnetPool(second.id, as: TestCloud.bob)
        try networking.deleteRBACPolicy(policy.id, as: TestCloud.alice)
        try networking.deleteRBACPolicy(scopePolicy.id, as: TestCloud.alice)
        #expect(refusal { try networking.subnetPool(pool.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.addressScope(scope.id, as: TestCloud.bob) }?.kind == .notFound)
    }

    @Test func `a pool that is everybody's has a policy, and is nobody else's without it`() throws {
        var new = NewSubnetPool(name: "p", prefixes: ["10.0.0.0/16"])
        new.shared = true
        let pool = try networking.createSubnetPool(new, as: TestCloud.admin)
        let policy = try #require(try networking.rbacPolicies(as: TestCloud.admin).first)
        #expect(policy.objectType == .subnetPool && policy.targetProject == "*")
        try networking.deleteRBACPolicy(policy.id, as: TestCloud.admin)
        #expect(try !networking.subnetPool(pool.id, as: TestCloud.admin).shared)
        #expect(try networking.subnetPools(as: TestCloud.bob) == [])
        _ = try share(pool.id.text, of: "subnetpool", with: "*", by: TestCloud.admin)
        #expect(try networking.subnetPools(as: TestCloud.bob).map(\.id) == [pool.id])
        try networking.deleteSubnetPool(pool.id, as: TestCloud.admin)
        #expect(try networking.rbacPolicies(as: TestCloud.admin) == [])
    }

    @Test func `sharing is the owner's, with everybody the administrators', and within the limit`() throws {
        let network = try cloud.network(as: TestCloud.alice).network
        #expect(refusal { try share(network.id.text, with: "red", by: TestCloud.reader) }?.kind == .forbidden)
        #expect(refusal { try share(network.id.text, with: "*") }?.kind == .forbidden)
        #expect(
            refusal { try share(network.id.text, with: "red", as: "access_as_external") }?.kind == .forbidden)
        let error = refusal { try share("x", of: "door", with: "", as: "access_as_key") }
        #expect(error?.violations.map(\.field) == ["object_type", "action", "target_project"])
        #expect(
            refusal { try share("x", of: "security_group", with: "red", as: "access_as_external") }?.violations.map(
                \.field)
                == ["action"])
        let policy = try share(network.id.text, with: "red")
        #expect(refusal { try networking.rbacPolicy(policy.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.deleteRBACPolicy(policy.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(
            refusal { try networking.updateRBACPolicy(policy.id, targetProject: "*", as: TestCloud.alice) }?.kind
                == .forbidden)
        #expect(try networking.rbacPolicies(as: TestCloud.bob) == [])
        for index in 1..<10 { _ = try share(network.id.text, with: "p\(index)") }
        #expect(refusal { try share(network.id.text, with: "one too many") }?.kind == .overQuota)
    }

    @Test func `what is not one's own is bad input, seen or not, of whatever kind`() throws {
        let hidden = try cloud.network(as: TestCloud.alice).network.id.text
        let seen = try cloud.network(shared: true).network.id.text
        let group = try networking.createSecurityGroup(NewSecurityGroup(name: "g"), as: TestCloud.alice).id.text
        let scope = try networking.createAddressScope(
            NewAddressScope(name: "s", version: .v4), as: TestCloud.alice
        ).id.text
        let pool = try networking.createSubnetPool(
            NewSubnetPool(name: "p", prefixes: ["10.9.0.0/16"]), as: TestCloud.alice
        ).id.text
        let all = [
            ("network", hidden), ("network", seen), ("network", "no identifier"), ("security_group", group),
            ("address_scope", scope), ("subnetpool", pool),
        ]
        for (type, id) in all {
            let error = refusal { try share(id, of: type, with: "red", by: TestCloud.bob) }
            #expect(error?.kind == .invalid && error?.violations.map(\.field) == ["object_id"], "\(type) \(id)")
            #expect(error?.violations.map(\.value) == [id])
        }
        #expect(refusal { try share("nothing", with: "red", by: TestCloud.admin) }?.code == "not_shareable")
    }

    @Test func `what an administrator shares for others is the administrator's, or whose it is said to be`() throws {
        let network = try cloud.network(as: TestCloud.alice).network
        let policy = try share(network.id.text, with: "red", by: TestCloud.admin)
        #expect(policy.projectID == TestCloud.admin.projectID)
        #expect(try networking.rbacPolicies(as: TestCloud.alice) == [])
        var new = NewRBACPolicy(
            objectType: "network", objectID: network.id.text, action: "access_as_shared", targetProject: "green",
            projectID: TestCloud.alice.projectID)
        let theirs = try networking.createRBACPolicy(new, as: TestCloud.admin)
        #expect(try networking.rbacPolicies(as: TestCloud.alice).map(\.id) == [theirs.id])
        new.projectID = TestCloud.bob.projectID
        #expect(refusal { try networking.createRBACPolicy(new, as: TestCloud.alice) }?.kind == .forbidden)
    }

    @Test func `tags are set, added and removed by owners, and go with what they are on`() throws {
        let network = try cloud.network(shared: true).network
        let tagged = TaggedResource.network(network.id)
        try networking.setTags(["b", "a", "b"], of: tagged, as: TestCloud.admin)
        try networking.addTag("c", to: tagged, as: TestCloud.admin)
        try networking.addTag("c", to: tagged, as: TestCloud.admin)
        try networking.removeTag("a", from: tagged, as: TestCloud.admin)
        #expect(try networking.tags(of: tagged, as: TestCloud.bob) == ["b", "c"])
        #expect(try networking.tags(ofVisible: [network.id.text, "x"]) == [network.id.text: ["b", "c"]])
        #expect(refusal { try networking.removeTag("a", from: tagged, as: TestCloud.admin) }?.kind == .notFound)
        #expect(refusal { try networking.addTag("d", to: tagged, as: TestCloud.bob) }?.kind == .forbidden)
        let own = try cloud.network(as: TestCloud.alice).network
        #expect(refusal { try networking.addTag("d", to: .network(own.id), as: TestCloud.bob) }?.kind == .notFound)
        for bad in ["", "a,b", String(repeating: "t", count: 256)] {
            #expect(refusal { try networking.addTag(bad, to: tagged, as: TestCloud.admin) }?.kind == .invalid)
        }
        let many = (0...50).map(String.init)
        #expect(refusal { try networking.setTags(many, of: tagged, as: TestCloud.admin) }?.code == "too_many_tags")
        try networking.deleteNetwork(network.id, as: TestCloud.admin)
        #expect(try cloud.number("SELECT count(*) FROM tags") == 0)
    }

    @Test func `a change of tags is a change of what is tagged, whatever it is, and fifty are the most`() throws {
        let (network, subnet) = try cloud.network(as: TestCloud.alice)
        let outside = try cloud.externalNetwork()
        let port = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        let router = try networking.createRouter(NewRouter(name: "r"), as: TestCloud.alice)
        let floating = try networking.createFloatingIP(NewFloatingIP(networkID: outside.id), as: TestCloud.alice)
        let group = try networking.createSecurityGroup(NewSecurityGroup(name: "g"), as: TestCloud.alice)
        let pool = try networking.createSubnetPool(
            NewSubnetPool(name: "p", prefixes: ["10.9.0.0/16"]), as: TestCloud.alice)
        let all: [(SQL, TaggedResource)] = [
            ("networks", .network(network.id)), ("subnets", .subnet(subnet.id)), ("ports", .port(port.id)),
            ("routers", .router(router.id)), ("floatingips", .floatingIP(floating.id)),
            ("securitygroups", .securityGroup(group.id)), ("subnetpools", .subnetPool(pool.id)),
        ]
        for (table, resource) in all {
            func state() throws -> [Int] {
                try (["revision_number", "updated_at"] as [SQL]).map { column in
                    try cloud.number("SELECT \(sql: column) FROM \(sql: table) WHERE id = \(resource.id)")
                }
            }
            let before = try state()
            cloud.clock.advance(seconds: 1)
            try networking.setTags(["a"], of: resource, as: TestCloud.alice)
            let after = try state()
            #expect(after[0] == before[0] + 1 && after[1] > before[1], "\(table)")
            try networking.setTags(["a"], of: resource, as: TestCloud.alice)
            try networking.addTag("a", to: resource, as: TestCloud.alice)
            #expect(try state() == after, "\(table)")
            try networking.removeTag("a", from: resource, as: TestCloud.alice)
            #expect(try state()[0] == after[0] + 1, "\(table)")
        }
        try networking.setTags((1...50).map(String.init), of: .subnetPool(pool.id), as: TestCloud.alice)
        #expect(
            refusal { try networking.addTag("x", to: .subnetPool(pool.id), as: TestCloud.alice) }?.code
                == "too_many_tags")
        #expect(try networking.tags(of: .subnetPool(pool.id), as: TestCloud.alice).count == 50)
        try networking.deleteSubnetPool(pool.id, as: TestCloud.alice)
        #expect(try cloud.number("SELECT count(*) FROM tags") == 0)
    }

    @Test func `no statement about sharing and tags reads a whole table`() throws {
        let recorder = StatementRecorder()
        let cloud = try TestCloud(recorder: recorder)
        let networking = cloud.networking
        let network = try cloud.network(as: TestCloud.alice).network
        let group = try networking.createSecurityGroup(NewSecurityGroup(name: "web"), as: TestCloud.alice)
        let scope = try networking.createAddressScope(NewAddressScope(name: "s", version: .v4), as: TestCloud.alice)
        let pool = try networking.createSubnetPool(
            NewSubnetPool(name: "p", prefixes: ["10.9.0.0/16"]), as: TestCloud.alice)
        let objects = [
            ("network", network.id.text), ("security_group", group.id.text), ("address_scope", scope.id.text),
            ("subnetpool", pool.id.text),
        ]
        for (type, id) in objects {
            let policy = try networking.createRBACPolicy(
                NewRBACPolicy(objectType: type, objectID: id, action: "access_as_shared", targetProject: "red"),
                as: TestCloud.alice)
            _ = try networking.networks(as: TestCloud.bob)
            _ = try networking.securityGroups(as: TestCloud.bob)
            _ = try networking.subnetPools(as: TestCloud.bob)
            _ = try networking.addressScopes(as: TestCloud.bob)
            _ = try networking.rbacPolicies(as: TestCloud.alice)
            try networking.deleteRBACPolicy(policy.id, as: TestCloud.alice)
        }
        try networking.setTags(["a"], of: .network(network.id), as: TestCloud.alice)
        _ = try networking.tags(of: .network(network.id), as: TestCloud.alice)
        try networking.removeTag("a", from: .network(network.id), as: TestCloud.alice)
        let scans = try cloud.database.scans(in: recorder).filter { !$0.contains("jobs") && !$0.contains("migrations") }
        #expect(scans == [])
    }
}
