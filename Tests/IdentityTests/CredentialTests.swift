import Cryptography
import Database
import Foundation
import Identity
import ServiceCore
import Testing

@Suite struct `Secrets other than passwords` {
    private let fixture: IdentityFixture
    private let identity: IdentityService
    private let alice: User
    private let project: Project
    private let context: RequestContext

    init() throws {
        fixture = try IdentityFixture()
        identity = fixture.identity
        (alice, project) = try fixture.makeMember("alice")
        context = try identity.context(token: fixture.login("alice", "secret").text, remoteAddress: "")
    }

    private func login(
        _ claim: Authentication.ApplicationCredentialClaim, _ secret: String
    ) throws -> Token {
        try identity.authenticate(
            Authentication([.applicationCredential(claim, secret: secret)], remoteAddress: "192.0.2.1"))
    }

    @Test func `an application credential acts for its user in its project, with some of the roles`() throws {
        var new = NewApplicationCredential(name: "monitoring")
        new.roles = [.name("reader")]
        let (credential, secret) = try identity.createApplicationCredential(new, forUser: alice.id, as: context)
        for claim in [
            Authentication.ApplicationCredentialClaim.id(credential.id),
            .name("monitoring", .name("alice", domain: "Default")),
        ] {
            let token = try login(claim, secret)
            #expect(token.project?.id == project.id && token.roles.map(\.name) == ["reader"])
            #expect(token.methods == ["application_credential"])
        }
        #expect(refusal { _ = try login(.id(credential.id), "wrong") }?.code == "invalid_credentials")
        #expect(refusal { _ = try login(.id("nonsense"), secret) }?.code == "invalid_credentials")
        let token = try login(.id(credential.id), secret)
        let restricted = try identity.context(token: token.text, remoteAddress: "")
        let more = refusal {
            _ = try identity.createApplicationCredential(
                NewApplicationCredential(name: "more"), forUser: alice.id, as: restricted)
        }
        #expect(more?.kind == .forbidden)
        #expect(refusal { _ = try identity.rescope(token: token.text, projectID: project.id) }?.code == "fixed_scope")
        try identity.deleteApplicationCredential(credential.id, ofUser: alice.id, as: context)
        #expect(refusal { _ = try identity.validate(token.text) }?.code == "token_revoked")
    }

    @Test func `roles that are not held, ends that are past and names that are taken are refused`() throws {
        var new = NewApplicationCredential(name: "a")
        new.roles = [.name("admin")]
        let greedy = refusal { _ = try identity.createApplicationCredential(new, forUser: alice.id, as: context) }
        #expect(greedy?.code == "role_not_held")
        new.roles = nil
        new.expiresAt = MicroTime("2025-12-31T23:59:59")
        let past = refusal { _ = try identity.createApplicationCredential(new, forUser: alice.id, as: context) }
        #expect(past?.code == "past")
        new.expiresAt = MicroTime("2026-01-01T00:00:10.123456Z")
        let (credential, secret) = try identity.createApplicationCredential(new, forUser: alice.id, as: context)
        #expect(credential.expiresAt?.iso8601 == "2026-01-01T00:00:10.123456")
        let twice = refusal { _ = try identity.createApplicationCredential(new, forUser: alice.id, as: context) }
        #expect(twice?.code == "name_taken")
        let token = try login(.id(credential.id), secret)
        fixture.clock.advance(seconds: 11)
        #expect(refusal { _ = try login(.id(credential.id), secret) }?.code == "invalid_credentials")
        #expect(refusal { _ = try identity.validate(token.text) }?.kind == .unauthenticated)
    }

    @Test func `an application credential with rules may make no other requests`() throws {
        var new = NewApplicationCredential(name: "ips", secret: "a secret of one's own")
        new.accessRules = [.new(service: "compute", method: "GET", path: "/v2.1/servers/*/ips")]
        let (credential, secret) = try identity.createApplicationCredential(new, forUser: alice.id, as: context)
        #expect(secret == "a secret of one's own")
        let token = try login(.id(credential.id), secret)
        func code(_ service: String, _ method: String, _ path: String) -> String? {
            refusal {
                _ = try identity.context(
                    token: token.text, requestID: "", remoteAddress: "", service: service, method: method, path: path)
            }?.code
        }
        #expect(code("compute", "GET", "/v2.1/servers/s1/ips") == nil)
        #expect(code("compute", "GET", "/v2.1/servers/s1") == "access_rule")
        #expect(code("compute", "DELETE", "/v2.1/servers/s1/ips") == "access_rule")
        #expect(code("image", "GET", "/v2.1/servers/s1/ips") == "access_rule")
        let rule = try #require(credential.accessRules?.first)
        let used = refusal { try identity.deleteAccessRule(rule.id, ofUser: alice.id, as: context) }
        #expect(used?.code == "rule_in_use")
        try identity.deleteApplicationCredential(credential.id, ofUser: alice.id, as: context)
        try identity.deleteAccessRule(rule.id, ofUser: alice.id, as: context)
        #expect(try identity.accessRules(ofUser: alice.id, as: context).isEmpty)
    }

    @Test func `an application credential with an empty list of rules may make every request`() throws {
        var new = NewApplicationCredential(name: "all")
        new.accessRules = []
        let (credential, secret) = try identity.createApplicationCredential(new, forUser: alice.id, as: context)
        #expect(credential.accessRules == nil)
        let token = try login(.id(credential.id), secret)
        let asked = try identity.context(
            token: token.text, requestID: "", remoteAddress: "", service: "compute", method: "GET", path: "/v2.1/servers")
        #expect(asked.userID == alice.id)
    }

    @Test func `a secret is kept sealed, and shown to its owner and to administrators only`() throws {
        let new = NewCredential(type: "cert", blob: "a very secret text")
        let credential = try identity.createCredential(new, as: context)
        let bob = try fixture.makeMember("bob").user
        let other = try identity.context(token: fixture.login("bob", "secret").text, remoteAddress: "")
        #expect(try identity.credential(credential.id, as: context).blob == "a very secret text")
        #expect(try identity.credential(credential.id, as: fixture.admin) == credential)
        #expect(refusal { _ = try identity.credential(credential.id, as: other) }?.kind == .forbidden)
        #expect(try identity.credentials(as: other).isEmpty)
        #expect(try identity.credentials(ofUser: alice.id, as: other).isEmpty)
        let theft = refusal {
            _ = try identity.createCredential(NewCredential(userID: bob.id, type: "cert", blob: "x"), as: context)
        }
        #expect(theft?.kind == .forbidden)
        let rows = try fixture.database.read {
            try $0.map("SELECT sealed_blob FROM credentials") { row in try row[0] as String }
        }
        #expect(rows.count == 1 && rows.allSatisfy { !$0.contains("secret") })
        try identity.deleteUser(alice.id, as: fixture.admin)
        #expect(refusal { _ = try identity.credential(credential.id, as: fixture.admin) }?.kind == .notFound)
    }

    @Test func `an EC2 key is a credential with a name of its own`() throws {
        let key = try identity.createEC2Key(forUser: alice.id, projectID: project.id, as: context)
        #expect(try identity.ec2Key(key.access, ofUser: alice.id, as: context) == key)
        #expect(try identity.ec2Keys(ofUser: alice.id, as: context) == [key])
        #expect(try identity.credentials(type: "ec2", as: context).map(\.id.count) == [64])
        let foreign = refusal {
            _ = try identity.ec2Key(key.access, ofUser: fixture.admin.userID, as: fixture.admin)
        }
        #expect(foreign?.kind == .notFound)
        try identity.deleteEC2Key(key.access, ofUser: alice.id, as: context)
        #expect(try identity.ec2Keys(ofUser: alice.id, as: context).isEmpty)
    }

    @Test func `a one-time password counts once, and is the second proof that a rule asks for`() throws {
        // 20 bytes, the seed of RFC 6238's appendix B.
        let seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        _ = try identity.createCredential(NewCredential(type: "totp", blob: seed), as: context)
        var update = UserUpdate()
        update.options = ExtraAttributes([
            "multi_factor_auth_enabled": "true", "multi_factor_auth_rules": #"[["password", "totp"]]"#,
        ])
        _ = try identity.updateUser(alice.id, update, as: fixture.admin)
        #expect(refusal { _ = try fixture.login("alice", "secret") }?.code == "invalid_credentials")
        let claim = PasswordLogin.Claim.id(alice.id)
        func both(_ passcode: String) throws -> Token {
            try identity.authenticate(
                Authentication(
                    [.password(claim, "secret"), .totp(claim, passcode: passcode)], scope: .project(id: project.id),
                    remoteAddress: ""))
        }
        let passcode = TOTP.passcode(seed: Array("12345678901234567890".utf8), step: fixture.clock.now().seconds / 30)
        #expect(refusal { _ = try both("000000") }?.code == "invalid_credentials")
        #expect(try both(passcode).methods == ["password", "totp"])
        #expect(refusal { _ = try both(passcode) }?.code == "invalid_credentials")
    }

    @Test func `a password is replaced by who knows it, without a token, and not when it is locked`() throws {
        let wrong = refusal {
            try identity.changePassword(userID: alice.id, original: "guess", new: "new", remoteAddress: "")
        }
        #expect(wrong?.code == "invalid_credentials")
        try identity.changePassword(userID: alice.id, original: "secret", new: "new", remoteAddress: "")
        _ = try fixture.login("alice", "new")
        var update = UserUpdate()
        update.options = ExtraAttributes(["lock_password": "true"])
        _ = try identity.updateUser(alice.id, update, as: fixture.admin)
        let locked = refusal {
            try identity.changePassword(userID: alice.id, original: "new", new: "newer", remoteAddress: "")
        }
        #expect(locked?.code == "locked_password")
    }

    @Test func `a trust passes on roles that are held, by their holder`() throws {
        let bob = try fixture.makeMember("bob").user
        var new = NewTrust(
            trustorID: alice.id, trusteeID: bob.id, projectID: project.id, isImpersonation: true,
            roles: [.name("reader")])
        let trust = try identity.createTrust(new, as: context)
        #expect(try identity.trust(trust.id, as: context) == trust)
        #expect(try identity.trusts(ofTrustor: alice.id, as: context).map(\.id) == [trust.id])
        #expect(refusal { _ = try identity.trusts(as: context) }?.kind == .forbidden)
        new.roles = [.name("admin")]
        #expect(refusal { _ = try identity.createTrust(new, as: context) }?.code == "role_not_held")
        #expect(refusal { _ = try identity.createTrust(new, as: fixture.admin) }?.kind == .forbidden)
        try identity.deleteTrust(trust.id, as: context)
        #expect(refusal { _ = try identity.trust(trust.id, as: context) }?.kind == .notFound)
    }
}
