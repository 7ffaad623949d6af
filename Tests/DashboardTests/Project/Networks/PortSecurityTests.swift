import HTTP
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// The security groups of a port, and the addresses it may use beside its own.
struct PortSecurityTests {
    let site: TestSite
    let browser: Browser
    let network: Network
    let port: Port

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
        network = try site.makeNetwork().network
        var new = NewPort(networkID: network.id)
        new.name = "door"
        port = try site.networking.createPort(new, as: site.admin)
    }

    private var detail: String { "/dashboard/project/networks/ports/\(port.id)/detail/" }
    private var update: String { "/dashboard/project/networks/\(network.id)/ports/\(port.id)/update/" }
    private var groups: String { update.replacing("/update/", with: "/security_groups/") }
    private func current() throws -> Port { try site.networking.port(port.id, as: site.admin) }

    @Test func `a port's page says what its groups let through`() throws {
        try browser.get(detail)
        #expect(browser.page.all("//nav[@class='tabs']/a") == ["Overview", "Allowed Address Pairs"])
        let group = "//dt[.='default']/following-sibling::dd[1]/div"
        #expect(
            browser.page.all(group) == ["Anything from members of this group", "Anything to anywhere", "Manage Rules"])
        #expect(browser.page.first("//dt[.='Port Security Enabled']/following-sibling::dd[1]") == "Yes")
        #expect(browser.page.value("//div[@class='page-actions']/a", "href") == update)
    }

    @Test func `its groups are chosen with what they let in beside them, at Horizon's address too`() throws {
        let web = try site.networking.createSecurityGroup(NewSecurityGroup(name: "web"), as: site.admin)
        try browser.get(update + "?step=update_security_groups")
        #expect(browser.page.path == groups && browser.page.title == "Edit Security Groups")
        #expect(browser.page.all("//tr[.//input[@name='groups'][@checked]]//label") == ["default"])
        let page = try browser.submit(["groups": web.id.text])
        #expect(page.path == detail && page.flashes == ["Port door was successfully updated."])
        #expect(try current().securityGroupIDs == [web.id])
        // No box ticked is no group.
        try browser.get(groups)
        try browser.submit(["groups": nil])
        #expect(try current().securityGroupIDs.isEmpty)
        #expect(
            browser.page.first("//dt[.='Security Groups']/following-sibling::dd[1]")
                == "No security group is associated")
        try browser.get(groups)
        #expect(try browser.submit(["groups": "00000000-0000-4000-8000-000000000000"]).status == 404)
        #expect(browser.page.nodes("//div[@role='alert']").count == 1)
    }

    @Test func `without port security there are no groups to choose`() throws {
        try browser.get(update)
        try browser.submit(["port_security_enabled": nil])
        #expect(try !current().portSecurityEnabled && current().securityGroupIDs.isEmpty)
        #expect(try browser.get(groups).nodes("//button[@disabled]").count == 1)
        try browser.get("/dashboard/project/networks/\(network.id)/detail/?tab=network_tabs__ports_tab")
        #expect(
            browser.page.all("//tr[@data-display='door']//button[@disabled]/span").first
                == "Edit Security GroupsThe port has no port security, and so no security groups.")
    }

    @Test func `address pairs are added and deleted`() throws {
        let tab = detail + "?tab=port_details__allowed_address_pairs"
        try browser.get(tab)
        #expect(browser.page.first("//div[@class='empty']//h2") == "No allowed address pairs yet")
        let add = "/dashboard/project/networks/ports/\(port.id)/addallowedaddresspairs/"
        #expect(browser.page.nodes("//a[@href='\(add)']").count == 1)
        try browser.get(add)
        #expect(try browser.submit(["ip": "10.0.0.300"]).faults("ip").count == 1)
        #expect(try browser.submit(["ip": "10.0.0.0/28", "mac": "x"]).faults("mac").count == 1)
        let page = try browser.submit(["ip": "10.0.0.0/28", "mac": ""])
        #expect(page.flashes == ["Address pair \"10.0.0.0/28\" was successfully added."])
        #expect(page.all("//td[@data-label='MAC Address']") == [port.macAddress.description])
        try browser.get(add)
        #expect(
            try browser.submit(["ip": "10.0.0.0/28"]).nodes("//div[@role='alert']").count == 1, "it is there already")
        try browser.get(tab)
        let key = try #require(browser.page.value("//tr[@data-object-id]", "data-object-id"))
        try browser.submit(
            [:], form: "//form[@id='allowed_address_pairs__form']",
            button: ("action", "allowed_address_pairs__delete__\(key)"))
        #expect(browser.page.all("//ul[@class='selected']/li") == ["10.0.0.0/28"])
        try browser.submit([:], button: ("action", "allowed_address_pairs__delete"))
        #expect(browser.page.flashes == ["Deleted address pair: 10.0.0.0/28"])
        #expect(try current().allowedAddressPairs.isEmpty)
    }

    @Test func `others edit their own ports only, and the guard is the network's owner's business`() throws {
        var sharing = NetworkUpdate()
        sharing.shared = true
        _ = try site.networking.updateNetwork(network.id, sharing, as: site.admin)
        let alice = try site.makeUser("alice")
        let hers = try site.networking.createPort(NewPort(networkID: network.id), as: alice)
        let owner = try site.loggedIn("alice")
        for path in [detail, groups] { #expect(try owner.get(path).status == 404) }
        try owner.get("/dashboard/project/networks/\(network.id)/ports/\(hers.id)/security_groups/")
        #expect(try owner.submit(["groups": nil]).status == 200)
        #expect(try site.networking.port(hers.id, as: alice).securityGroupIDs.isEmpty)
        try owner.get("/dashboard/project/networks/ports/\(hers.id)/addallowedaddresspairs/")
        #expect(try owner.submit(["ip": "10.0.0.9"]).status == 403)
        #expect(try owner.post(groups, [("groups", "x")]).status == 403, "a form without its token")
    }
}
