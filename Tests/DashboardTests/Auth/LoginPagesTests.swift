import HTTP
import Identity
import ServiceCore
import Testing

@testable import Dashboard

struct LoginPagesTests {
    private static let login = "/dashboard/auth/login/"

    @Test func `the login form keeps Horizon's contract`() throws {
        let page = try TestSite().browser().get("\(Self.login)?next=/dashboard/settings/")
        #expect(page.status == 200)
        let form = "(//form)[last()]"
        for name in ["username", "password", "domain", "region"] {
            #expect(page.nodes("\(form)//*[@name='\(name)' and @id='id_\(name)']").count == 1, "\(name)")
        }
        #expect(page.nodes("\(form)//input[@name='csrfmiddlewaretoken']").count == 1)
        #expect(page.value("\(form)//input[@name='next']") == "/dashboard/settings/")
        #expect(page.value("\(form)//input[@name='domain']") == "Default")
    }

    @Test func `the front door leads to the login, and the login to the page that was asked for`() throws {
        let browser = try TestSite().browser()
        for door in ["/", "/dashboard", "/dashboard/"] {
            #expect(try browser.get(door).path == "\(Self.login)?next=%2Fdashboard%2F", "\(door)")
        }
        try browser.logIn("admin", TestSite.password, next: "/dashboard/settings/")
        #expect(browser.page.path == "/dashboard/settings/")
        #expect(browser.cookies["sessionid"]?.utf8.count == 43)
        #expect(try browser.get(Self.login).path != Self.login, "whoever is logged in goes on")
    }

    @Test(arguments: [
        ("admin", "wrong", "default"), ("nobody", TestSite.password, "default"),
        ("admin", TestSite.password, "nowhere"),
    ])
    func `anything wrong is answered with the same words`(_ user: String, _ password: String, _ domain: String) throws {
        let browser = try TestSite().browser()
        try browser.logIn(user, password, domain: domain)
        #expect(browser.page.flashes == ["Invalid credentials."])
        #expect(browser.cookies["sessionid"] == nil)
        #expect(browser.page.value("//input[@id='id_username']") == user, "what was typed stays")
        #expect(!browser.page.text.contains(TestSite.password), "but never the password")
    }

    @Test func `five wrong passwords slow the account down, and the page says for how long`() throws {
        let site = try TestSite()
        let browser = site.browser()
        for _ in 0..<5 { try browser.logIn("admin", "wrong") }
        try browser.logIn("admin", TestSite.password)
        #expect(browser.page.status == 429)
        #expect(browser.page.flashes.first?.contains("in a second") == true, "\(browser.page.flashes)")
        #expect(browser.page.fields["Retry-After"] == "1")
        site.clock.advance(seconds: 120)
        try browser.logIn("admin", TestSite.password)
        #expect(browser.cookies["sessionid"] != nil)
    }

    @Test(
        arguments: [
            "//evil.example/", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
            "javascript:alert(1)", "/dashboard/\r\nSet-Cookie: a=b", "evil",
        ])
    func `next never leads to another site`(_ next: String) throws {
        let browser = try TestSite().browser()
        try browser.get(Self.login)
        let page = try browser.submit(
            ["username": "admin", "password": TestSite.password, "next": next], form: "(//form)[last()]", follows: false
        )
        #expect(page.status == 303)
        #expect(page.fields["Location"] == "/dashboard/")
    }

    @Test(arguments: [
        "/dashboard/auth/logout/", "/dashboard/auth/switch/p1/", "/dashboard/auth/login/?next=/dashboard/settings/",
    ])
    func `nobody logs in only to be asked to sign out or to log in`(_ next: String) throws {
        let browser = try TestSite().browser()
        try browser.logIn("admin", TestSite.password, next: next)
        #expect(browser.page.path == "/dashboard/project/overview/")
    }

    @Test func `a user name with a NUL character is wrong like any other`() throws {
        let browser = try TestSite().browser()
        try browser.logIn("admin\0", TestSite.password)
        #expect(browser.page.status == 200)
        #expect(browser.page.flashes == ["Invalid credentials."])
    }

    @Test func `a form without the token of its browser is refused, and the page names cookies as a reason`() throws {
        let browser = try TestSite().browser()
        try browser.get(Self.login)
        let right = [("username", "admin"), ("password", TestSite.password), ("domain", "default")]
        let forged = "x.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        for token in [nil, "", "x", forged] {
            let page = try browser.post(Self.login, right + (token.map { [("csrfmiddlewaretoken", $0)] } ?? []))
            #expect(page.status == 403)
            #expect(page.text.contains("cookies may be turned off"))
        }
        browser.setCookie("csrftoken", forged)
        #expect(try browser.post(Self.login, right + [("csrfmiddlewaretoken", forged)]).status == 403)
        #expect(browser.cookies["sessionid"] == nil)
    }

    @Test func `a session id planted before the login is worth nothing after it`() throws {
        let site = try TestSite()
        let planted = String(repeating: "A", count: 43)
        let victim = site.browser()
        victim.setCookie("sessionid", planted)
        try victim.logIn("admin", TestSite.password)
        #expect(victim.cookies["sessionid"]?.utf8.count == 43, "logged in")
        #expect(victim.cookies["sessionid"] != planted)
        let attacker = site.browser()
        attacker.setCookie("sessionid", planted)
        #expect(try attacker.get("/dashboard/settings/").path.hasPrefix(Self.login))

        let first = victim.cookies["sessionid"]
        try victim.logIn("admin", TestSite.password, next: "/dashboard/settings/")
        attacker.setCookie("sessionid", first)
        #expect(try attacker.get("/dashboard/settings/").path.hasPrefix(Self.login), "a new login ends the old session")
    }

    @Test func `signing out is a form; the address alone only asks`() throws {
        let site = try TestSite()
        let browser = try site.adminBrowser()
        let id = browser.cookies["sessionid"]
        #expect(try browser.get("/dashboard/auth/logout/").title == "Sign Out")
        #expect(try browser.get("/dashboard/settings/").path == "/dashboard/settings/", "still logged in")
        #expect(try browser.post("/dashboard/auth/logout/", []).status == 403)
        try browser.get("/dashboard/auth/logout/")
        try browser.submit()
        #expect(browser.page.flashes == ["You have signed out."])
        #expect(browser.cookies["sessionid"] == nil)
        browser.setCookie("sessionid", id)
        #expect(try browser.get("/dashboard/settings/").path.hasPrefix(Self.login), "the id opens nothing any more")
    }

    @Test func `an ended token leads to the login with a reason, and from there back to the page`() throws {
        let site = try TestSite { $0.sessionTimeout = 86_400 }
        let browser = try site.adminBrowser()
        site.clock.advance(seconds: 3601)
        let page = try browser.get("/dashboard/project/networks/?networks__sort=name")
        #expect(page.path.hasPrefix(Self.login))
        #expect(page.flashes.count == 1, "\(page.flashes)")
        try browser.submit(["username": "admin", "password": TestSite.password], form: "(//form)[last()]")
        #expect(browser.page.path == "/dashboard/project/networks/?networks__sort=name")
    }

    @Test func `a session nobody uses ends; one that is used does not, until its token does`() throws {
        let site = try TestSite { $0.sessionTimeout = 600 }
        let browser = try site.adminBrowser()
        for _ in 0..<5 {
            site.clock.advance(seconds: 500)
            #expect(try browser.get("/dashboard/settings/").path == "/dashboard/settings/")
        }
        site.clock.advance(seconds: 601)
        let page = try browser.get("/dashboard/settings/")
        #expect(page.path.hasPrefix(Self.login))
        #expect(page.flashes == ["Session timed out."])
    }

    @Test func `changing the project changes the session's id and what is seen`() throws {
        let site = try TestSite()
        let service = try #require(try site.identity.projects(as: site.admin).first { $0.name == "service" })
        let role = try #require(try site.identity.role(named: "admin"))
        try site.identity.assign(role: role.id, to: site.admin.userID, on: .project(service.id), as: site.admin)
        _ = try site.makeNetwork("only in admin")
        let browser = try site.adminBrowser()
        let before = browser.cookies["sessionid"]
        try browser.get("/dashboard/project/networks/")
        #expect(browser.page.text.contains("only in admin"))
        try browser.submit(form: "//form[@action='/dashboard/auth/switch/\(service.id)/']")
        #expect(browser.page.flashes == ["Switch to project \"service\" successful."])
        #expect(!browser.page.text.contains("only in admin"))
        #expect(browser.cookies["sessionid"] != before)
    }

    @Test func `without the session store nobody logs in, the page says why, and it works again afterwards`() throws {
        let store = FailingSessionStore()
        let browser = try TestSite(sessions: store).adminBrowser()
        store.fails = true
        let page = try browser.get("/dashboard/settings/")
        #expect(page.path.hasPrefix(Self.login))
        #expect(page.status == 503)
        #expect(page.flashes.first?.contains("memcached") == true)
        #expect(try browser.post("/dashboard/settings/", []).status == 503, "a form is not thrown away in silence")
        try browser.logIn("admin", TestSite.password)
        #expect(browser.page.status == 503)
        store.fails = false
        #expect(try browser.get("/dashboard/settings/").path == "/dashboard/settings/")
    }
}
