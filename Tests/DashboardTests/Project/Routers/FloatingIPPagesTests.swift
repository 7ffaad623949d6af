import Compute
import Images
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// The panel of floating IPs, and what an instance's menu says of them.
struct FloatingIPPagesTests {
    let scene: RouterScene
    let browser: Browser

    init() throws {
        scene = try RouterScene(TestSite())
        browser = try scene.site.adminBrowser()
    }

    private static let index = "/dashboard/project/floating_ips/"

    private func port(_ name: String) throws -> Port {
        var new = NewPort(networkID: scene.inside.id)
        new.name = name
        return try scene.site.networking.createPort(new, as: scene.site.admin)
    }

    private func act(_ value: String) throws {
        try browser.submit(form: "//form[@id='floating_ips__form']", button: ("action", value))
        let question = try #require(browser.page.value("//button[@name='action']"))
        try browser.submit(button: ("action", question))
    }

    @Test func `an address is taken, led to a port, led nowhere and given back`() throws {
        let drawn = try scene.joined().gateway?.fixedIPs.map(\.address.description) ?? []
        let wanted = try #require(["203.0.113.99", "203.0.113.98"].first { !drawn.contains($0) })
        let port = try port("web")
        try browser.get(Self.index)
        try browser.get(try #require(browser.page.value("//a[contains(.,'Allocate IP To Project')]", "href")))
        try browser.submit(["floating_ip_address": wanted, "description": "for the web"])
        #expect(browser.page.flashes == ["Allocated Floating IP \(wanted)."])
        let ip = try #require(try scene.floatingIPs().first)
        #expect(ip.description == "for the web")
        try browser.get(try #require(browser.page.value("//tbody//a[.='Associate']", "href")))
        #expect(browser.page.value("//select[@name='ip_id']/option[@selected]") == ip.id.text, "the row's is chosen")
        let address = port.fixedIPs[0].address
        #expect(browser.page.all("//select[@name='instance_id']/option").contains("web: \(address)"))
        try browser.submit(["instance_id": "\(port.id)_\(address)"])
        #expect(browser.page.flashes == ["IP address \(wanted) associated."])
        #expect(browser.page.all("//tbody//td[@data-label='Mapped Fixed IP Address']") == ["\(address)"])
        #expect(browser.page.all("//tbody//td[@data-label='Status']") == ["Active"])
        try act("floating_ips__disassociate__\(ip.id)")
        #expect(browser.page.flashes == ["Successfully disassociated Floating IP: \(wanted)"])
        #expect(try scene.floatingIPs().first?.association == nil)
        try act("floating_ips__release__\(ip.id)")
        #expect(try scene.floatingIPs().isEmpty)
    }

    @Test func `administrators see where an address leads, over which router, and whose it is`() throws {
        let router = try scene.joined()
        let port = try port("web")
        let networking = scene.site.networking
        let ip = try networking.createFloatingIP(
            NewFloatingIP(networkID: scene.outside.id, portID: port.id), as: scene.site.admin)
        try browser.get("/dashboard/admin/floating_ips/")
        let link = browser.page.value("//tbody//a[.='\(ip.address)']", "href")
        let page = try browser.get(try #require(link))
        #expect(page.title == ip.address.description)
        for text in ["edge", "outside", ip.id.text, port.id.text, "Active"] {
            #expect(page.all("//dd").contains(text), "\(text)")
        }
        #expect(page.value("//dd//a[.='edge']", "href") == "/dashboard/admin/routers/\(router.id)/")
        try networking.releaseFloatingIP(ip.id, as: scene.site.admin)
        #expect(try browser.get(page.path).status == 404)
        _ = try scene.site.makeUser("alice")
        #expect(try scene.site.loggedIn("alice").get(page.path).status == 403)
    }

    @Test func `what cannot be is said beside its field`() throws {
        _ = try scene.joined()
        try browser.get(Self.index + "allocate/")
        #expect(try browser.submit(["floating_ip_address": "10.0.0.1"]).faults("floating_ip_address").count == 1)
        try browser.get(Self.index + "associate/")
        let page = try browser.submit()
        #expect(page.status == 422)
        #expect(page.faults("ip_id") == ["Choose a floating IP."])
        #expect(page.faults("instance_id") == ["Choose a port."])
    }

    @Test func `without an external network there is nothing to allocate from`() throws {
        let site = try TestSite()
        let page = try site.adminBrowser().get(Self.index + "allocate/")
        #expect(page.all("//select[@name='pool']/option") == ["No floating IP pools available"])
        #expect(page.value("//div[@class='form-foot']/button", "disabled") != nil)
    }

    @Test func `an instance's menu offers one, and takes it away again`() throws {
        _ = try scene.joined()
        let site = scene.site
        let image = try site.makeImage()
        var request = LaunchRequest(name: "web", flavorID: "42", imageID: image.id.text)
        request.networkIDs = [scene.inside.id.text]
        let instance = try site.compute.launch(request, as: site.admin)[0]
        try site.jobs.drain()
        let ip = try site.networking.createFloatingIP(
            NewFloatingIP(networkID: scene.outside.id), as: site.admin)
        let actions = "/dashboard/project/instances/\(instance.id)/actions/"
        try browser.get(actions)
        try browser.get(try #require(browser.page.value("//a[contains(.,'Associate Floating IP')]", "href")))
        #expect(
            browser.page.first("//select[@name='instance_id']/option[@selected]")?.hasPrefix("web: 10.0.0.") == true)
        try browser.submit(["ip_id": ip.id.text])
        #expect(browser.page.value("//tbody//a[.='web']", "href") == "/dashboard/project/instances/\(instance.id)/")
        try browser.get(actions)
        #expect(browser.page.nodes("//a[.='Associate Floating IP']").isEmpty)
        try browser.get(try #require(browser.page.value("//a[contains(.,'Disassociate Floating IP')]", "href")))
        try browser.submit(["is_release": "on"])
        #expect(browser.page.flashes == ["Released Floating IP: \(ip.address)"])
        #expect(try scene.floatingIPs().isEmpty)
    }

    @Test func `others get an address of the pool's choice, and touch only their own`() throws {
        let alice = try scene.site.makeUser("alice")
        let foreign = try scene.site.networking.createFloatingIP(
            NewFloatingIP(networkID: scene.outside.id), as: scene.site.admin)
        let member = try scene.site.loggedIn("alice")
        #expect(try member.get(Self.index + "allocate/").nodes("//input[@name='floating_ip_address']").isEmpty)
        try member.submit()
        #expect(try scene.site.networking.floatingIPs(as: alice).count == 1)
        #expect(try member.get(Self.index).nodes("//tbody/tr").count == 1)
        let token = try #require(member.page.value("//input[@name='csrfmiddlewaretoken']"))
        let attempt = [("csrfmiddlewaretoken", token), ("confirmed", "yes")]
        try member.post(Self.index, attempt + [("action", "floating_ips__release__\(foreign.id)")])
        #expect(try scene.floatingIPs().map(\.id) == [foreign.id])
        #expect(try member.post(Self.index + "allocate/", [("pool", scene.outside.id.text)]).status == 403)
        #expect(
            try browser.get("/dashboard/admin/floating_ips/").all("//tbody//td[@data-label='Project']").sorted()
                == ["admin", "alice"])
    }

    @Test func `the panel speaks Chinese`() throws {
        browser.language = "zh-CN"
        #expect(try browser.get(Self.index).title == "浮动IP")
        #expect(try browser.get(Self.index + "associate/").title == "绑定浮动IP")
    }
}
