import Identity
import ServiceCore
import Testing

@Suite struct `Who holds which role` {
    private let fixture: IdentityFixture
    private let admin: RequestContext
    private let identity: IdentityService

    init() throws {
        fixture = try IdentityFixture()
        admin = fixture.admin
        identity = fixture.identity
    }

    private func roles(_ user: User, in project: Project) throws -> [String] {
        let token = try? fixture.login(user.name, "secret", domain: user.domainID, scope: .project(id: project.id))
        return token?.roles.map(\.name) ?? []
    }

    @Test func `members of a group hold what the group was given`() throws {
        let (alice, _) = try fixture.makeMember("alice")
        let project = try identity.createProject(NewProject(name: "shared"), as: admin)
        let group = try identity.createGroup(NewGroup(name: "team"), as: admin)
        let reader = try #require(try identity.role(named: "reader"))
        try identity.assign(role: reader.id, to: .group(group.id), on: .project(project.id), as: admin)
        #expect(try roles(alice, in: project) == [])
        try identity.add(user: alice.id, toGroup: group.id, as: admin)
        #expect(try roles(alice, in: project) == ["reader"])
        #expect(try identity.projects(for: alice.id).map(\.name) == ["alice", "shared"])
        #expect(try identity.members(of: group.id, as: admin) == [alice])
        try identity.requireMember(alice.id, of: group.id, as: admin)
        try identity.remove(user: alice.id, fromGroup: group.id, as: admin)
        #expect(try roles(alice, in: project) == [])
        #expect(refusal { try identity.requireMember(alice.id, of: group.id, as: admin) }?.kind == .notFound)
        try identity.deleteGroup(group.id, as: admin)
        #expect(try identity.roleAssignments(onProject: project.id, as: admin).isEmpty)
    }

    @Test func `what is given to be inherited counts below, and not there`() throws {
        let (alice, _) = try fixture.makeMember("alice")
        let top = try identity.createProject(NewProject(name: "top"), as: admin)
        let leaf = try identity.createProject(NewProject(name: "leaf", parentID: top.id), as: admin)
        let reader = try #require(try identity.role(named: "reader"))
        try identity.assign(role: reader.id, to: .user(alice.id), on: .project(top.id), isInherited: true, as: admin)
        #expect(try roles(alice, in: top) == [] && roles(alice, in: leaf) == ["reader"])
        #expect(try identity.projects(for: alice.id).map(\.name) == ["alice", "leaf"])
        try identity.assign(role: reader.id, to: .user(alice.id), on: .domain("default"), isInherited: true, as: admin)
        #expect(try roles(alice, in: top) == ["reader"])
        var filter = RoleAssignmentFilter(userID: alice.id, scope: .project(leaf.id))
        filter.isEffective = true
        let effective = try identity.roleAssignments(filter, as: admin)
        #expect(effective.map(\.role.name) == ["reader"])
        #expect(effective.first?.origin?.isInherited == true)
    }

    @Test func `a role implies others by rows, of which the standard ones are there`() throws {
        let (alice, project) = try fixture.makeMember("alice", role: "reader")
        let boss = try identity.createRole("boss", as: admin)
        let clerk = try identity.createRole("clerk", as: admin)
        let member = try #require(try identity.role(named: "member"))
        _ = try identity.createRoleInference(from: boss.id, to: clerk.id, as: admin)
        _ = try identity.createRoleInference(from: clerk.id, to: member.id, as: admin)
        try identity.assign(role: boss.id, to: alice.id, on: .project(project.id), as: admin)
        #expect(try roles(alice, in: project) == ["boss", "clerk", "member", "reader"])
        #expect(try identity.roleInferences(as: admin).count == 5)
        #expect(
            refusal { _ = try identity.createRoleInference(from: member.id, to: boss.id, as: admin) }?.code
                == "role_circle")
        try identity.deleteRoleInference(from: boss.id, to: clerk.id, as: admin)
        #expect(try roles(alice, in: project) == ["boss", "reader"])
    }

    @Test func `a domain's role counts only by what it implies`() throws {
        let (alice, project) = try fixture.makeMember("alice")
        let local = try identity.createRole(NewRole(name: "local", domainID: "default"), as: admin)
        let global = try identity.createRole("global", as: admin)
        #expect(
            refusal { _ = try identity.createRoleInference(from: global.id, to: local.id, as: admin) }?.kind
                == .forbidden)
        try identity.assign(role: local.id, to: alice.id, on: .project(project.id), as: admin)
        #expect(try roles(alice, in: project) == ["member", "reader"])
        _ = try identity.createRoleInference(from: local.id, to: global.id, as: admin)
        #expect(try roles(alice, in: project) == ["global", "member", "reader"])
        #expect(try identity.roles(RoleFilter(domainID: "default"), as: admin) == [local])
        let elsewhere = try identity.createDomain("Elsewhere", as: admin)
        let foreign = try identity.createProject(NewProject(domainID: elsewhere.id, name: "p"), as: admin)
        let misplaced = refusal {
            try identity.assign(role: local.id, to: alice.id, on: .project(foreign.id), as: admin)
        }
        #expect(misplaced?.kind == .forbidden)
    }

    @Test func `standard roles cannot be changed`() throws {
        let reader = try #require(try identity.role(named: "reader"))
        let refused = refusal { _ = try identity.updateRole(reader.id, RoleUpdate(name: "viewer"), as: admin) }
        #expect(refused?.code == "immutable_role")
    }

    @Test func `projects make a tree that is neither too deep nor broken`() throws {
        var parent = try identity.createProject(NewProject(name: "p1"), as: admin)
        for level in 2...4 {
            parent = try identity.createProject(NewProject(name: "p\(level)", parentID: parent.id), as: admin)
        }
        let deep = refusal {
            _ = try identity.createProject(NewProject(name: "p5", parentID: parent.id), as: admin)
        }
        #expect(deep?.code == "too_deep")
        let top = try #require(try identity.projects(ProjectFilter(name: "p1"), as: admin).first)
        #expect(
            refusal { _ = try identity.updateProject(top.id, isEnabled: false, as: admin) }?.code == "enabled_subtree")
        #expect(refusal { try identity.deleteProject(top.id, as: admin) }?.code == "not_a_leaf")
        let (parents, subtree) = try identity.surroundings(of: parent.id, as: admin)
        #expect(parents.map(\.name) == ["p3", "p2", "p1"] && subtree.isEmpty)
        #expect(try identity.projects(ProjectFilter(parentID: "default"), as: admin).map(\.name).contains("p1"))
        #expect(try identity.projects(ProjectFilter(parentID: top.id), as: admin).map(\.name) == ["p2"])
    }

    @Test func `projects are found by their tags`() throws {
        var new = NewProject(name: "tagged")
        new.tags = ["red", "blue"]
        let project = try identity.createProject(new, as: admin)
        #expect(project.tags == ["blue", "red"])
        try identity.addTag("green", to: project.id, as: admin)
        var filter = ProjectFilter()
        filter.tags = ["green", "red"]
        #expect(try identity.projects(filter, as: admin).map(\.name) == ["tagged"])
        try identity.removeTag("red", from: project.id, as: admin)
        #expect(try identity.projects(filter, as: admin).isEmpty)
        #expect(refusal { _ = try identity.setTags(["a", "a"], of: project.id, as: admin) }?.kind == .invalid)
        #expect(refusal { _ = try identity.setTags(["a/b"], of: project.id, as: admin) }?.kind == .invalid)
    }

    @Test func `a domain goes with everything in it, once it is disabled`() throws {
        let domain = try identity.createDomain("Gone", as: admin)
        let top = try identity.createProject(NewProject(domainID: domain.id, name: "top"), as: admin)
        _ = try identity.createProject(NewProject(domainID: domain.id, name: "leaf", parentID: top.id), as: admin)
        let eve = try identity.createUser(NewUser(domainID: domain.id, name: "eve", password: "secret"), as: admin)
        let group = try identity.createGroup(NewGroup(domainID: domain.id, name: "team"), as: admin)
        #expect(refusal { try identity.deleteDomain(domain.id, as: admin) }?.code == "domain_enabled")
        try identity.setDomain(domain.id, enabled: false, as: admin)
        try identity.deleteDomain(domain.id, as: admin)
        #expect(refusal { _ = try identity.user(eve.id, as: admin) }?.kind == .notFound)
        #expect(refusal { _ = try identity.group(group.id, as: admin) }?.kind == .notFound)
        #expect(refusal { _ = try identity.project(top.id, as: admin) }?.kind == .notFound)
    }
}
