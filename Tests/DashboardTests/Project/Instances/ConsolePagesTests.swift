import Compute
import ComputeHost
import Foundation
import HTTP
import Identity
import Images
import Networking
import ServiceCore
import Testing

@testable import Dashboard

struct ConsolePagesTests {
    let site: TestSite
    let browser: Browser
    private let instance: Instance
    private let page: String

    init() throws {
        site = try TestSite {
            $0.consoles.screenModule = "/static/novnc/core/rfb.js"
            $0.consoles.terminalScript = "/static/xterm/terminal.js?v=1"
        }
        browser = try site.adminBrowser()
        instance = try Self.launch("web", site)
        page = "/dashboard/project/instances/\(instance.id)/"
    }

    private static func launch(_ name: String, _ site: TestSite, as owner: RequestContext? = nil) throws -> Instance {
        var request = LaunchRequest(name: name, flavorID: "42", imageID: try site.makeImage().id.text)
        request.networkIDs = [try site.makeNetwork(as: owner).network.id.text]
        let instance = try site.compute.launch(request, as: owner ?? site.admin)[0]
        try site.jobs.drain()
        return try site.compute.instance(instance.id, as: site.admin)
    }

    /// What the page's script does: asks for a token with the token of its form.
    private func ask(
        _ browser: Browser, _ type: String = "novnc", path: String? = nil
    ) throws -> Browser.Page {
        try browser.get("/dashboard/project/overview/")
        let form = try #require(browser.page.value("//input[@name='csrfmiddlewaretoken']"))
        return try browser.post(
            path ?? page + "open_console/", [("csrfmiddlewaretoken", form), ("type", type)], follows: false)
    }

    /// The address of the socket in an answer.
    private func socket(_ answer: Browser.Page) throws -> String {
        let json = try JSONDecoder().decode([String: String].self, from: Data(answer.bytes))
        return try #require(json["socket"])
    }

    /// A handshake with the browser's cookies.
    private func open(
        _ address: String, _ browser: Browser, origin: String = "http://127.0.0.1:8000"
    ) -> Response {
        site.router.respond(
            to: .testing(
                .get, address,
                fields: [
                    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": origin,
                    "Cookie": browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; "),
                ]))
    }

    @Test func `the tab shows the screen, and offers the serial port`() throws {
        let tab = try browser.get(page + "?tab=instance_details__console")
        #expect(tab.value("//section[@data-console]", "data-console") == "novnc")
        #expect(tab.value("//section[@data-console]", "data-program") == "/static/novnc/core/rfb.js")
        #expect(tab.value("//section[@data-console]", "data-open") == page + "open_console/")
        #expect(tab.all("//nav[@class='segmented']/a") == ["Screen", "Serial Port"])
        #expect(tab.value("//a[normalize-space(.)='Show only console']", "href") == page + "vnc/")
        #expect(tab.nodes("//script[not(@src)]").isEmpty && tab.nodes("//*[@style]").isEmpty)
        let serial = try browser.get(page + "?tab=instance_details__console&console=serial")
        #expect(serial.value("//section[@data-console]", "data-console") == "serial")
        #expect(serial.nodes("//button[@data-keys]").isEmpty)
    }

    @Test func `only the pages of consoles may show data pictures, and nothing unsafe`() throws {
        let plain = try browser.get(page).fields["Content-Security-Policy"]
        #expect(plain == nil)
        for path in ["?tab=instance_details__console", "vnc/", "serial/"] {
            let policy = try browser.get(page + path).fields["Content-Security-Policy"] ?? ""
            #expect(policy.contains("default-src 'self'") && policy.hasSuffix("; img-src 'self' data:"))
            #expect(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"))
        }
    }

    @Test func `Horizon's addresses lead to consoles alone`() throws {
        #expect(try browser.get(page + "auto_console/").path == page + "vnc/")
        let alone = try browser.get(page + "vnc/")
        #expect(alone.nodes("//nav[@id='navigation']").isEmpty)
        #expect(alone.value("//section[@data-console]", "data-open") == page + "open_console/")
        #expect(try browser.get(page + "serial/").value("//section[@data-console]", "data-console") == "serial")
        #expect(try browser.get("/dashboard/project/instances/nonsense/vnc/").status == 404)
    }

    @Test func `what is not installed is named with its package`() throws {
        let bare = try TestSite()
        let instance = try Self.launch("web", bare)
        let browser = try bare.adminBrowser()
        let path = "/dashboard/project/instances/\(instance.id)/?tab=instance_details__console"
        #expect(try browser.get(path).first("//code") == "apt-get install --no-install-recommends novnc")
        #expect(
            try browser.get(path + "&console=serial").first("//code")
                == "apt-get install --no-install-recommends node-xterm")
        #expect(browser.page.nodes("//script[@type='module']").isEmpty)
    }

    @Test(arguments: [(ConsoleChoice.vnc, "novnc"), (.serial, "serial")])
    func `CONSOLE_TYPE chooses one console`(choice: ConsoleChoice, type: String) throws {
        let site = try TestSite { $0.consoles.preferred = choice }
        let instance = try Self.launch("web", site)
        let browser = try site.adminBrowser()
        let path = "/dashboard/project/instances/\(instance.id)/"
        let tab = try browser.get(
            path + "?tab=instance_details__console&console=\(type == "serial" ? "novnc" : "serial")")
        #expect(tab.value("//section[@data-console]", "data-console") == type)
        #expect(tab.nodes("//nav[@class='segmented']").isEmpty)
    }

    @Test func `CONSOLE_TYPE null shows none`() throws {
        let site = try TestSite { $0.consoles.preferred = nil }
        let instance = try Self.launch("web", site)
        let browser = try site.adminBrowser()
        let path = "/dashboard/project/instances/\(instance.id)/"
        #expect(!(try browser.get(path).all("//nav[@class='tabs']/a").contains("Console")))
        #expect(try browser.get(path + "auto_console/").status == 501)
    }

    @Test func `a guest that is off says so, and its log stays readable`() throws {
        try site.compute.perform(.stop, on: instance.id, as: site.admin)
        try site.jobs.drain()
        let tab = try browser.get(page + "?tab=instance_details__console")
        #expect(tab.first("//div[@class='console-empty']")?.contains("not running") == true)
        #expect(tab.nodes("//div[@class='console-empty']//a[contains(@href,'__log')]").count == 1)
        #expect(tab.nodes("//script[@type='module']").isEmpty)
        let answer = try ask(browser)
        #expect(answer.status == 409 && answer.text.contains("not running"))
    }

    @Test func `a token opens a socket once`() throws {
        let answer = try ask(browser)
        #expect(answer.status == 200 && answer.fields["Cache-Control"] == "no-store")
        let address = try socket(answer)
        #expect(address.hasPrefix("/websockify?token="))
        #expect(open(address, browser).status == .switchingProtocols)
        #expect(open(address, browser).status == .forbidden)
        #expect(open(try socket(try ask(browser, "serial")), browser).status == .switchingProtocols)
    }

    @Test func `a token is refused to other sites, to other sessions, after ten minutes, and when it never was`() throws
    {
        let address = try socket(try ask(browser))
        #expect(open(address, browser, origin: "http://evil.example").status == .forbidden)
        #expect(open(address, site.browser()).status == .forbidden)
        let another = try site.adminBrowser()
        #expect(open(address, another).status == .forbidden)
        #expect(open("/websockify?token=x", browser).status == .forbidden)
        #expect(open("/websockify", browser).status == .forbidden)
        #expect(open("/websockify?token=x", browser).fields["Content-Type"] == nil, "nobody is sent any data")
        // None of them has used it up.
        #expect(open(address, browser).status == .switchingProtocols)
        let late = try socket(try ask(browser))
        site.clock.advance(seconds: 600)
        #expect(open(late, browser).status == .forbidden)
    }

    @Test func `what is no handshake uses nothing up`() throws {
        let address = try socket(try ask(browser))
        #expect(site.router.respond(to: .testing(.get, address)).status == .upgradeRequired)
        #expect(open(address, browser).status == .switchingProtocols)
    }

    @Test func `signing out ends the right to open`() throws {
        let address = try socket(try ask(browser))
        let cookies = browser.cookies
        try browser.get("/dashboard/auth/logout/")
        try browser.submit([:], form: "(//main//form)[last()]")
        let thief = site.browser()
        for (name, value) in cookies { thief.setCookie(name, value) }
        #expect(open(address, thief).status == .forbidden)
    }

    @Test func `a disabled user's token opens nothing`() throws {
        let ada = try site.makeUser("ada")
        let theirs = try Self.launch("theirs", site, as: ada)
        let browser = try site.loggedIn("ada")
        let path = "/dashboard/project/instances/\(theirs.id)/open_console/"
        let address = try socket(try ask(browser, path: path))
        let given = try site.compute.createConsole(of: theirs.id, protocol: "vnc", type: "novnc", as: ada).token
        var update = UserUpdate()
        update.isEnabled = false
        _ = try site.identity.updateUser(ada.userID, update, as: site.admin)
        #expect(open(address, browser).status == .forbidden)
        #expect(open("/websockify?token=\(given)", site.browser()).status == .forbidden)
    }

    @Test func `another project's instance is not found, and readers may not`() throws {
        _ = try site.makeUser("bob")
        let bob = try site.loggedIn("bob")
        #expect(try ask(bob).status == 404)
        #expect(try bob.get(page + "vnc/").status == 404)
        let eve = try site.makeUser("eve", role: "reader")
        let theirs = try Self.launch(
            "theirs", site,
            as: RequestContext(
                userID: "x", userName: "x", projectID: eve.projectID, projectName: "eve", roles: ["member"]))
        let reader = try site.loggedIn("eve")
        let path = "/dashboard/project/instances/\(theirs.id)/"
        #expect(try ask(reader, path: path + "open_console/").status == 403)
        let tab = try reader.get(path + "?tab=instance_details__console")
        #expect(tab.first("//div[@class='console-empty']")?.contains("role") == true)
    }

    @Test func `asking for a token needs the form's own token, and a kind that exists`() throws {
        #expect(try browser.post(page + "open_console/", [("type", "novnc")], follows: false).status == 403)
        #expect(try ask(browser, "spice-html5").status == 422)
        #expect(try ask(browser, "").status == 422)
        #expect(try site.browser().post(page + "open_console/", [("type", "novnc")], follows: false).status == 303)
    }

    @Test func `nova's page takes a token from whoever was given it, without a login`() throws {
        let token = try site.compute.createConsole(
            of: instance.id, protocol: "vnc", type: "novnc", as: site.admin
        ).token
        let stranger = site.browser()
        let shown = try stranger.get("/vnc_auto.html?path=%3Ftoken%3D\(token)")
        #expect(shown.status == 200 && shown.value("//section[@data-console]", "data-open") == nil)
        #expect(!shown.text.contains(token))
        #expect(shown.fields["Cache-Control"] == "no-store")
        #expect(shown.text.contains("noVNC"))
        #expect(open("/?token=nonsense", stranger).status == .forbidden)
        #expect(open("/?token=\(token)", stranger).status == .switchingProtocols)
        #expect(try stranger.get("/", follows: false).status == 303)
    }

    @Test func `the pages speak Chinese`() throws {
        browser.language = "zh-CN"
        let tab = try browser.get(page + "?tab=instance_details__console")
        #expect(tab.all("//nav[@class='segmented']/a") == ["屏幕", "串口"])
        #expect(tab.value("//p[@data-status]", "data-connected") == "已连接")
    }
}
