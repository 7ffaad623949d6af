import Compute
import HTTP
import Markup
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// Create Port, Edit Port and the page of a port.
struct PortPagesTests {
    let site: TestSite
    let network: Network
    let subnet: Subnet
    let browser: Browser

    init() throws {
        site = try TestSite()
        (network, subnet) = try site.makeNetwork("blue", cidr: "10.0.0.0/24", pools: "10.0.0.100,10.0.0.200")
        browser = try site.adminBrowser()
    }

    private func path(_ area: String, _ rest: String) -> String {
        "/dashboard/\(area)/networks/\(network.id)/ports/\(rest)"
    }

    private func ports() throws -> [Port] {
        try site.networking.ports(as: site.admin, filter: PortFilter(networkID: network.id))
    }

    private static let faults = "//*[contains(@class,'fault')][not(contains(@class,'faults'))]"

    @Test func `a port is made with everything the form has`() throws {
        try browser.get("/dashboard/admin/networks/\(network.id)/detail/?tab=network_tabs__ports_tab")
        try browser.get(try #require(browser.page.value("//a[contains(.,'Create Port')]", "href")))
        #expect(browser.page.title == "Create Port")
        try browser.submit([
            "name": "door", "device_id": "lift", "device_owner": "baremetal:lift", "specify_ip": "fixed_ip",
            "fixed_ip": "10.0.0.50", "mac_address": "52:54:00:12:34:56", "admin_state": nil,
            "port_security_enabled": nil, "binding__vnic_type": "macvtap", "binding__host_id": "shelf-3",
        ])
        #expect(browser.page.flashes == ["Port door was successfully created."])
        let port = try #require(try ports().first)
        #expect(port.fixedIPs.map(\.address.description) == ["10.0.0.50"])
        #expect(port.macAddress.description == "52:54:00:12:34:56")
        #expect([port.name, port.deviceID, port.deviceOwner] == ["door", "lift", "baremetal:lift"])
        #expect([port.vnicType, port.bindingHost] == ["macvtap", "shelf-3"])
        #expect(!port.adminStateUp && !port.portSecurityEnabled)
        let page = try browser.get("/dashboard/admin/networks/ports/\(port.id)/detail/")
        for text in ["10.0.0.50", "52:54:00:12:34:56", "lift", "macvtap", "shelf-3"] {
            #expect(page.all("//dd").contains(text), "\(text)")
        }
    }

    @Test func `left alone, the form makes a port with an address of the service's choice`() throws {
        try browser.get(path("project", "create/"))
        #expect(browser.page.nodes("//input[@name='binding__host_id']").isEmpty, "hosts are the administrator's matter")
        try browser.submit()
        let port = try #require(try ports().first)
        #expect(port.fixedIPs.count == 1)
        #expect(port.macAddress.description.hasPrefix("fa:16:3e"))
        #expect(port.adminStateUp && port.portSecurityEnabled)
        #expect(browser.page.flashes.count == 1)
    }

    @Test func `a port has the groups that are chosen, at first the default one, and none without a guard`()
        throws
    {
        let web = try site.networking.createSecurityGroup(NewSecurityGroup(name: "web"), as: site.admin)
        try browser.get(path("project", "create/"))
        let chosen = browser.page.nodes("//input[@name='groups'][@checked]").compactMap { $0.attribute("id") }
        #expect(chosen.map { browser.page.first("//label[@for='\($0)']") } == ["default"])
        try browser.submit(["name": "plain"])
        try browser.get(path("admin", "create/"))
        try browser.submit(["name": "webbed", "groups": web.id.text])
        try browser.get(path("project", "create/"))
        try browser.submit(["name": "open", "port_security_enabled": nil])
        let groups = try ports().map { port in
            try port.securityGroupIDs.map { try site.networking.securityGroup($0, as: site.admin).name }
        }
        #expect(try ports().map(\.name) == ["open", "plain", "webbed"])
        #expect(groups == [[], ["default"], ["web"]])
        try browser.get(path("project", "create/"))
        let page = try browser.submit(["name": "late", "groups": ID<SecurityGroup>.random().text])
        #expect(page.status == 404 && page.value("//input[@id='id_name']") == "late", "a form with its fault")
    }

    @Test(arguments: [
        ("fixed_ip", "10.9.0.1", "'10.9.0.1'"), ("fixed_ip", "10.0.0.256", "'10.0.0.256' is not an IP address."),
        ("fixed_ip", "", "is needed"), ("subnet_id", "", "is needed"),
    ])
    func `an address that cannot be had is refused beside its field`(
        _ way: String, _ value: String, _ part: String
    ) throws {
        try browser.get(path("admin", "create/"))
        let page = try browser.submit(["specify_ip": way, way: value, "mac_address": "nonsense"])
        #expect(page.status == 422)
        #expect(page.faults("mac_address").count == 1)
        try browser.submit(["specify_ip": way, way: value, "mac_address": ""])
        #expect(browser.page.status == 422)
        let quoted = part.replacing("'", with: "")
        #expect(
            browser.page.faults(way).first?.replacing("'", with: "").contains(quoted) == true,
            "\(browser.page.faults(way))")
        #expect(try ports().isEmpty)
    }

    @Test func `what is the owner's of a shared network is said above the form, which keeps what was typed`() throws {
        _ = try site.makeUser("alice")
        let shared = try site.makeNetwork("common", cidr: "10.5.0.0/24").network
        var update = NetworkUpdate()
        update.shared = true
        _ = try site.networking.updateNetwork(shared.id, update, as: site.admin)
        let browser = try site.loggedIn("alice")
        try browser.get("/dashboard/project/networks/\(shared.id)/ports/create/")
        let page = try browser.submit(["name": "door", "specify_ip": "fixed_ip", "fixed_ip": "10.5.0.50"])
        #expect(page.status == 403 && page.title == "Create Port")
        #expect(page.flashes.first?.contains("its owner chooses addresses") == true)
        #expect(page.value("//input[@name='fixed_ip']") == "10.5.0.50")
        try browser.submit(["specify_ip": "", "fixed_ip": ""])
        #expect(browser.page.flashes == ["Port door was successfully created."])
    }

    @Test func `an address in use is said above the form, which keeps what was typed`() throws {
        var taken = NewPort(networkID: network.id)
        taken.fixedIPs = [FixedIPInput(address: "10.0.0.50")]
        _ = try site.networking.createPort(taken, as: site.admin)
        try browser.get(path("project", "create/"))
        let page = try browser.submit(["name": "second", "specify_ip": "fixed_ip", "fixed_ip": "10.0.0.50"])
        #expect(page.status == 409)
        #expect(page.flashes.first?.contains("10.0.0.50") == true)
        #expect(page.value("//input[@id='id_name']") == "second")
    }

    @Test(arguments: ["project", "admin"])
    func `opening the form and saving it changes nothing, and a change is saved`(_ area: String) throws {
        var new = NewPort(networkID: network.id)
        new.name = "door"
        new.deviceID = "lift"
        new.deviceOwner = "baremetal:lift"
        new.bindingHost = "shelf"
        let port = try site.networking.createPort(new, as: site.admin)
        try browser.get(path(area, "\(port.id)/update/"))
        try browser.submit()
        #expect(browser.page.flashes == ["Port door was successfully updated."])
        var after = try #require(try ports().first)
        after.revision = port.revision
        after.updatedAt = port.updatedAt
        #expect(after == port)
        try browser.get(path(area, "\(port.id)/update/"))
        try browser.submit(["name": "gate", "admin_state": nil, "port_security_enabled": nil])
        let changed = try #require(try ports().first)
        #expect(changed.name == "gate" && !changed.adminStateUp && !changed.portSecurityEnabled)
    }

    @Test func `the second of two editors is told`() throws {
        let port = try site.networking.createPort(NewPort(networkID: network.id), as: site.admin)
        let second = try site.adminBrowser()
        try browser.get(path("admin", "\(port.id)/update/"))
        try second.get(path("admin", "\(port.id)/update/"))
        try browser.submit(["name": "mine"])
        #expect(try second.submit(["name": "yours"]).status == 409)
        #expect(try ports().map(\.name) == ["mine"])
    }

    @Test func `on a shared network one makes and edits one's own ports, and sees no others`() throws {
        var sharing = NetworkUpdate()
        sharing.shared = true
        _ = try site.networking.updateNetwork(network.id, sharing, as: site.admin)
        let foreign = try site.networking.createPort(NewPort(networkID: network.id), as: site.admin)
        let alice = try site.makeUser("alice")
        let member = try site.loggedIn("alice")
        try member.get(path("project", "create/"))
        #expect(try member.submit(["name": "stiff", "port_security_enabled": nil]).status == 403)
        try member.get(path("project", "create/"))
        try member.submit(["name": "hers"])
        #expect(member.page.all("//td[contains(@class,'main-cell')]") == ["hers"])
        #expect(member.page.nodes("//tbody//a[.='Edit Port']").count == 1)
        let own = try #require(try site.networking.ports(as: alice).first)
        #expect(try member.get("/dashboard/project/networks/ports/\(own.id)/detail/").first("//dt[.='Host']") == nil)
        #expect(try member.get(path("project", "\(foreign.id)/update/")).status == 404)
        let crossed = "/dashboard/project/networks/\(foreign.id)/ports/\(own.id)/update/"
        #expect(try member.get(crossed).status == 404, "a port is only below its own network")
        let token = try #require(
            try member.get(path("project", "create/")).value("//input[@name='csrfmiddlewaretoken']"))
        let attempt = [("csrfmiddlewaretoken", token), ("name", "stolen")]
        #expect(try member.post(path("project", "\(foreign.id)/update/"), attempt).status == 404)
    }

    @Test func `a port in use keeps its device, a free one is deleted`() throws {
        let scene = try InstanceScene(site)
        let instance = try scene.running("web")
        let used = try #require(
            try site.networking.ports(as: site.admin, filter: PortFilter(deviceID: instance.id.text)).first)
        let page = try browser.get("/dashboard/admin/networks/ports/\(used.id)/detail/")
        #expect(page.value("//dd//a[.='web']", "href") == "/dashboard/admin/instances/\(instance.id)/")
        let update = "/dashboard/admin/networks/\(used.networkID)/ports/\(used.id)/update/"
        try browser.get(update)
        #expect(try browser.submit(["device_id": ""]).status == 409)
        let free = try site.networking.createPort(NewPort(networkID: network.id), as: site.admin)
        try browser.get("/dashboard/admin/networks/\(network.id)/detail/?tab=network_tabs__ports_tab")
        try browser.submit(
            form: "//form[@id='ports__form']", button: ("action", "ports__delete__\(free.id)"))
        try browser.submit(button: ("action", "ports__delete"))
        #expect(try ports().isEmpty)
    }

    @Test func `the forms speak Chinese`() throws {
        browser.language = "zh-CN,zh;q=0.9"
        let page = try browser.get(path("admin", "create/"))
        #expect(page.title == "创建端口")
        #expect(page.first("//label[@for='id_device_owner']") == "设备所属者")
        #expect(page.first("//label[@for='id_binding__vnic_type']") == "VNIC类型")
    }
}
