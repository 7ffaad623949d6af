import Database
import HTTP
import Networking
import ServiceCore
import Testing

@testable import Dashboard

struct NetworkPagesTests {
    private static let index = "/dashboard/project/networks/"
    private static let names = "//td[contains(@class,'main-cell')]"

    @Test func `the lists have Horizon's columns`() throws {
        let site = try TestSite()
        _ = try site.makeNetwork()
        let browser = try site.adminBrowser()
        let columns = "//table[@id='networks']//th[@scope='col'][not(contains(@class,'select'))]"
        #expect(
            try browser.get(Self.index).all(columns) == [
                "Name", "Subnets Associated", "Shared", "External", "Status", "Admin State", "Availability Zones",
                "Actions",
            ])
        #expect(
            try browser.get("/dashboard/admin/networks/").all(columns) == [
                "Project", "Network Name", "Subnets Associated", "DHCP Agents", "Shared", "External", "Status",
                "Admin State", "Availability Zones", "Actions",
            ])
        #expect(browser.page.first("//table[@id='networks']//tbody/tr/td[4]") == "blue-subnet 10.0.0.0/24")
    }

    @Test func `where guests are not connected the lists say so, and administrators are told what is missing`() throws {
        #expect(try TestSite().adminBrowser().get(Self.index).nodes("//div[@role='note']").isEmpty)
        let site = try TestSite { $0.missingForBridges = "The program <dnsmasq> is not installed." }
        let browser = try site.adminBrowser()
        for path in [Self.index, "/dashboard/admin/networks/"] {
            let notice = try browser.get(path).first("//div[@role='note']")
            #expect(notice?.hasPrefix("Instances are not connected to each other here") == true)
            #expect(notice?.hasSuffix("The program <dnsmasq> is not installed.") == true)
        }
        browser.language = "zh-CN"
        #expect(try browser.get(Self.index).first("//div[@role='note']")?.hasPrefix("此处的实例之间没有连通") == true)
    }

    @Test func `a network that a host cannot make is in error, and administrators read why`() throws {
        let site = try TestSite()
        let network = try site.makeNetwork().network
        _ = try site.makeUser("alice")
        var sharing = NetworkUpdate()
        sharing.shared = true
        _ = try site.networking.updateNetwork(network.id, sharing, as: site.admin)
        try site.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO networkfaults VALUES (\(network.id), 'node-1', 'no interface leads to physnet9',
                    'Name one in PHYSICAL_INTERFACE_MAPPINGS.', 0)
                """)
            try transaction.execute("UPDATE networks SET status = 'ERROR'")
        }
        let path = Self.index + "\(network.id)/detail/"
        let fault = "//dt[.='Fault']/following-sibling::dd[1]"
        let page = try site.adminBrowser().get(path)
        #expect(
            page.all(fault + "/div") == [
                "node-1: no interface leads to physnet9 1970-01-01 00:00:00", "Name one in PHYSICAL_INTERFACE_MAPPINGS.",
            ])
        #expect(page.first("//dt[.='Status']/following-sibling::dd[1]") == "Error")
        let member = try site.loggedIn("alice").get(path)
        #expect(member.status == 200 && member.first(fault) == nil)
        #expect(member.first("//dt[.='Status']/following-sibling::dd[1]") == "Error")
    }

    @Test func `an empty list says what to do`() throws {
        let page = try TestSite().adminBrowser().get(Self.index)
        #expect(page.first("//div[@class='empty']/h2") == "No networks yet")
        #expect(page.nodes("//a[@href='/dashboard/project/networks/create/']").count == 1)
    }

    @Test func `a name that is markup is shown as a text everywhere`() throws {
        let site = try TestSite()
        let name = "<script>alert(1)</script>\"'&"
        let (network, _) = try site.makeNetwork(name)
        let browser = try site.adminBrowser()
        for path in ["", "\(network.id)/detail/", "\(network.id)/update/", "\(network.id)/subnets/create/"] {
            let page = try browser.get(Self.index + path)
            #expect(page.nodes("//script[not(@src)]").isEmpty, "\(path)")
            #expect(page.text.contains("&lt;script&gt;alert(1)"), "\(path)")
        }
        let token = try #require(browser.page.value("//input[@name='csrfmiddlewaretoken']"))
        let page = try browser.post(
            Self.index, [("csrfmiddlewaretoken", token), ("action", "networks__delete__\(network.id)")])
        #expect(page.all("//ul[@class='selected']/li") == [name])
    }

    @Test func `a network and its subnet are made on one page, or neither is`() throws {
        let site = try TestSite()
        let browser = try site.adminBrowser()
        try browser.get("/dashboard/project/networks/create/")
        let page = try browser.submit(["net_name": "lab", "cidr": "10.1.0.0/33", "mtu": "6"])
        #expect(page.status == 422)
        #expect(page.faults("cidr") == ["'10.1.0.0/33' must end in a prefix length from 1 to 32."])
        #expect(page.faults("mtu").count == 1)
        #expect(try site.networking.networks(as: site.admin).isEmpty)
        try browser.submit(["cidr": "10.1.0.0/24", "mtu": "1400"])
        #expect(browser.page.flashes == ["Created network \"lab\"."])
        let network = try #require(try site.networking.networks(as: site.admin).first)
        #expect(network.mtu == 1400)
        #expect(network.subnets.map(\.cidr.description) == ["10.1.0.0/24"])
        try browser.get("/dashboard/project/networks/create/")
        try browser.submit(["net_name": "bare", "with_subnet": nil as String?])
        #expect(try site.networking.networks(as: site.admin).map(\.name) == ["bare", "lab"])
    }

    @Test func `administrators make networks for other projects, with a provider`() throws {
        let site = try TestSite()
        let alice = try site.makeUser("alice")
        let browser = try site.adminBrowser()
        try browser.get("/dashboard/admin/networks/create/")
        let fields = [
            "net_name": "carried", "tenant_id": alice.projectID, "cidr": "10.2.0.0/24", "network_type": "vlan",
        ]
        #expect(try browser.submit(fields).status == 422)
        #expect(browser.page.faults("physical_network").count == 1)
        #expect(browser.page.faults("segmentation_id").count == 1)
        try browser.submit(["physical_network": "physnet1", "segmentation_id": "42", "shared": "on"])
        let network = try #require(try site.networking.networks(as: alice).first)
        #expect(network.projectID == alice.projectID)
        #expect(network.shared)
        #expect(browser.page.first("//tbody/tr/td[2]") == "alice")
    }

    @Test func `editing keeps what was not touched, and the second editor is told`() throws {
        let site = try TestSite()
        let (network, _) = try site.makeNetwork()
        let path = "/dashboard/project/networks/\(network.id)/update/"
        let (first, second) = (try site.adminBrowser(), try site.adminBrowser())
        try first.get(path)
        try second.get(path)
        try first.submit(["net_name": "renamed"])
        #expect(first.page.flashes == ["Network \"renamed\" was successfully updated."])
        #expect(try second.submit(["net_name": "mine"]).status == 409)
        let stored = try site.networking.network(network.id, as: site.admin)
        #expect(stored.name == "renamed" && stored.adminStateUp && !stored.shared)
    }

    @Test func `several networks are deleted after a page that names them; those in use stay, with the reason`() throws
    {
        let site = try TestSite()
        let (used, _) = try site.makeNetwork("used")
        let (unused, _) = try site.makeNetwork("unused", cidr: "10.5.0.0/24")
        _ = try site.networking.createPort(NewPort(networkID: used.id), as: site.admin)
        let browser = try site.adminBrowser()
        try browser.get(Self.index)
        let token = try #require(browser.page.value("//form[@id='networks__form']//input[@name='csrfmiddlewaretoken']"))
        let form = [
            ("csrfmiddlewaretoken", token), ("action", "networks__delete"), ("object_ids", used.id.text),
            ("object_ids", unused.id.text),
        ]
        try browser.post(Self.index, form)
        #expect(browser.page.title == "Confirm Delete Networks")
        #expect(browser.page.all("//ul[@class='selected']/li") == ["used", "unused"])
        #expect(try site.networking.networks(as: site.admin).count == 2, "nothing is done before it is confirmed")
        let value = try #require(browser.page.value("//button[@name='action']"))
        try browser.submit(button: ("action", value))
        #expect(browser.page.flashes.count == 2)
        #expect(
            browser.page.flashes.contains { $0.contains("Unable to delete network: used") && $0.contains("in use") })
        #expect(browser.page.flashes.contains("Deleted network: unused"))
        #expect(try site.networking.networks(as: site.admin).map(\.name) == ["used"])
    }

    @Test func `an action without a chosen row asks for one`() throws {
        let site = try TestSite()
        _ = try site.makeNetwork()
        let browser = try site.adminBrowser()
        try browser.get(Self.index)
        try browser.submit(form: "//form[@id='networks__form']", button: ("action", "networks__delete"))
        #expect(browser.page.flashes == ["Please select a row before taking that action."])
    }

    @Test func `one row is fetched alone, and is gone when its network is`() throws {
        let site = try TestSite()
        let (network, _) = try site.makeNetwork()
        let browser = try site.adminBrowser()
        let path = "\(Self.index)?action=row_update&table=networks&obj_id=\(network.id)"
        let row = try browser.get(path)
        #expect(row.text.hasPrefix("<tr id=\"networks__row__\(network.id)\""))
        try site.networking.deleteNetwork(network.id, as: site.admin)
        #expect(try browser.get(path).status == 404)
    }

    @Test func `filter, order and pages go through the whole list`() throws {
        let site = try TestSite()
        for number in 1...7 { _ = try site.makeNetwork("net \(number % 2 == 0 ? "even" : "odd") \(number)") }
        let browser = try site.adminBrowser()
        #expect(try browser.get("\(Self.index)?networks__filter__q=EVEN").all(Self.names).count == 3)
        browser.setCookie("horizon_pagesize", "3")
        try browser.get("\(Self.index)?networks__sort=-name")
        var seen = browser.page.all(Self.names)
        while let next = browser.page.value("//div[@class='table-foot']//a[.='Next »']", "href") {
            try browser.get(next)
            seen += browser.page.all(Self.names)
        }
        #expect(seen == ["odd 7", "odd 5", "odd 3", "odd 1", "even 6", "even 4", "even 2"].map { "net \($0)" })
        try browser.get(try #require(browser.page.value("//div[@class='table-foot']//a[.='« Prev']", "href")))
        #expect(browser.page.all(Self.names) == ["net odd 1", "net even 6", "net even 4"])
        #expect(
            try browser.get("\(Self.index)?networks__filter__q=unicorn").first("//div[@class='empty']/h2")
                == "Nothing matches the filter.")
    }

    @Test func `others see a shared network without buttons, and no other network at all`() throws {
        let site = try TestSite()
        var new = NewNetwork(name: "shared")
        new.shared = true
        let shared = try site.networking.createNetwork(new, as: site.admin)
        let (secret, _) = try site.makeNetwork("secret")
        _ = try site.makeUser("alice")
        let browser = try site.loggedIn("alice")
        let page = try browser.get(Self.index)
        #expect(page.all(Self.names) == ["shared"])
        #expect(page.nodes("//tbody//button | //tbody//a[.='Edit Network']").isEmpty)
        #expect(try browser.get("\(Self.index)\(secret.id)/detail/").status == 404)
        #expect(try browser.get("\(Self.index)\(secret.id)/update/").status == 404)
        let token = try #require(try browser.get(Self.index).value("//input[@name='csrfmiddlewaretoken']"))
        let attempt = [("csrfmiddlewaretoken", token), ("confirmed", "yes")]
        try browser.post(Self.index, attempt + [("action", "networks__delete__\(shared.id)")])
        #expect(browser.page.flashes == ["You are not allowed to do this: shared"])
        try browser.post(Self.index, attempt + [("action", "networks__delete__\(secret.id)")])
        #expect(browser.page.flashes.first?.hasPrefix("Unable to delete network: \(secret.id)") == true)
        #expect(try site.networking.networks(as: site.admin).count == 2)
    }

    @Test func `the tabs show subnets and ports, and a port its addresses`() throws {
        let site = try TestSite()
        let (network, _) = try site.makeNetwork()
        var port = NewPort(networkID: network.id)
        port.name = "door"
        let made = try site.networking.createPort(port, as: site.admin)
        let browser = try site.adminBrowser()
        let path = "/dashboard/admin/networks/\(network.id)/detail/"
        #expect(try browser.get(path).all("//nav[@class='tabs']/a") == ["Overview", "Subnets1", "Ports1"])
        #expect(try browser.get(path + "?tab=network_tabs__subnets_tab").all("//tbody/tr/td")[5...6] == ["1", "252"])
        #expect(try browser.get(path + "?tab=network_tabs__ports_tab").all(Self.names) == ["door"])
        try browser.get("/dashboard/admin/networks/ports/\(made.id)/detail/")
        #expect(browser.page.title == "door")
        #expect(browser.page.text.contains(made.macAddress.description))
    }
}
