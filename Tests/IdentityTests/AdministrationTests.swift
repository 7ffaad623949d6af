import Database
import Foundation
import Identity
import ServiceCore
import Testing

struct AdministrationTests {
    private let fixture: IdentityFixture
    private let member: RequestContext

    init() throws {
        fixture = try IdentityFixture()
        _ = try fixture.makeMember("alice")
        let token = try fixture.login("alice", "secret")
        member = try fixture.identity.context(token: token.text, remoteAddress: "")
    }

    @Test func `members administer nothing`() throws {
        let identity = fixture.identity
        let user = member.userID
        let attempts: [() throws -> Void] = [
            { _ = try identity.projects(as: member) }, { _ = try identity.users(as: member) },
            { _ = try identity.domains(as: member) }, { _ = try identity.createRole("r", as: member) },
            { _ = try identity.createProject(NewProject(name: "p"), as: member) },
            { _ = try identity.createUser(NewUser(name: "u", password: "p"), as: member) },
            { _ = try identity.updateUser(user, UserUpdate(name: "x"), as: member) },
            { _ = try identity.updateProject("p", name: "x", as: member) },
            { try identity.deleteUser("u", as: member) }, { try identity.deleteProject("p", as: member) },
            { try identity.deleteRole("r", as: member) },
            { try identity.assign(role: "r", to: user, on: .system, as: member) },
            { try identity.unassign(role: "r", from: user, on: .system, as: member) },
            { _ = try identity.createDomain("d", as: member) },
            { try identity.setDomain("default", enabled: false, as: member) },
            { try identity.setPassword(userID: user, new: "x", as: member) },
            { _ = try identity.roleAssignments(ofUser: fixture.admin.userID, as: member) },
        ]
        for (number, attempt) in attempts.enumerated() {
            #expect(refusal(attempt)?.kind == .forbidden, "attempt \(number)")
        }
    }

    @Test func `members see themselves and the project they work in, and nothing else`() throws {
        let identity = fixture.identity
        #expect(try identity.user(member.userID, as: member).name == "alice")
        #expect(try identity.project(member.projectID ?? "", as: member).name == "alice")
        #expect(refusal { _ = try identity.user(fixture.admin.userID, as: member) }?.kind == .forbidden)
        #expect(refusal { _ = try identity.project(fixture.admin.projectID ?? "", as: member) }?.kind == .forbidden)
        let theft = refusal {
            try identity.changePassword(
                userID: fixture.admin.userID, old: IdentityFixture.password, new: "x", as: member)
        }
        #expect(theft?.kind == .notFound)
        #expect(try identity.roleAssignments(ofUser: member.userID, as: member).map(\.role.name) == ["member"])
    }

    @Test func `names are unique within a domain, whatever their case`() throws {
        let identity = fixture.identity
        let admin = fixture.admin
        #expect(refusal { _ = try identity.createProject(NewProject(name: "ALICE"), as: admin) }?.code == "name_taken")
        let user = NewUser(name: "Alice", password: "x")
        #expect(refusal { _ = try identity.createUser(user, as: admin) }?.code == "name_taken")
        #expect(refusal { _ = try identity.createRole("Member", as: admin) }?.code == "name_taken")
        let taken = refusal { _ = try identity.updateUser(member.userID, UserUpdate(name: "ADMIN"), as: admin) }
        #expect(taken?.kind == .conflict)
        #expect(try identity.updateUser(member.userID, UserUpdate(name: "Alice"), as: admin).name == "Alice")
    }

    @Test func `a bad name or password is refused and says which`() throws {
        let admin = fixture.admin
        let bad = NewUser(name: "  ", password: "")
        let refused = refusal { _ = try fixture.identity.createUser(bad, as: admin) }
        #expect(refused?.violations.map(\.field) == ["name", "password"])
        let long = NewProject(name: String(repeating: "字", count: 65))
        #expect(refusal { _ = try fixture.identity.createProject(long, as: admin) }?.code == "too_long")
        let lines = NewProject(name: "a\nb")
        #expect(refusal { _ = try fixture.identity.createProject(lines, as: admin) }?.code == "one_line")
    }

    @Test func `administrators cannot lock themselves out`() throws {
        let identity = fixture.identity
        let admin = fixture.admin
        let role = try #require(try identity.role(named: "admin"))
        let own = RoleScope.project(admin.projectID ?? "")
        let refused = [
            refusal { try identity.unassign(role: role.id, from: admin.userID, on: own, as: admin) },
            refusal { try identity.deleteUser(admin.userID, as: admin) },
            refusal { try identity.deleteProject(admin.projectID ?? "", as: admin) },
            refusal { try identity.deleteRole(role.id, as: admin) },
            refusal { _ = try identity.updateUser(admin.userID, UserUpdate(isEnabled: false), as: admin) },
        ]
        #expect(refused.map { $0?.kind } == [.conflict, .conflict, .conflict, .forbidden, .conflict])
    }

    @Test func `the role the dashboard wants by default is missing, and one step makes it`() throws {
        #expect(try fixture.identity.role(named: "_member_") == nil)
        let role = try fixture.identity.createRole("_member_", as: fixture.admin)
        #expect(try fixture.identity.role(named: "_MEMBER_") == role)
        try fixture.identity.deleteRole(role.id, as: fixture.admin)
        #expect(try fixture.identity.role(named: "_member_") == nil)
    }

    @Test func `a deleted project or user takes its assignments with it`() throws {
        let project = try #require(member.projectID)
        try fixture.identity.deleteProject(project, as: fixture.admin)
        #expect(try fixture.identity.roleAssignments(ofUser: member.userID, as: fixture.admin).isEmpty)
        try fixture.identity.deleteUser(member.userID, as: fixture.admin)
        #expect(refusal { try fixture.identity.deleteUser(member.userID, as: fixture.admin) }?.kind == .notFound)
    }

    @Test func `giving a role twice is giving it once, in each scope`() throws {
        let identity = fixture.identity
        let role = try #require(try identity.role(named: "reader"))
        let scopes: [RoleScope] = [.system, .domain("default"), .project(member.projectID ?? "")]
        for scope in scopes + scopes {
            try identity.assign(role: role.id, to: member.userID, on: scope, as: fixture.admin)
        }
        let held = try identity.roleAssignments(ofUser: member.userID, as: fixture.admin)
        #expect(Set(held.filter { $0.role == role }.map(\.scope)) == Set(scopes))
        #expect(held.count == 4)
        let nowhere = refusal {
            try identity.assign(role: role.id, to: member.userID, on: .project("nowhere"), as: fixture.admin)
        }
        #expect(nowhere?.kind == .notFound)
    }

    @Test func `no statement looks for something in a whole table`() throws {
        let identity = fixture.identity
        let queue = JobQueue(database: fixture.database, clock: fixture.clock, owner: "test")
        queue.register(PruneLogins(identity: identity))
        try queue.recover()
        try queue.drain()
        _ = refusal { _ = try fixture.login("admin", "wrong") }
        let token = try fixture.login()
        _ = try identity.rescope(token: token.text, projectID: fixture.admin.projectID ?? "")
        try identity.revoke(token: token.text)
        _ = try identity.projects(as: fixture.admin)
        _ = try identity.projects(inDomain: "default", as: fixture.admin)
        _ = try identity.users(as: fixture.admin)
        _ = try identity.users(inDomain: "default", as: fixture.admin)
        _ = try identity.roleAssignments(onProject: fixture.admin.projectID ?? "", as: fixture.admin)
        _ = try identity.roles()
        try identity.setPassword(userID: member.userID, new: "x", as: fixture.admin)
        try identity.deleteProject(member.projectID ?? "", as: fixture.admin)
        try identity.deleteUser(member.userID, as: fixture.admin)
        #expect(fixture.recorder.statements.count > 20)
        for scan in try fixture.database.scans(in: fixture.recorder) { Issue.record("\(scan)") }
    }
}
