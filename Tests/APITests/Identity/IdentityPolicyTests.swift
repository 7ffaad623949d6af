import HTTP
import Identity
import ServiceCore
import Testing

/// What becomes of tokens that somebody else looks at or ends; the rest is in ``PolicyTable``.
@Suite struct `Tokens of others` {
    private let cloud: APICloud
    private let tokens: [String: String]
    private let alice: User

    init() throws {
        cloud = try APICloud()
        let identity = cloud.identity
        let admin = try identity.context(token: cloud.token(), remoteAddress: "")
        let project = try identity.createProject(NewProject(name: "alices"), as: admin)
        alice = try identity.createUser(NewUser(name: "alice", password: "secret"), as: admin)
        let rita = try identity.createUser(NewUser(name: "rita", password: "secret"), as: admin)
        let member = try #require(try identity.role(named: "member"))
        let reader = try #require(try identity.role(named: "reader"))
        try identity.assign(role: member.id, to: alice.id, on: .project(project.id), as: admin)
        try identity.assign(role: reader.id, to: rita.id, on: .system, as: admin)
        func token(_ user: String, _ scope: PasswordLogin.Scope) throws -> String {
            try identity.authenticate(
                PasswordLogin(
                    domain: "default", userName: user, password: "secret", remoteAddress: "", scope: scope)
            ).text
        }
        tokens = [
            "admin": try cloud.token(), "member": try token("alice", .project(id: project.id)),
            "system reader": try token("rita", .system),
        ]
    }

    @Test func `another's token is looked at by readers of the system, and ended by administrators`() {
        func status(_ method: HTTP.Method, _ person: String, _ subject: String) -> Int {
            cloud.ask(
                method, "/identity/v3/auth/tokens", token: tokens[person],
                fields: ["X-Subject-Token": tokens[subject] ?? ""]
            ).status
        }
        #expect(status(.get, "member", "member") == 200)
        #expect(status(.get, "member", "admin") == 403)
        #expect(status(.get, "system reader", "admin") == 200)
        #expect(status(.delete, "system reader", "admin") == 403)
        #expect(status(.delete, "admin", "member") == 204)
        #expect(status(.get, "admin", "member") == 404)
        #expect(status(.get, "member", "member") == 401)
    }
}
