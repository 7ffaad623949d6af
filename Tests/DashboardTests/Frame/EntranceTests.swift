import Compute
import HTTP
import ServiceCore
import Testing

@testable import Dashboard

/// Forms with files: who is not let in is told so before anything of the file is read.
///
/// What is sent is no form at all. Whoever is asked before their content is read never learns that: 415 means that the
/// content was looked at.
struct EntranceTests {
    private static let pages = ["/dashboard/project/images/create/", "/dashboard/project/instances/launch/"]

    private func send(
        _ path: String, to router: Router, as browser: Browser? = nil, _ fields: [(String, String)] = []
    ) -> Response {
        let cookies = (browser?.cookies ?? [:]).map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        let field = fields.first ?? ("User-Agent", "test")
        return router.respond(
            to: .testing(
                .post, path, fields: ["Content-Type": "text/plain", "Cookie": cookies, field.0: field.1],
                content: Array("not a form".utf8)))
    }

    @Test(arguments: pages)
    func `a stranger is sent to the login and back`(_ path: String) throws {
        let response = send(path, to: try TestSite().router)
        #expect(response.status == .seeOther)
        #expect(response.fields["Location"] == "/dashboard/auth/login/?next=\(PercentCoding.encode(path))")
        #expect(response.fields["Cache-Control"] == "no-store")
    }

    @Test(arguments: pages)
    func `a stranger's script is told where to log in`(_ path: String) throws {
        let response = send(path, to: try TestSite().router, [("X-Requested-With", "XMLHttpRequest")])
        #expect(response.status == .unauthorized)
        #expect(response.fields["X-Horizon-Location"] == "/dashboard/auth/login/")
    }

    @Test func `a session that is over lets nobody in`() throws {
        let site = try TestSite()
        let browser = try site.adminBrowser()
        #expect(send(Self.pages[0], to: site.router, as: browser).status == .unsupportedMediaType)
        site.clock.advance(seconds: 4000)
        let response = send(Self.pages[0], to: site.router, as: browser)
        #expect(response.status == .seeOther)
        #expect(response.fields.values(for: "Set-Cookie").contains { $0.hasPrefix("sessionid=;") })
    }

    @Test func `without its session store the site takes no file`() throws {
        let store = FailingSessionStore()
        let site = try TestSite(sessions: store)
        let browser = try site.adminBrowser()
        store.fails = true
        #expect(send(Self.pages[0], to: site.router, as: browser).status == .serviceUnavailable)
    }

    @Test(arguments: [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("X-CSRFToken", "guessed")])
    func `a forged form is refused by its header fields alone`(_ name: String, _ value: String) throws {
        let site = try TestSite()
        let response = send(Self.pages[0], to: site.router, as: try site.adminBrowser(), [(name, value)])
        #expect(response.status == .forbidden)
        #expect(response.fields["Content-Type"] == "text/html; charset=utf-8")
    }

    @Test func `the right token in a header lets the content come`() throws {
        let site = try TestSite()
        let browser = try site.adminBrowser()
        let token = try #require(try browser.get(Self.pages[0]).value("//input[@name='csrfmiddlewaretoken']"))
        let response = send(Self.pages[0], to: site.router, as: browser, [("X-CSRFToken", token)])
        #expect(response.status == .unsupportedMediaType)
    }

    @Test func `files for administrators are taken from administrators`() throws {
        let store = InMemorySessionStore(clock: ManualClock())
        let site = try TestSite(sessions: store)
        _ = try site.makeUser("alice")
        let services = DashboardServices(
            identity: site.identity, images: site.images, networking: site.networking, compute: site.compute,
            events: site.events)
        var routes = try Routes(
            Site(
                services: services, templates: TestSite.root + "/Templates", sessions: store, clock: site.clock,
                configuration: DashboardConfiguration(secretKey: TestSite.secret)),
            Router())
        routes.form(.networks(.admin), limits: .files(upTo: 1 << 30)) { _, _ in .text("taken") }
        let path = SiteURL.networks(.admin).path
        let refused = send(path, to: routes.router, as: try site.loggedIn("alice"))
        #expect(refused.status == .forbidden)
        #expect(send(path, to: routes.router, as: try site.adminBrowser()).status == .unsupportedMediaType)
    }

    @Test func `a form without files is looked at first, as ever`() throws {
        #expect(send("/dashboard/settings/", to: try TestSite().router).status == .unsupportedMediaType)
    }
}
