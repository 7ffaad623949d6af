import Cryptography
import Database
import Dispatch
import Identity
import ServiceCore
import Synchronization
import Testing

struct LoginTests {
    private let fixture: IdentityFixture

    init() throws {
        fixture = try IdentityFixture()
    }

    @Test(arguments: ["default", "Default", "DEFAULT"], ["admin", "Admin"])
    func `the domain may be given by identifier or name, and case does not matter`(
        domain: String, user: String
    ) throws {
        let token = try fixture.login(user, domain: domain)
        #expect(token.user.name == "admin")
        #expect(token.project?.name == "admin")
        #expect(token.roles.map(\.name) == ["admin", "manager", "member", "reader"])
    }

    @Test func `a wrong password, user or domain and a disabled user look alike`() throws {
        let disabled = try fixture.makeMember("gone").user
        _ = try fixture.identity.updateUser(disabled.id, UserUpdate(isEnabled: false), as: fixture.admin)
        let refusals = [
            refusal { _ = try fixture.login("admin", "wrong") }, refusal { _ = try fixture.login("nobody", "wrong") },
            refusal { _ = try fixture.login(domain: "nowhere") }, refusal { _ = try fixture.login("gone", "secret") },
            refusal { _ = try fixture.login("admin", "") },
            refusal { _ = try fixture.login("admin", String(repeating: "x", count: 5000)) },
        ]
        #expect(Set(refusals).count == 1)
        #expect(refusals[0]?.code == "invalid_credentials")
        #expect(refusals[0]?.kind == .unauthenticated)
        #expect(refusals[0]?.message.english == "Invalid credentials.")
    }

    @Test func `five wrong passwords slow the account down ever more, even for the right one`() throws {
        for _ in 0..<5 {
            #expect(refusal { _ = try fixture.login("admin", "wrong") }?.code == "invalid_credentials")
        }
        for pause in [1, 2, 4, 8, 16, 32, 60, 60] as [Int64] {
            let refused = refusal { _ = try fixture.login() }
            #expect(refused?.code == "too_many_attempts")
            #expect(refused?.retryAfterSeconds == Int(pause))
            fixture.clock.advance(seconds: pause - 1)
            #expect(refusal { _ = try fixture.login() }?.code == "too_many_attempts")
            fixture.clock.advance(seconds: 1)
            #expect(refusal { _ = try fixture.login("admin", "wrong") }?.code == "invalid_credentials")
        }
        fixture.clock.advance(seconds: 60)
        _ = try fixture.login()
        #expect(refusal { _ = try fixture.login("admin", "wrong") }?.code == "invalid_credentials")
        _ = try fixture.login()
    }

    @Test func `other spellings of user and domain do not buy more tries`() throws {
        for (user, domain) in [("admin", "default"), ("ADMIN", "Default"), ("Admin", "DEFAULT")] {
            #expect(refusal { _ = try fixture.login(user, "wrong", domain: domain) }?.code == "invalid_credentials")
        }
        _ = refusal { _ = try fixture.login("aDmin", "wrong") }
        let byID = PasswordLogin(claim: .id(fixture.admin.userID), password: "wrong", remoteAddress: "192.0.2.9")
        _ = refusal { _ = try fixture.identity.authenticate(byID) }
        #expect(refusal { _ = try fixture.login() }?.code == "too_many_attempts")
        let domain = try fixture.identity.createDomain("Engineering", as: fixture.admin)
        for _ in 0..<5 { _ = refusal { _ = try fixture.login("eve", "wrong", domain: "engineering") } }
        #expect(refusal { _ = try fixture.login("eve", "wrong", domain: domain.id) }?.code == "too_many_attempts")
    }

    @Test func `an account that does not exist is slowed down as well, and others are not`() throws {
        for _ in 0..<5 { _ = refusal { _ = try fixture.login("nobody", "wrong") } }
        #expect(refusal { _ = try fixture.login("nobody", "wrong") }?.code == "too_many_attempts")
        _ = try fixture.login()
    }

    @Test func `a restart does not forget the failures`() throws {
        for _ in 0..<5 { _ = refusal { _ = try fixture.login("admin", "wrong") } }
        let again = try IdentityFixture.service(fixture.database, fixture.clock, fixture.logged)
        let login = PasswordLogin(
            domain: "default", userName: "admin", password: IdentityFixture.password, remoteAddress: "192.0.2.9")
        #expect(refusal { _ = try again.authenticate(login) }?.code == "too_many_attempts")
    }

    @Test func `many tries at once on a slowed account get one look at the password`() throws {
        // Slow enough for all of them to be let in before the first is found out, if they were let in.
        let cost = try #require(Scrypt.Cost(logN: 13, r: 8, p: 1))
        let fixture = fixture
        let slow = try IdentityFixture.service(fixture.database, fixture.clock, fixture.logged, cost: cost)
        @Sendable func login(_ password: String) -> String? {
            let login = PasswordLogin(domain: "default", userName: "admin", password: password, remoteAddress: "")
            return refusal { _ = try slow.authenticate(login) }?.code
        }
        #expect(login(IdentityFixture.password) == nil)
        for _ in 0..<5 { _ = login("wrong") }
        fixture.clock.advance(seconds: 1)
        let codes = Mutex<[String?]>([])
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            let code = login("wrong")
            codes.withLock { $0.append(code) }
        }
        #expect(codes.withLock { codes in codes.count { $0 == "invalid_credentials" } } == 1)
        #expect(codes.withLock { codes in codes.count { $0 == "too_many_attempts" } } == 15)
    }

    @Test func `every try is logged with user, domain and address, and never with the password`() throws {
        _ = refusal { _ = try fixture.login("admin", "typed by mistake") }
        _ = try fixture.login()
        _ = refusal { _ = try fixture.login(scope: .project(id: "nowhere")) }
        _ = refusal { _ = try fixture.login("no\nwarning login", "x") }
        let lines = fixture.logged.lines
        #expect(lines.contains("warning login failed address=192.0.2.9 domain=default user=admin"))
        let homeless = "warning login without a project to work in address=192.0.2.9 domain=default user=admin"
        #expect(lines.contains(homeless))
        #expect(lines.contains { $0.hasPrefix("info login address=192.0.2.9") && $0.contains("user=admin") })
        #expect(lines.allSatisfy { !$0.contains("\n") })
        #expect(lines.allSatisfy { !$0.contains("mistake") && !$0.contains(IdentityFixture.password) })
    }

    @Test func `the password's hash is renewed when the cost has changed`() throws {
        let cost = try #require(Scrypt.Cost(logN: 3, r: 1, p: 1))
        let costlier = try IdentityFixture.service(fixture.database, fixture.clock, fixture.logged, cost: cost)
        let login = PasswordLogin(
            domain: "default", userName: "admin", password: IdentityFixture.password, remoteAddress: "")
        for _ in 0..<2 { _ = try costlier.authenticate(login) }
        let hash = try fixture.database.read {
            try $0.value("SELECT password_hash FROM users WHERE name = 'admin'", as: String.self)
        }
        #expect(Scrypt.cost(of: hash ?? "") == cost)
    }

    @Test func `the project is the recent one, else the default one, else the first by name`() throws {
        let (user, zebra) = try fixture.makeMember("zebra")
        let other = try fixture.makeMember("apple").project
        let member = try #require(try fixture.identity.role(named: "member"))
        try fixture.identity.assign(role: member.id, to: user.id, on: .project(other.id), as: fixture.admin)
        func chosen(_ recent: String?) throws -> String? {
            try fixture.login("zebra", "secret", scope: .recent(id: recent)).project?.name
        }
        #expect(try chosen(nil) == "apple")
        #expect(try chosen(zebra.id) == "zebra")
        #expect(try chosen(fixture.admin.projectID) == "apple")
        _ = try fixture.identity.updateUser(user.id, UserUpdate(defaultProjectID: zebra.id), as: fixture.admin)
        #expect(try chosen(nil) == "zebra")
        #expect(try fixture.login("zebra", "secret", scope: .unscoped).project == nil)
        let named = PasswordLogin.Scope.projectNamed("APPLE", domain: "Default")
        #expect(try fixture.login("zebra", "secret", scope: named).project?.id == other.id)
    }

    @Test func `somebody without a project is told so`() throws {
        _ = try fixture.identity.createUser(NewUser(name: "lonely", password: "secret"), as: fixture.admin)
        let refused = refusal { _ = try fixture.login("lonely", "secret") }
        #expect(refused?.code == "no_projects")
        #expect(refused?.message.english == "You are not authorized for any projects or domains.")
        let admins = fixture.admin.projectID ?? ""
        let foreign = refusal { _ = try fixture.login("lonely", "secret", scope: .project(id: admins)) }
        #expect(foreign?.code == "no_projects")
    }

    @Test func `seeding again changes nothing`() throws {
        try fixture.identity.seed(adminPassword: "another")
        _ = try fixture.login()
        #expect(try fixture.identity.projects(as: fixture.admin).map(\.name) == ["admin", "service"])
        #expect(try fixture.identity.roles().map(\.name) == ["admin", "manager", "member", "reader", "service"])
        #expect(try fixture.identity.domains(as: fixture.admin).map(\.id) == ["default"])
    }
}
