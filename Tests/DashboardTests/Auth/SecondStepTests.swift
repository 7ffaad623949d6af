import Cryptography
import HTTP
import Identity
import ServiceCore
import Testing

@testable import Dashboard

@Suite struct `Logins with a passcode` {
    private static let name = "Mary Ann"
    private let site: TestSite
    private let user: User

    init() throws {
        site = try TestSite()
        let identity = site.identity
        user = try identity.createUser(NewUser(name: Self.name, password: TestSite.password), as: site.admin)
        let project = try #require(site.admin.projectID)
        let role = try #require(try identity.role(named: "member"))
        try identity.assign(role: role.id, to: user.id, on: .project(project), as: site.admin)
        let token = try identity.authenticate(
            PasswordLogin(claim: .id(user.id), password: TestSite.password, remoteAddress: ""))
        // 20 bytes, the seed of RFC 6238's appendix B.
        let seed = NewCredential(type: "totp", blob: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        _ = try identity.createCredential(seed, as: identity.context(token: token.text, remoteAddress: ""))
        try rule(#"[["password", "totp"]]"#)
    }

    private func rule(_ rules: String) throws {
        var update = UserUpdate()
        update.options = ExtraAttributes(["multi_factor_auth_rules": rules])
        _ = try site.identity.updateUser(user.id, update, as: site.admin)
    }

    private var passcode: String {
        TOTP.passcode(seed: Array("12345678901234567890".utf8), step: site.clock.now().seconds / 30)
    }

    private func enter(_ passcode: String, _ browser: Browser) throws {
        try browser.submit(["passcode": passcode], form: "(//form)[last()]")
    }

    @Test func `after the password a passcode is asked for, and then the page that was wanted opens`() throws {
        let browser = site.browser()
        try browser.logIn(Self.name, TestSite.password, next: "/dashboard/settings/")
        #expect(browser.page.path.hasPrefix("/dashboard/auth/totp/Mary%20Ann/?"))
        #expect(browser.cookies["sessionid"] == nil)
        #expect(browser.page.value("//input[@id='id_passcode']", "autocomplete") == "one-time-code")
        #expect(browser.page.nodes("//input[@type='password']").isEmpty)
        try enter("000000", browser)
        #expect(browser.page.flashes == ["Invalid passcode."])
        #expect(browser.cookies["sessionid"] == nil)
        try enter("\(passcode.prefix(3)) \(passcode.suffix(3))", browser)
        #expect(browser.page.path == "/dashboard/settings/")
        #expect(browser.cookies["sessionid"] != nil && browser.cookies["login_receipt"] == nil)
        #expect(browser.page.text.contains(Self.name))
    }

    @Test func `a wrong password never gets so far`() throws {
        let browser = site.browser()
        try browser.logIn(Self.name, "wrong")
        #expect(browser.page.flashes == ["Invalid credentials."])
        #expect(browser.cookies["login_receipt"] == nil)
    }

    @Test func `without a first step, with that of somebody else, or five minutes later one begins again`() throws {
        let stranger = site.browser()
        #expect(
            try stranger.get("/dashboard/auth/totp/Mary%20Ann/?next=//evil.example/").path == "/dashboard/auth/login/")
        let browser = site.browser()
        try browser.logIn(Self.name, TestSite.password)
        let receipt = browser.cookies["login_receipt"]
        browser.setCookie("login_receipt", "nonsense")
        try enter(passcode, browser)
        #expect(browser.page.path.hasPrefix("/dashboard/auth/login/") && browser.page.flashes.count == 1)
        site.clock.advance(seconds: 301)
        try browser.logIn(Self.name, TestSite.password)
        browser.setCookie("login_receipt", receipt)
        try enter(passcode, browser)
        #expect(browser.page.path.hasPrefix("/dashboard/auth/login/") && browser.cookies["sessionid"] == nil)
    }

    @Test func `wrong passcodes slow the account down, and the page says for how long`() throws {
        let browser = site.browser()
        try browser.logIn(Self.name, TestSite.password)
        for _ in 0..<5 { try enter("000000", browser) }
        try enter(passcode, browser)
        #expect(browser.page.status == 429 && browser.page.fields["Retry-After"] == "1")
        #expect(browser.page.flashes.first?.contains("in a second") == true, "\(browser.page.flashes)")
    }

    @Test func `the form needs the token of its browser`() throws {
        let browser = site.browser()
        try browser.logIn(Self.name, TestSite.password)
        #expect(try browser.post("/dashboard/auth/totp/Mary%20Ann/", [("passcode", passcode)]).status == 403)
        #expect(browser.cookies["sessionid"] == nil)
    }

    @Test func `who would have to prove what no page asks for is told`() throws {
        try rule(#"[["password", "application_credential"]]"#)
        let browser = site.browser()
        try browser.logIn(Self.name, TestSite.password)
        #expect(browser.page.flashes == ["This account asks for a proof that cannot be given on this page."])
    }
}
