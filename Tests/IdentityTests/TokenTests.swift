import Database
import ServiceCore
import Testing

@testable import Identity

struct TokenTests {
    private let fixture: IdentityFixture

    init() throws {
        fixture = try IdentityFixture()
    }

    private func code(_ token: Token) -> String? {
        refusal { _ = try fixture.identity.context(token: token.text, remoteAddress: "") }?.code
    }

    @Test func `a token says who acts, where, and as what`() throws {
        let (user, project) = try fixture.makeMember("alice")
        let token = try fixture.login("alice", "secret")
        let context = try fixture.identity.context(token: token.text, requestID: "req-1", remoteAddress: "192.0.2.3")
        #expect(context.userID == user.id)
        #expect(context.projectID == project.id)
        #expect(context.projectName == "alice")
        #expect(context.roles == ["member", "reader"])
        #expect(!context.isAdmin)
        #expect(context.requestID == "req-1")
        #expect(context.remoteAddress == "192.0.2.3")
        #expect(fixture.admin.isAdmin)
    }

    @Test func `a token is short, safe in a header, and leaves no row`() throws {
        let text = try fixture.login().text
        #expect(text.utf8.count <= 255)
        #expect(text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        #expect(try fixture.database.read { try $0.value("SELECT count(*) FROM revocations", as: Int.self) } == 0)
    }

    @Test func `a token ends after its lifetime`() throws {
        let token = try fixture.login()
        fixture.clock.advance(seconds: 3599)
        #expect(code(token) == nil)
        fixture.clock.advance(seconds: 1)
        #expect(code(token) == "token_expired")
    }

    @Test func `a revoked token ends, others of the same user go on`() throws {
        let token = try fixture.login()
        let other = try fixture.login()
        try fixture.identity.revoke(token: token.text)
        try fixture.identity.revoke(token: token.text)
        try fixture.identity.revoke(token: "nonsense")
        #expect(code(token) == "token_revoked")
        #expect(code(other) == nil)
    }

    @Test func `a changed or foreign token is not accepted`() throws {
        let text = try fixture.login().text
        let changed = [String(text.dropLast()), text + "A", String(text.reversed())]
        for bad in changed + ["", "x", String(repeating: "A", count: 9999)] {
            let refused = refusal { _ = try fixture.identity.context(token: bad, remoteAddress: "") }
            #expect(refused?.code == "token_invalid")
            #expect(refused?.kind == .unauthenticated)
        }
        let foreign = try IdentityFixture.service(
            fixture.database, fixture.clock, fixture.logged, secret: [UInt8](repeating: 8, count: 32))
        #expect(refusal { _ = try foreign.context(token: text, remoteAddress: "") }?.code == "token_invalid")
    }

    @Test func `a changed password ends all tokens of the user and of nobody else`() throws {
        let alice = try fixture.makeMember("alice").user
        let tokens = [try fixture.login("alice", "secret"), try fixture.login("alice", "secret")]
        let admins = try fixture.login()
        let context = try fixture.identity.context(token: tokens[0].text, remoteAddress: "")
        let wrong = refusal {
            try fixture.identity.changePassword(userID: alice.id, old: "guess", new: "new", as: context)
        }
        #expect(wrong?.violations.map(\.field) == ["current_password"])
        #expect(code(tokens[0]) == nil)
        try fixture.identity.changePassword(userID: alice.id, old: "secret", new: "new", as: context)
        #expect(tokens.map(code) == ["token_revoked", "token_revoked"])
        #expect(code(admins) == nil)
        #expect(refusal { _ = try fixture.login("alice", "secret") }?.code == "invalid_credentials")
        _ = try fixture.login("alice", "new")
    }

    @Test func `disabling a user or project ends the token, and enabling the user does not bring it back`() throws {
        let (alice, project) = try fixture.makeMember("alice")
        let token = try fixture.login("alice", "secret")
        let identity = fixture.identity
        _ = try identity.updateProject(project.id, isEnabled: false, as: fixture.admin)
        #expect(code(token) == "token_revoked")
        _ = try identity.updateProject(project.id, isEnabled: true, as: fixture.admin)
        #expect(code(token) == nil)
        _ = try identity.updateUser(alice.id, UserUpdate(isEnabled: false), as: fixture.admin)
        #expect(code(token) == "token_revoked")
        _ = try identity.updateUser(alice.id, UserUpdate(isEnabled: true), as: fixture.admin)
        #expect(code(token) == "token_revoked")
        #expect(try code(fixture.login("alice", "secret")) == nil)
    }

    @Test func `disabling a domain keeps its users out`() throws {
        let identity = fixture.identity
        let domain = try identity.createDomain("Engineering", as: fixture.admin)
        let project = try identity.createProject(NewProject(domainID: domain.id, name: "p"), as: fixture.admin)
        let user = try identity.createUser(
            NewUser(domainID: domain.id, name: "eve", password: "secret"), as: fixture.admin)
        let member = try #require(try identity.role(named: "member"))
        try identity.assign(role: member.id, to: user.id, on: .project(project.id), as: fixture.admin)
        let token = try fixture.login("eve", "secret", domain: "engineering")
        #expect(code(token) == nil)
        try identity.setDomain(domain.id, enabled: false, as: fixture.admin)
        #expect(code(token) == "token_revoked")
        let refused = refusal { _ = try fixture.login("eve", "secret", domain: "engineering") }
        #expect(refused?.code == "invalid_credentials")
        #expect(refusal { try identity.setDomain("default", enabled: false, as: fixture.admin) }?.kind == .conflict)
    }

    @Test func `a role that is taken away no longer counts`() throws {
        let (alice, project) = try fixture.makeMember("alice")
        let token = try fixture.login("alice", "secret")
        let member = try #require(try fixture.identity.role(named: "member"))
        try fixture.identity.unassign(
            role: member.id, from: alice.id, on: .project(project.id), as: fixture.admin)
        #expect(code(token) == "token_revoked")
    }

    @Test func `a token is exchanged for one of another project with the same end`() throws {
        let (alice, _) = try fixture.makeMember("alice")
        let other = try fixture.makeMember("bob").project
        let reader = try #require(try fixture.identity.role(named: "reader"))
        try fixture.identity.assign(role: reader.id, to: alice.id, on: .project(other.id), as: fixture.admin)
        let token = try fixture.login("alice", "secret", scope: .unscoped)
        fixture.clock.advance(seconds: 100)
        let scoped = try fixture.identity.rescope(token: token.text, projectID: other.id)
        #expect(scoped.expiresAt == token.expiresAt)
        #expect(scoped.auditID != token.auditID)
        #expect(try fixture.identity.context(token: scoped.text, remoteAddress: "").roles == ["reader"])
        let admins = try #require(fixture.admin.projectID)
        let foreign = refusal { _ = try fixture.identity.rescope(token: token.text, projectID: admins) }
        #expect(foreign?.code == "no_projects")
    }

    @Test func `expired revocations and old failures are forgotten`() throws {
        let queue = JobQueue(database: fixture.database, clock: fixture.clock, owner: "test")
        queue.register(PruneLogins(identity: fixture.identity))
        try queue.recover()
        try fixture.identity.revoke(token: fixture.login().text)
        _ = refusal { _ = try fixture.login("admin", "wrong") }
        func rows() throws -> Int? {
            try fixture.database.read {
                try $0.value("SELECT (SELECT count(*) FROM revocations) + (SELECT count(*) FROM login_failures)")
            }
        }
        try queue.drain()
        #expect(try rows() == 2)
        fixture.clock.advance(seconds: 3601)
        try queue.drain()
        #expect(try rows() == 0)
    }

    @Test func `the content survives its bytes, and only its own bytes`() {
        let content = TokenContent(
            userID: "default", scope: .project("p"), methods: [.password, .token],
            issuedAt: Timestamp(milliseconds: 1_800_000_000_123),
            expiresAt: Timestamp(milliseconds: -5), generation: 3, parentAuditID: "first", applicationCredentialID: "a")
        #expect(TokenContent(content.bytes) == content)
        for length in content.bytes.indices { #expect(TokenContent(Array(content.bytes.prefix(length))) == nil) }
        #expect(TokenContent(content.bytes + [0]) == nil)
    }
}
