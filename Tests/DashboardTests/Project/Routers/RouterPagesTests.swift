import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// The panel of routers.
struct RouterPagesTests {
    let scene: RouterScene
    let browser: Browser

    init() throws {
        scene = try RouterScene(TestSite())
        browser = try scene.site.adminBrowser()
    }

    private static let index = "/dashboard/project/routers/"
    private static let names = "//td[contains(@class,'main-cell')]"

    /// Presses a button of a row and confirms it.
    private func act(_ value: String, form: String) throws {
        try browser.submit(form: "//form[@id='\(form)__form']", button: ("action", value))
        let question = try #require(browser.page.value("//button[@name='action']"))
        try browser.submit(button: ("action", question))
    }

    @Test func `a router is made with a way out, joined to a subnet, and taken down again`() throws {
        try browser.get(Self.index)
        try browser.get(try #require(browser.page.value("//a[contains(.,'Create Router')]", "href")))
        try browser.submit(["name": "edge", "network_id": scene.outside.id.text])
        #expect(browser.page.flashes == ["Router edge was successfully created."])
        let router = try #require(try scene.routers().first)
        #expect(
            browser.page.all("//tbody/tr/td").filter { !$0.isEmpty }.prefix(4) == ["edge", "Active", "outside", "UP"])

        let page = "\(Self.index)\(router.id)/"
        try browser.get(page + "?tab=router_details__interfaces")
        #expect(browser.page.all("//tbody//td[@data-label='Type']") == ["External Gateway"])
        try browser.get(try #require(browser.page.value("//a[contains(.,'Add Interface')]", "href")))
        try browser.submit(["subnet_id": scene.subnet.id.text])
        #expect(browser.page.flashes == ["Interface added 10.0.0.1"])
        #expect(browser.page.all("//tbody//td[@data-label='Type']") == ["Internal Interface", "External Gateway"])

        try browser.get(Self.index)
        try act("routers__delete__\(router.id)", form: "routers")
        #expect(
            browser.page.flashes.first?.hasPrefix("Unable to delete router: edge") == true, "it still joins networks")
        let port = try #require(
            try scene.site.networking.routerPorts(of: router.id, as: scene.site.admin).first)
        try browser.get(page + "?tab=router_details__interfaces")
        try act("interfaces__delete__\(port.id)", form: "interfaces")
        #expect(browser.page.flashes.first?.hasPrefix("Deleted interface:") == true, "\(browser.page.flashes)")
        try browser.get(Self.index)
        try act("routers__cleargateway__\(router.id)", form: "routers")
        #expect(browser.page.flashes == ["Cleared gateway: edge"])
        #expect(try scene.routers().first?.gateway == nil)
        try act("routers__delete__\(router.id)", form: "routers")
        #expect(try scene.routers().isEmpty)
    }

    @Test func `the way out is set later, without SNAT if an administrator says so`() throws {
        let router = try scene.site.networking.createRouter(NewRouter(name: "edge"), as: scene.site.admin)
        try browser.get(Self.index)
        try browser.get(try #require(browser.page.value("//tbody//a[.='Set Gateway']", "href")))
        #expect(try browser.submit(["network_id": ""]).status == 422)
        #expect(browser.page.faults("network_id") == ["Choose an external network."])
        try browser.submit(["network_id": scene.outside.id.text, "enable_snat": nil])
        #expect(browser.page.flashes == ["Gateway interface is added"])
        let stored = try scene.site.networking.router(router.id, as: scene.site.admin)
        #expect(stored.gateway?.networkID == scene.outside.id)
        #expect(stored.gateway?.enableSNAT == false)
        let page = try browser.get("\(Self.index)\(router.id)/")
        #expect(page.all("//dd").contains("outside"))
        #expect(page.all("//dd").contains("Disabled"))
    }

    @Test func `an interface may have an address of its own, and a refused one leaves no port behind`() throws {
        let router = try scene.site.networking.createRouter(NewRouter(name: ""), as: scene.site.admin)
        let path = "\(Self.index)\(router.id)/addinterface/"
        try browser.get(path)
        #expect(try browser.submit(["subnet_id": ""]).faults("subnet_id") == ["Choose a subnet."])
        let refused = try browser.submit(["subnet_id": scene.subnet.id.text, "ip_address": "10.9.9.9"])
        #expect(refused.status == 422)
        #expect(refused.faults("ip_address").count == 1)
        try browser.submit(["subnet_id": scene.subnet.id.text, "ip_address": "10.0.0.77"])
        #expect(browser.page.flashes == ["Interface added 10.0.0.77"])
        let (other, twin) = try scene.site.makeNetwork("twin", cidr: "10.0.0.0/25")
        try browser.get(path)
        let overlapping = try browser.submit(["subnet_id": twin.id.text, "ip_address": "10.0.0.78"])
        #expect(overlapping.status == 422)
        #expect(overlapping.faults("subnet_id").count == 1)
        #expect(
            try scene.site.networking.ports(as: scene.site.admin, filter: PortFilter(networkID: other.id)).isEmpty)
    }

    @Test func `static routes are added and deleted one by one`() throws {
        let router = try scene.joined()
        let path = "\(Self.index)\(router.id)/"
        for (destination, hop) in [("10.8.0.0/16", "10.0.0.8"), ("10.9.0.0/16", "10.0.0.9")] {
            try browser.get(path + "addrouterroute/")
            try browser.submit(["destination": destination, "nexthop": hop])
            #expect(browser.page.flashes == ["Static route added"])
        }
        try browser.get(path + "addrouterroute/")
        let refused = try browser.submit(["destination": "10.7.0.0", "nexthop": "172.16.0.1"])
        #expect(refused.status == 422)
        #expect(refused.faults("destination").count == 1)
        #expect(refused.faults("destination").first?.contains("Line") == false, "one route has no lines")
        #expect(
            try browser.submit(["destination": "10.7.0.0/16", "nexthop": "172.16.0.1"]).faults("nexthop").count == 1)
        try browser.get(path + "?tab=router_details__extra_routes")
        #expect(browser.page.all(Self.names) == ["10.8.0.0/16", "10.9.0.0/16"])
        try act("extra_routes__delete__10.8.0.0/16,10.0.0.8", form: "extra_routes")
        #expect(browser.page.all(Self.names) == ["10.9.0.0/16"])
    }

    @Test func `a router is renamed; the second of two editors is told`() throws {
        let router = try scene.joined()
        let second = try scene.site.adminBrowser()
        for each in [browser, second] { try each.get("\(Self.index)\(router.id)/update/") }
        try browser.submit(["name": "rim", "admin_state": nil])
        #expect(browser.page.flashes == ["Router rim was successfully updated."])
        #expect(try second.submit(["name": "brim"]).status == 409)
        let stored = try #require(try scene.routers().first)
        #expect(stored.name == "rim" && !stored.adminStateUp)
    }

    @Test func `administrators see every router with its project, others only their own`() throws {
        let alice = try scene.site.makeUser("alice")
        let hers = try scene.site.networking.createRouter(NewRouter(name: "hers"), as: alice)
        let theirs = try scene.joined("theirs")
        #expect(
            try browser.get("/dashboard/admin/routers/").all("//tbody//td[@data-label='Project']").sorted()
                == ["admin", "alice"])
        #expect(browser.page.nodes("//a[contains(.,'Create Router')]").isEmpty)
        let member = try scene.site.loggedIn("alice")
        #expect(try member.get(Self.index).all(Self.names) == ["hers"])
        #expect(try member.get("\(Self.index)\(hers.id)/setgateway/").nodes("//input[@name='enable_snat']").isEmpty)
        for path in ["", "update/", "setgateway/", "addinterface/", "addrouterroute/"] {
            #expect(try member.get("\(Self.index)\(theirs.id)/\(path)").status == 404, "\(path)")
        }
        let token = try #require(try member.get("\(Self.index)create/").value("//input[@name='csrfmiddlewaretoken']"))
        let attempt = [
            ("csrfmiddlewaretoken", token), ("confirmed", "yes"), ("action", "routers__delete__\(theirs.id)"),
        ]
        try member.post(Self.index, attempt)
        #expect(try scene.routers().map(\.name) == ["theirs"])
    }

    @Test func `without enable_router there are no such pages, and nothing leads to them`() throws {
        let site = try TestSite { $0.networkFeatures.enableRouter = false }
        let browser = try site.adminBrowser()
        let page = try browser.get("/dashboard/project/networks/")
        #expect(page.nodes("//nav//a[.='Routers' or .='Floating IPs']").isEmpty)
        for path in ["routers", "routers/create", "floating_ips", "floating_ips/allocate"] {
            #expect(try browser.get("/dashboard/project/\(path)/").status == 404)
        }
        #expect(!(try self.browser.get("/dashboard/project/networks/").nodes("//nav//a[.='Routers']").isEmpty))
    }

    @Test func `the panel speaks Chinese`() throws {
        browser.language = "zh-CN"
        let router = try scene.joined()
        #expect(try browser.get(Self.index).title == "路由")
        #expect(
            try browser.get("\(Self.index)\(router.id)/").all("//nav[@class='tabs']/a")
                == ["概况", "接口2", "静态路由表"])
    }
}
