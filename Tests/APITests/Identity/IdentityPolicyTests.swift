import HTTP
import Identity
import ServiceCore
import Testing

/// Who may do what, as keystone's defaults say: 401 without a token, 403 for others, 404 for what is not there.
@Suite struct `Who may do what in keystone` {
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

    private static let everybody: [String: Int] = ["nobody": 401, "member": 200, "system reader": 200, "admin": 200]
    private static let looks: [String: Int] = ["nobody": 401, "member": 403, "system reader": 200, "admin": 200]
    private static let missing: [String: Int] = ["nobody": 401, "member": 403, "system reader": 404, "admin": 404]
    private static let deletes: [String: Int] = ["nobody": 401, "member": 403, "system reader": 403, "admin": 404]

    private static let table: [(HTTP.Method, String, [String: Int])] = [
        (.get, "/domains", looks), (.get, "/domains/default", everybody), (.get, "/domains/x", missing),
        (.get, "/projects", looks), (.get, "/projects/x", missing), (.get, "/users", looks),
        (.get, "/users/x", missing),
        (.get, "/groups", looks), (.get, "/groups/x", missing), (.get, "/roles", looks), (.get, "/roles/x", missing),
        (.get, "/role_assignments", looks), (.get, "/role_inferences", looks), (.get, "/services", looks),
        (.get, "/services/x", missing), (.get, "/endpoints", looks), (.get, "/endpoints/x", missing),
        (.get, "/regions", everybody), (.get, "/policies", looks), (.get, "/OS-TRUST/trusts", looks),
        (.get, "/registered_limits", everybody), (.get, "/limits", everybody), (.get, "/credentials", everybody),
        (.get, "/auth/projects", everybody), (.get, "/auth/catalog", everybody),
        (.get, "/OS-EP-FILTER/endpoint_groups", looks), (.get, "/users/x/application_credentials", missing),
        (.get, "/system/users/x/roles", missing), (.get, "/projects/x/users/x/roles", missing),
        (.get, "/domains/x/config", missing), (.get, "/domains/config/default", looks),
        (.delete, "/domains/x/config", deletes), (.get, "/OS-OAUTH1/consumers", looks),
        (.get, "/OS-OAUTH1/consumers/x", missing), (.delete, "/OS-OAUTH1/consumers/x", deletes),
        (.get, "/OS-EP-FILTER/projects/x/endpoints", missing), (.get, "/OS-EP-FILTER/endpoints/x/projects", missing),
        (.put, "/OS-EP-FILTER/projects/x/endpoints/x", deletes),
        (.delete, "/OS-EP-FILTER/endpoint_groups/x/projects/x", deletes),
        (.delete, "/domains/x", deletes), (.delete, "/projects/x", deletes), (.delete, "/users/x", deletes),
        (.delete, "/groups/x", deletes), (.delete, "/roles/x", deletes), (.delete, "/regions/x", deletes),
        (.delete, "/services/x", deletes), (.delete, "/endpoints/x", deletes), (.delete, "/policies/x", deletes),
        (.delete, "/credentials/x", deletes), (.delete, "/limits/x", deletes),
        (.delete, "/registered_limits/x", deletes),
        (.put, "/projects/x/users/x/roles/x", deletes), (.delete, "/system/groups/x/roles/x", deletes),
        (.put, "/groups/x/users/x", deletes), (.put, "/roles/x/implies/x", deletes),
    ]

    @Test(arguments: table.indices)
    func `a route lets pass whom it should, and tells the others why not`(row: Int) {
        let (method, path, expected) = Self.table[row]
        for (person, status) in expected {
            let answer = cloud.ask(method, "/identity/v3" + path, token: tokens[person])
            #expect(answer.status == status, "\(person) \(method) \(path): \(answer.text)")
            if status >= 400 { #expect(answer["error.code"] as? Int == status) }
        }
    }

    @Test func `people see themselves, and nobody else`() {
        for (person, status) in ["nobody": 401, "member": 200, "system reader": 200, "admin": 200] {
            #expect(cloud.ask(.get, "/identity/v3/users/\(alice.id)", token: tokens[person]).status == status)
        }
        let admin = (try? cloud.identity.validate(tokens["admin"] ?? ""))?.user.id ?? ""
        #expect(cloud.ask(.get, "/identity/v3/users/\(admin)", token: tokens["member"]).status == 403)
        #expect(cloud.ask(.get, "/identity/v3/users/\(admin)/projects", token: tokens["member"]).status == 403)
        #expect(cloud.ask(.get, "/identity/v3/users/\(alice.id)/projects", token: tokens["member"]).status == 200)
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
