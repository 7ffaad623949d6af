import Compute
import HTTP
import Markup
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// What every page has without asking for it.
struct RoutesTests {
    @Test(arguments: [
        "/dashboard/auth/login/", "/dashboard/project/networks/", "/dashboard/nowhere/", "/dashboard/admin/networks/",
        "/dashboard/project/instances/launch/", "/dashboard/auth/logout/", "/dashboard/",
    ])
    func `pages are kept by no cache`(_ path: String) throws {
        let page = try TestSite().adminBrowser().get(path, follows: false)
        // Not even the browser's own: "back" after signing out would show the page again. So it needs no tag.
        #expect(page.fields["Cache-Control"] == "no-store")
        #expect(page.fields["ETag"] == nil)
    }

    @Test func `no page has a script or a style of its own`() throws {
        let site = try TestSite()
        let (network, subnet) = try site.makeNetwork()
        let browser = try site.adminBrowser()
        let pages = [
            "networks/", "networks/create/", "networks/\(network.id)/detail/", "networks/\(network.id)/update/",
            "networks/\(network.id)/subnets/\(subnet.id)/update/", "networks/subnets/\(subnet.id)/detail/",
            "network_topology/",
        ]
        for path in ["/dashboard/auth/logout/", "/dashboard/settings/"] + pages.map({ "/dashboard/project/" + $0 }) {
            let page = try browser.get(path)
            #expect(page.status == 200, "\(path)")
            #expect(page.nodes("//script[not(@src)] | //style | //@style").isEmpty, "\(path)")
            #expect(page.nodes("//@*[starts-with(name(), 'on')]").isEmpty, "\(path)")
            #expect(page.nodes("//form[@method='post'][not(.//input[@name='csrfmiddlewaretoken'])]").isEmpty, "\(path)")
            let ids = page.nodes("//*[@id]").compactMap { $0.attribute("id") }
            #expect(ids.count == Set(ids).count, "ids are unique on \(path)")
        }
    }

    @Test func `the administrators' pages are closed to others, and their navigation is not shown`() throws {
        let site = try TestSite()
        _ = try site.makeUser("alice")
        let browser = try site.loggedIn("alice")
        #expect(try browser.get("/dashboard/admin/networks/").status == 403)
        #expect(browser.page.title == "You are not authorized to access this page")
        #expect(try browser.get("/dashboard/project/networks/").nodes("//nav//a[contains(@href,'/admin/')]").isEmpty)
        #expect(
            try site.adminBrowser().get("/dashboard/").nodes("//nav//a[@href='/dashboard/admin/networks/']").count == 2)
    }

    @Test func `a reader is offered no form that would be refused`() throws {
        let site = try TestSite()
        let reader = try site.makeUser("rita", role: "reader")
        let (network, subnet) = try site.makeNetwork()
        var sharing = NetworkUpdate()
        sharing.shared = true
        _ = try site.networking.updateNetwork(network.id, sharing, as: site.admin)
        let browser = try site.loggedIn("rita")
        #expect(!site.compute.allows(.delete, as: reader) && !site.compute.allows(.viewLog, as: reader))
        for path in ["networks/", "instances/", "overview/", "network_topology/"] {
            let page = try browser.get("/dashboard/project/\(path)")
            #expect(page.status == 200)
            let links = "//main//a[contains(@href,'/create/') or contains(@href,'/launch/')]"
            #expect(page.nodes("\(links) | //button[contains(@value,'__')]").isEmpty, "\(path)")
        }
        let forms = [
            "networks/create/", "networks/\(network.id)/update/", "networks/\(network.id)/subnets/create/",
            "networks/\(network.id)/subnets/\(subnet.id)/update/", "instances/launch/",
        ]
        for path in forms {
            #expect(try browser.get("/dashboard/project/\(path)").status == 403, "\(path)")
        }
    }

    @Test(arguments: ["project/instances/", "admin/instances/", "project/images/", "project/networks/"])
    func `a NUL in a filter is bad input and no fault of ours`(_ path: String) throws {
        let browser = try TestSite().adminBrowser()
        let table = try #require(path.split(separator: "/").last)
        let page = try browser.get("/dashboard/\(path)?\(table)__filter__q=a%00b")
        #expect([200, 422].contains(page.status), "\(page.status)")
    }

    @Test func `the address of a dashboard leads to its first page`() throws {
        let browser = try TestSite().adminBrowser()
        #expect(try browser.get("/dashboard/project/").path == "/dashboard/project/overview/")
        #expect(try browser.get("/dashboard/admin/").path == "/dashboard/admin/hypervisors/")
    }

    @Test func `a form needs the token of its own session`() throws {
        let site = try TestSite()
        _ = try site.makeUser("mallory")
        let mallory = try site.loggedIn("mallory")
        let stolen = try #require(try mallory.get("/dashboard/settings/").value("//input[@name='csrfmiddlewaretoken']"))
        let browser = try site.adminBrowser()
        let fields = [("net_name", "forged"), ("admin_state", "on")]
        for token in [nil, "", "x", stolen] {
            let form = fields + (token.map { [("csrfmiddlewaretoken", $0)] } ?? [])
            #expect(try browser.post("/dashboard/project/networks/create/", form).status == 403)
        }
        #expect(try site.networking.networks(as: site.admin).isEmpty)
    }

    @Test(arguments: [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")])
    func `a form another site sends is refused, even with the right token`(_ name: String, _ value: String) throws {
        let browser = try TestSite().adminBrowser()
        try browser.get("/dashboard/settings/")
        browser.field = (name, value)
        #expect(try browser.submit().status == 403)
    }

    @Test(arguments: [("https://127.0.0.1:8000", 200), ("http://127.0.0.1:8000", 403)])
    func `over TLS a form must come from the site's own pages over TLS`(_ origin: String, _ status: Int) throws {
        let browser = try TestSite().adminBrowser()
        browser.isSecure = true
        try browser.get("/dashboard/settings/")
        browser.field = ("Origin", origin)
        #expect(try browser.submit().status == status)
    }

    @Test(arguments: [true, false])
    func `cookies that came over TLS go back over nothing else`(_ isSecure: Bool) throws {
        let site = try TestSite()
        let browser = site.browser()
        browser.isSecure = isSecure
        try browser.get("/dashboard/auth/login/")
        #expect(!browser.cookieFields.isEmpty)
        #expect(browser.cookieFields.allSatisfy { $0.contains("; Secure") == isSecure })
        try browser.submit(
            ["username": "admin", "password": TestSite.password, "domain": "default"], form: "(//form)[last()]",
            follows: false)
        #expect(browser.cookieFields.contains { $0.hasPrefix("sessionid=") }, "\(browser.cookieFields)")
        // A cookie that is taken away holds nothing to protect.
        let kept = browser.cookieFields.filter { !$0.contains("Max-Age=0") }
        #expect(kept.allSatisfy { $0.contains("; Secure") == isSecure }, "\(kept)")
    }

    @Test func `an address that leads nowhere gets a page, with navigation for whoever is logged in`() throws {
        let site = try TestSite()
        let browser = site.browser()
        #expect(try browser.get("/dashboard/project/unicorns/").status == 404)
        #expect(browser.page.title == "Not found" && browser.page.nodes("//nav").isEmpty)
        try browser.logIn("admin", TestSite.password)
        #expect(try browser.get("/dashboard/project/unicorns/").status == 404)
        #expect(browser.page.title == "Not found")
        #expect(!browser.page.nodes("//nav//a[@href='/dashboard/admin/networks/']").isEmpty)
        #expect(browser.page.nodes("//header[@class='topbar']").count == 1)
    }

    @Test func `an address that leads nowhere gets a page when the session store is away`() throws {
        let store = FailingSessionStore()
        let browser = try TestSite(sessions: store).adminBrowser()
        store.fails = true
        #expect(try browser.get("/dashboard/project/unicorns/").status == 404)
        #expect(browser.page.title == "Not found" && browser.page.nodes("//nav").isEmpty)
    }

    @Test(arguments: [
        ("GET", "/dashboard/auth/login/", 413, "Too large", "内容过大"),
        ("POST", "/dashboard/settings/", 415, "Not a form", "不是表单"),
        ("DELETE", "/dashboard/settings/", 405, "Not possible here", "此处无法这样操作"),
        ("POST", "/dashboard/i18n/setlang/", 400, "This request could not be read", "无法读取此请求"),
    ])
    func `a request that is refused before any page sees it gets a page too, in the reader's language`(
        method: String, path: String, status: Int, heading: String, chinese: String
    ) throws {
        let site = try TestSite()
        // Apart: the macro takes the module's name for a value.
        let parsed = HTTP.Method(rawValue: method)
        let known = try #require(parsed)
        for (language, title) in [("en", heading), ("zh-CN", chinese)] {
            let type = status == 400 ? "application/x-www-form-urlencoded" : "text/plain"
            let content = status == 413 ? [UInt8](repeating: 0x78, count: 100_000) : Array("a=%zz".utf8)
            let response = site.router.respond(
                to: .testing(
                    known, path,
                    fields: ["Content-Type": type, "Accept-Language": language], content: content))
            #expect(response.status.code == status)
            guard case .bytes(let bytes) = response.body else { throw ServiceError.notFound("Page", path) }
            let page = Browser.Page(path: path, status: status, fields: response.fields, bytes: bytes)
            #expect(page.title == title)
            #expect(page.nodes("//a[@href='/dashboard/']").count == 2, "a way back")
            #expect(page.nodes("//script[not(@src)] | //style | //@style").isEmpty)
            #expect(response.fields["Cache-Control"] == "no-store")
            #expect((response.fields["Allow"] != nil) == (status == 405))
        }
    }

    @Test func `a fault no page has foreseen gets a page with the request's id`() throws {
        struct Unforeseen: Error {}
        let site = try TestSite()
        var router = site.router
        router.on(.get, "/dashboard/broken/", .none, .worker { _ in throw Unforeseen() })
        let request = Request.testing(.get, "/dashboard/broken/")
        let response = router.respond(to: request)
        #expect(response.status == .internalServerError)
        guard case .bytes(let bytes) = response.body else { throw Unforeseen() }
        let page = Browser.Page(path: request.path, status: 500, fields: response.fields, bytes: bytes)
        #expect(page.title == "Something went wrong")
        #expect(page.first("//code") == request.id.description)
        #expect(!page.text.contains("Unforeseen"))
    }

    @Test func `a script in the background is told to log in instead of being sent there`() throws {
        let browser = try TestSite().browser()
        browser.field = ("X-Requested-With", "XMLHttpRequest")
        let page = try browser.get("/dashboard/project/networks/?action=row_update&table=networks&obj_id=1")
        #expect(page.status == 401)
        #expect(page.fields["X-Horizon-Location"] == "/dashboard/auth/login/")
    }

    @Test func `language and theme are chosen before and after the login, and last`() throws {
        let browser = try TestSite().browser()
        try browser.get("/dashboard/auth/login/")
        try browser.submit(form: "//form[@action='/dashboard/i18n/setlang/']", button: ("language", "zh-hans"))
        #expect(browser.page.title == "登录")
        #expect(browser.page.value("//html", "lang") == "zh-Hans")
        try browser.logIn("admin", TestSite.password)
        #expect(try browser.get("/dashboard/project/networks/").title == "网络")
        try browser.submit(form: "//form[@action='/dashboard/settings/theme/']", button: ("theme", "dark"))
        #expect(browser.page.path == "/dashboard/project/networks/", "back to the page")
        #expect(browser.page.value("//html", "data-theme") == "dark")
    }

    @Test func `a time zone moves every time, and a wrong setting names its field`() throws {
        let site = try TestSite { $0.timeZone = "Asia/Shanghai" }
        let (network, _) = try site.makeNetwork()
        let browser = try site.adminBrowser()
        let path = "/dashboard/project/networks/\(network.id)/detail/"
        let created = "//dt[.='Created At']/following-sibling::dd[1]"
        let shanghai = try #require(try browser.get(path).first(created))
        try browser.get("/dashboard/settings/")
        try browser.submit(["timezone": "GMT", "pagesize": "0"])
        #expect(browser.page.status == 422)
        #expect(browser.page.faults("pagesize") == ["must be a whole number from 1 to 1000."])
        try browser.submit(["timezone": "GMT", "pagesize": "10"])
        #expect(browser.page.flashes == ["Settings saved."])
        let greenwich = try #require(try browser.get(path).first(created))
        #expect(shanghai != greenwich)
        #expect(greenwich == String(site.clock.now().iso8601.prefix(19)).replacing("T", with: " "))
    }

    @Test func `what a reader must know about this cloud is on every page`() throws {
        let site = try TestSite { $0.banner = "Instances are simulated." }
        let browser = try site.adminBrowser()
        for path in [
            "/dashboard/project/networks/", "/dashboard/settings/", "/dashboard/project/networks/none/detail/",
        ] {
            #expect(try browser.get(path).first("//div[@class='banner']") == "Instances are simulated.", "\(path)")
        }
    }
}
