import Database
import Identity
import ServiceCore
import Testing

/// Tokens of trusts: alice trusts bob in her project.
@Suite struct `What a trust lets another do` {
    private let fixture: IdentityFixture
    private let identity: IdentityService
    private let alice: User
    private let bob: User
    private let project: Project
    private let context: RequestContext

    init() throws {
        fixture = try IdentityFixture()
        identity = fixture.identity
        (alice, project) = try fixture.makeMember("alice")
        bob = try fixture.makeMember("bob").user
        context = try identity.context(token: fixture.login("alice", "secret").text, remoteAddress: "")
    }

    private func trust(
        impersonation: Bool = false, roles: [String] = ["reader"], _ change: (inout NewTrust) -> Void = { _ in }
    ) throws -> Trust {
        var new = NewTrust(
            trustorID: alice.id, trusteeID: bob.id, projectID: project.id, isImpersonation: impersonation,
            roles: roles.map { .name($0) })
        change(&new)
        return try identity.createTrust(new, as: context)
    }

    private func use(_ trust: Trust, by user: String = "bob") throws -> Token {
        try fixture.login(user, "secret", scope: .trust(id: trust.id))
    }

    private func code(_ token: Token) -> String? { refusal { _ = try identity.validate(token.text) }?.code }

    @Test func `the trustee acts in the project with the roles passed on, under its own name`() throws {
        let trust = try trust()
        let token = try use(trust)
        #expect(token.user.id == bob.id && token.project?.id == project.id && token.roles.map(\.name) == ["reader"])
        #expect(token.trust?.id == trust.id)
        let seen = try identity.context(token: token.text, remoteAddress: "")
        #expect(seen.userID == bob.id && seen.projectID == project.id && seen.roles == ["reader"])
        #expect(try use(self.trust(roles: ["member"])).roles.map(\.name) == ["member", "reader"])
    }

    @Test func `with impersonation it acts under the trustor's name`() throws {
        let token = try use(trust(impersonation: true))
        #expect(token.user.id == alice.id && token.userDomainName == "Default")
        let seen = try identity.context(token: token.text, remoteAddress: "")
        #expect(seen.userID == alice.id && seen.userName == "alice")
    }

    @Test func `nobody else can use it, and what is not there cannot be used`() throws {
        let trust = try trust()
        #expect(refusal { _ = try use(trust, by: "alice") }?.code == "not_the_trustee")
        try identity.deleteTrust(trust.id, as: context)
        let gone = refusal { _ = try use(trust) }
        #expect(gone?.kind == .unauthenticated && gone?.code == "no_trust")
    }

    @Test func `its token is good for nothing that outlives it`() throws {
        let token = try use(trust(impersonation: true))
        let seen = try identity.context(token: token.text, remoteAddress: "")
        #expect(refusal { _ = try identity.rescope(token: token.text, projectID: project.id) }?.code == "fixed_scope")
        let attempts: [() throws -> Void] = [
            {
                _ = try identity.createApplicationCredential(
                    NewApplicationCredential(name: "x"), forUser: alice.id, as: seen)
            },
            { _ = try identity.createCredential(NewCredential(type: "totp", blob: "GEZDGNBV"), as: seen) },
            { _ = try identity.createEC2Key(forUser: alice.id, projectID: project.id, as: seen) },
            {
                let new = NewTrust(
                    trustorID: alice.id, trusteeID: bob.id, projectID: project.id, isImpersonation: true,
                    roles: [.name("member")])
                _ = try identity.createTrust(new, as: seen)
            },
            { try identity.deleteTrust(token.trust?.id ?? "", as: seen) },
        ]
        for (number, attempt) in attempts.enumerated() {
            #expect(refusal(attempt)?.kind == .forbidden, "attempt \(number)")
        }
    }

    @Test func `uses are counted with the tokens that were issued, and none after the last`() throws {
        let trust = try trust { $0.remainingUses = 2 }
        #expect(refusal { _ = try use(trust, by: "alice") }?.code == "not_the_trustee")
        let first = try use(trust)
        #expect(try identity.trust(trust.id, as: context).remainingUses == 1)
        let last = try use(trust)
        #expect(refusal { _ = try use(trust) }?.code == "no_trust")
        #expect(refusal { _ = try identity.trust(trust.id, as: context) }?.kind == .notFound)
        #expect(try identity.trusts(ofTrustor: alice.id, as: context).isEmpty)
        #expect(code(first) == nil && code(last) == nil)
    }

    @Test func `it ends when it should, and its tokens with it`() throws {
        let trust = try trust { $0.expiresAt = MicroTime("2026-01-01T00:00:10Z") }
        let token = try use(trust)
        #expect(token.expiresAt == fixture.clock.now().adding(seconds: 10))
        fixture.clock.advance(seconds: 10)
        #expect(code(token) == "token_expired")
        #expect(refusal { _ = try use(trust) }?.code == "no_trust")
    }

    @Test func `its tokens end with the trust`() throws {
        let trust = try trust()
        let token = try use(trust)
        #expect(code(token) == nil)
        try identity.deleteTrust(trust.id, as: context)
        #expect(code(token) == "token_revoked")
    }

    @Test(arguments: ["alice", "bob"], [false, true])
    func `its tokens end when trustor or trustee is disabled or gets another password`(
        name: String, disabled: Bool
    ) throws {
        let trust = try trust()
        let token = try use(trust)
        let user = name == "alice" ? alice : bob
        guard disabled else {
            try identity.setPassword(userID: user.id, new: "other", as: fixture.admin)
            #expect(code(token) == "token_revoked")
            return
        }
        _ = try identity.updateUser(user.id, UserUpdate(isEnabled: false), as: fixture.admin)
        #expect(code(token) == "token_revoked")
        if user == alice { #expect(refusal { _ = try use(trust) }?.code == "trust_void") }
        _ = try identity.updateUser(user.id, UserUpdate(isEnabled: true), as: fixture.admin)
        #expect(code(token) == "token_revoked")
        #expect(code(try use(trust)) == nil)
    }

    @Test func `what the trustor does not hold any more is not passed on`() throws {
        let trust = try trust()
        let token = try use(trust)
        let member = try #require(try identity.role(named: "member"))
        try identity.unassign(role: member.id, from: alice.id, on: .project(project.id), as: fixture.admin)
        #expect(code(token) == "token_revoked")
        #expect(refusal { _ = try use(trust) }?.code == "trust_void")
    }

    @Test func `nor anything in a disabled project`() throws {
        let trust = try trust()
        let token = try use(trust)
        _ = try identity.updateProject(project.id, isEnabled: false, as: fixture.admin)
        #expect(code(token) == "token_revoked")
        #expect(refusal { _ = try use(trust) }?.code == "trust_void")
    }

    // MARK: Passing it on

    private func pass(
        on trust: Trust, to trustee: User, impersonation: Bool = true, roles: [String] = ["reader"],
        _ change: (inout NewTrust) -> Void = { _ in }
    ) throws -> Trust {
        let token = try use(trust)
        var new = NewTrust(
            trustorID: token.user.id, trusteeID: trustee.id, projectID: project.id, isImpersonation: impersonation,
            roles: roles.map { .name($0) })
        change(&new)
        let seen = try identity.context(token: token.text, remoteAddress: "")
        return try identity.createTrust(new, token: token.text, as: seen)
    }

    @Test func `a trust that allows it is passed on, and ends with the first`() throws {
        let carol = try fixture.makeMember("carol").user
        let first = try trust(impersonation: true) {
            $0.allowsRedelegation = true
            $0.expiresAt = MicroTime("2026-01-01T00:30:00Z")
        }
        #expect(first.redelegationCount == 3)
        let second = try pass(on: first, to: carol) { $0.allowsRedelegation = true }
        #expect(second.redelegationCount == 2 && second.redelegatedTrustID == first.id)
        #expect(second.expiresAt == first.expiresAt)
        let token = try use(second, by: "carol")
        #expect(token.user.id == alice.id && token.roles.map(\.name) == ["reader"])
        _ = try identity.updateUser(bob.id, UserUpdate(isEnabled: false), as: fixture.admin)
        #expect(code(token) == "token_revoked")
        _ = try identity.updateUser(bob.id, UserUpdate(isEnabled: true), as: fixture.admin)
        try identity.deleteTrust(first.id, as: context)
        #expect(code(token) == "token_revoked")
        #expect(refusal { _ = try use(second, by: "carol") }?.code == "no_trust")
    }

    @Test func `without impersonation the roles are still those of the first trustor`() throws {
        let carol = try fixture.makeMember("carol").user
        let first = try trust { $0.allowsRedelegation = true }
        let second = try pass(on: first, to: carol, impersonation: false)
        let token = try use(second, by: "carol")
        #expect(token.user.id == carol.id && token.project?.id == project.id && second.redelegationCount == 0)
        #expect(refusal { _ = try pass(on: first, to: carol) }?.code == "redelegation")
    }

    @Test func `it is not passed on further than it goes`() throws {
        let carol = try fixture.makeMember("carol").user
        let fixed = try trust(impersonation: true)
        let open = try trust(impersonation: true) {
            $0.allowsRedelegation = true
            $0.redelegationCount = 1
            $0.expiresAt = MicroTime("2026-01-01T00:30:00Z")
        }
        let attempts: [(Trust, [String], (inout NewTrust) -> Void)] = [
            (fixed, ["reader"], { _ in }), (open, ["member"], { _ in }),
            (open, ["reader"], { $0.remainingUses = 1 }),
            (open, ["reader"], { $0.expiresAt = MicroTime("2026-01-01T00:31:00Z") }),
            (
                open, ["reader"],
                {
                    $0.allowsRedelegation = true
                    $0.redelegationCount = 1
                }
            ),
        ]
        for (number, (trust, roles, change)) in attempts.enumerated() {
            let refused = refusal { _ = try pass(on: trust, to: carol, roles: roles, change) }
            #expect(refused?.kind == .forbidden && refused?.code == "redelegation", "attempt \(number)")
        }
        let deep = refusal {
            _ = try trust {
                $0.allowsRedelegation = true
                $0.redelegationCount = 4
            }
        }
        #expect(deep?.code == "too_many_redelegations")
        let counted = refusal {
            _ = try trust {
                $0.allowsRedelegation = true
                $0.remainingUses = 1
            }
        }
        #expect(counted?.kind == .invalid)
        #expect(refusal { _ = try trust(roles: []) }?.kind == .forbidden)
    }
}
