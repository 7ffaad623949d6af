import Cryptography
import Identity
import ServiceCore
import Testing

@Suite struct `Logins in several steps` {
    private let fixture: IdentityFixture
    private let alice: User
    private let project: Project
    private var identity: IdentityService { fixture.identity }

    init() throws {
        fixture = try IdentityFixture()
        (alice, project) = try fixture.makeMember("alice")
        let token = try fixture.login("alice", "secret")
        let context = try identity.context(token: token.text, remoteAddress: "")
        // 20 bytes, the seed of RFC 6238's appendix B.
        let seed = NewCredential(type: "totp", blob: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        _ = try identity.createCredential(seed, as: context)
        try rule(#"[["password", "totp"]]"#)
    }

    private func rule(_ rules: String, enabled: String? = nil) throws {
        var update = UserUpdate()
        update.options = ExtraAttributes(
            ["multi_factor_auth_rules": rules].merging(enabled.map { ["multi_factor_auth_enabled": $0] } ?? [:]) { $1 })
        _ = try identity.updateUser(alice.id, update, as: fixture.admin)
    }

    private var passcode: String {
        TOTP.passcode(seed: Array("12345678901234567890".utf8), step: fixture.clock.now().seconds / 30)
    }

    private func password(_ text: String = "secret") -> Authentication.Proof { .password(.id(alice.id), text) }
    private func totp(_ code: String) -> Authentication.Proof { .totp(.id(alice.id), passcode: code) }

    private func logIn(_ proofs: Authentication.Proof..., receipt: String? = nil) throws -> LoginOutcome {
        var authentication = Authentication(proofs, scope: .project(id: project.id), remoteAddress: "192.0.2.9")
        authentication.receipt = receipt
        return try identity.logIn(authentication)
    }

    private func receipt(_ outcome: LoginOutcome) throws -> AuthReceipt {
        guard case .receipt(let receipt) = outcome else { throw ServiceError.notFound("Receipt", "\(outcome)") }
        return receipt
    }

    private func token(_ outcome: LoginOutcome) -> Token? {
        if case .token(let token) = outcome { token } else { nil }
    }

    @Test(arguments: [true, false])
    func `a part of what a rule asks for gives a receipt, and the rest with it a token`(passwordFirst: Bool) throws {
        let first = try receipt(passwordFirst ? logIn(password()) : logIn(totp(passcode)))
        #expect(first.methods == [passwordFirst ? "password" : "totp"])
        #expect(first.requiredMethods == [["password", "totp"]] && first.user.id == alice.id)
        #expect(first.expiresAt == first.issuedAt.adding(seconds: 300))
        #expect(!fixture.logged.lines.contains { $0.contains(first.text) })
        let rest = passwordFirst ? totp(passcode) : password()
        let token = try #require(try token(logIn(rest, receipt: first.text)))
        #expect(token.methods == ["password", "totp"] && token.scope == .project(project))
        // What has been proven goes with the token when it is exchanged.
        #expect(try self.token(logIn(.token(token.text))) != nil)
    }

    @Test func `a receipt is no token, and a token is no receipt`() throws {
        let first = try receipt(logIn(password()))
        #expect(refusal { _ = try identity.validate(first.text) }?.code == "token_invalid")
        #expect(refusal { _ = try logIn(.token(first.text)) }?.code == "token_invalid")
        let admin = try fixture.login()
        #expect(refusal { _ = try logIn(totp(passcode), receipt: admin.text) }?.code == "receipt_invalid")
    }

    @Test func `a receipt adds to a proof and takes the place of none`() throws {
        let first = try receipt(logIn(password()))
        #expect(refusal { _ = try logIn(receipt: first.text) }?.code == "invalid_credentials")
        #expect(refusal { _ = try logIn(totp("000000"), receipt: first.text) }?.code == "invalid_credentials")
        // The same again is not more.
        #expect(try receipt(logIn(password(), receipt: first.text)).methods == ["password"])
    }

    @Test func `a receipt is good for one user, for five minutes, and until the password changes`() throws {
        let bob = try fixture.makeMember("bob").user
        let first = try receipt(logIn(password()))
        var others = Authentication([.password(.id(bob.id), "secret")], remoteAddress: "")
        others.receipt = first.text
        #expect(refusal { _ = try identity.logIn(others) }?.code == "receipt_invalid")
        for text in ["", "nonsense", first.text + "A", String(repeating: "A", count: 4000)] {
            #expect(refusal { _ = try logIn(password(), receipt: text) }?.code == "receipt_invalid")
        }
        fixture.clock.advance(seconds: 299)
        #expect(try token(logIn(totp(passcode), receipt: first.text)) != nil)
        fixture.clock.advance(seconds: 1)
        #expect(refusal { _ = try logIn(password(), receipt: first.text) }?.code == "receipt_invalid")
        let second = try receipt(logIn(password()))
        try identity.changePassword(userID: alice.id, original: "secret", new: "newer", remoteAddress: "")
        #expect(refusal { _ = try logIn(password("newer"), receipt: second.text) }?.code == "receipt_invalid")
    }

    @Test func `rules count unless they are switched off, and methods that there are not are left out of them`() throws {
        #expect(refusal { _ = try fixture.login("alice", "secret") }?.code == "invalid_credentials")
        try rule(#"[["password", "kerberos"], ["totp", "token"]]"#)
        #expect(try token(logIn(password()))?.methods == ["password"])
        try rule(#"[["kerberos"], []]"#)
        #expect(try token(logIn(password())) != nil)
        try rule(#"[["totp", "token"], ["application_credential", "totp"]]"#)
        #expect(try receipt(logIn(password())).requiredMethods == [])
        try rule(#"[["password", "totp"]]"#, enabled: "false")
        #expect(try token(logIn(password())) != nil)
    }

    @Test func `an application credential meets a rule that names it and no other`() throws {
        try rule("[]")
        let context = try identity.context(token: fixture.login("alice", "secret").text, remoteAddress: "")
        let (made, secret) = try identity.createApplicationCredential(
            NewApplicationCredential(name: "robot"), forUser: alice.id, as: context)
        func robot() throws -> LoginOutcome {
            try identity.logIn(
                Authentication([.applicationCredential(.id(made.id), secret: secret)], remoteAddress: ""))
        }
        try rule(#"[["password", "totp"]]"#)
        #expect(try receipt(robot()).methods == ["application_credential"])
        try rule(#"[["password", "totp"], ["application_credential"]]"#)
        #expect(try token(robot()) != nil)
    }

    @Test func `who knows the password has no more tries at the passcode than anybody`() throws {
        let first = try receipt(logIn(password()))
        for _ in 0..<5 {
            #expect(refusal { _ = try logIn(totp("000000"), receipt: first.text) }?.code == "invalid_credentials")
            _ = try logIn(password())
        }
        #expect(refusal { _ = try logIn(totp("000000"), receipt: first.text) }?.code == "too_many_attempts")
        // And the password alone is taken all the while.
        _ = try receipt(logIn(password()))
    }
}
