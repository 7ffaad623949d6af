import Identity
import ServiceCore
import Testing

@Suite struct `What a token is good for` {
    private let fixture: IdentityFixture

    init() throws {
        fixture = try IdentityFixture()
    }

    private func context(_ token: Token) throws -> RequestContext {
        try fixture.identity.context(token: token.text, remoteAddress: "")
    }

    @Test func `the whole system, for those who hold a role in it`() throws {
        let token = try fixture.login(scope: .system)
        let system = try context(token)
        #expect(system.isSystem && system.isAdmin && system.projectID == nil)
        #expect(token.roles.map(\.name) == ["admin", "manager", "member", "reader"])
        _ = try fixture.makeMember("alice")
        #expect(refusal { _ = try fixture.login("alice", "secret", scope: .system) }?.code == "no_projects")
    }

    @Test func `a domain, for those who hold a role on it`() throws {
        let identity = fixture.identity
        let alice = try fixture.makeMember("alice").user
        #expect(
            refusal { _ = try fixture.login("alice", "secret", scope: .domain(id: "default")) }?.code == "no_projects")
        let reader = try #require(try identity.role(named: "reader"))
        try identity.assign(role: reader.id, to: alice.id, on: .domain("default"), as: fixture.admin)
        let context = try context(fixture.login("alice", "secret", scope: .domainNamed("Default")))
        #expect(context.domainID == "default" && context.projectID == nil && context.roles == ["reader"])
        #expect(try identity.domains(for: alice.id).map(\.id) == ["default"])
    }

    @Test func `readers of the system look at everything, readers of a domain at what is in it`() throws {
        let identity = fixture.identity
        let admin = fixture.admin
        let domain = try identity.createDomain("Engineering", as: admin)
        let eve = try identity.createUser(NewUser(domainID: domain.id, name: "eve", password: "secret"), as: admin)
        let reader = try #require(try identity.role(named: "reader"))
        try identity.assign(role: reader.id, to: eve.id, on: .domain(domain.id), as: admin)
        try identity.assign(role: reader.id, to: eve.id, on: .system, as: admin)
        let onSystem = try context(fixture.login("eve", "secret", domain: domain.id, scope: .system))
        #expect(try identity.users(as: onSystem).count == 2)
        #expect(try identity.services(as: onSystem).count == 5)
        #expect(refusal { _ = try identity.createRole("r", as: onSystem) }?.kind == .forbidden)
        let inDomain = try context(fixture.login("eve", "secret", domain: domain.id, scope: .domain(id: domain.id)))
        #expect(try identity.users(UserFilter(), as: inDomain).map(\.name) == ["eve"])
        #expect(try identity.user(eve.id, as: inDomain) == eve)
        #expect(refusal { _ = try identity.user(admin.userID, as: inDomain) }?.kind == .forbidden)
        #expect(refusal { _ = try identity.users(inDomain: "default", as: inDomain) }?.kind == .forbidden)
        #expect(refusal { _ = try identity.services(as: inDomain) }?.kind == .forbidden)
    }

    @Test func `an exchanged token tells how both were got, and the name of the first`() throws {
        let first = try fixture.login(scope: .unscoped)
        let second = try fixture.identity.rescope(token: first.text, projectID: fixture.admin.projectID ?? "")
        let third = try fixture.identity.authenticate(Authentication([.token(second.text)], remoteAddress: ""))
        #expect(first.methods == ["password"] && second.methods == ["password", "token"])
        #expect(second.auditIDs == [second.auditID, first.auditID])
        #expect(third.auditIDs == [third.auditID, first.auditID])
        #expect(third.project?.name == "admin")
        try fixture.identity.revoke(token: second.text)
        #expect(throws: Never.self) { try fixture.identity.validate(first.text) }
        #expect(throws: Never.self) { try fixture.identity.validate(third.text) }
    }

    @Test func `without a scope it is the default project, and nothing when no role is held there any more`() throws {
        let (alice, project) = try fixture.makeMember("alice")
        var update = UserUpdate()
        update.defaultProjectID = project.id
        _ = try fixture.identity.updateUser(alice.id, update, as: fixture.admin)
        #expect(try fixture.login("alice", "secret", scope: .usersDefault).project?.id == project.id)
        let member = try #require(try fixture.identity.role(named: "member"))
        try fixture.identity.unassign(role: member.id, from: alice.id, on: .project(project.id), as: fixture.admin)
        #expect(try fixture.login("alice", "secret", scope: .usersDefault).scope == .unscoped)
    }

    @Test func `what was looked up is forgotten with any change, and with none it is not looked up again`() throws {
        let (alice, project) = try fixture.makeMember("alice")
        let token = try fixture.login("alice", "secret")
        let identity = fixture.identity
        #expect(try identity.validate(token.text).roles.map(\.name) == ["member", "reader"])
        let revision = identity.revision
        _ = try fixture.login()
        _ = refusal { _ = try fixture.login("admin", "wrong") }
        #expect(identity.revision == revision)
        let changes: [() throws -> Void] = [
            { _ = try identity.updateUser(alice.id, UserUpdate(email: "a@example.org"), as: fixture.admin) },
            { _ = try identity.updateProject(project.id, description: "x", as: fixture.admin) },
            { _ = try identity.createRole("r", as: fixture.admin) },
            { try identity.revoke(token: fixture.login().text) },
        ]
        for change in changes {
            let before = identity.revision
            try change()
            #expect(identity.revision > before)
        }
        #expect(try identity.validate(token.text).user.email == "a@example.org")
        let admin = try #require(try identity.role(named: "admin"))
        try identity.assign(role: admin.id, to: alice.id, on: .project(project.id), as: fixture.admin)
        #expect(try identity.context(token: token.text, remoteAddress: "").isAdmin)
        fixture.clock.advance(seconds: 3601)
        #expect(refusal { _ = try identity.validate(token.text) }?.code == "token_expired")
    }
}
