import Compute
import HTTP
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// The map of addresses beside the forms of subnets: what they are used for, and what saving would change.
struct PoolStudioTests {
    let site: TestSite
    let network: Network
    let subnet: Subnet
    let browser: Browser
    let path: String

    init() throws {
        site = try TestSite()
        (network, subnet) = try site.makeNetwork("blue", cidr: "10.0.0.0/24", pools: "10.0.0.100,10.0.0.200")
        browser = try site.adminBrowser()
        path = "/dashboard/admin/networks/\(network.id)/subnets/\(subnet.id)/update/"
    }

    private static let cell = "//table[@data-grid]//td"

    private func port(_ address: String, _ name: String) throws -> Port {
        var port = NewPort(networkID: network.id)
        port.name = name
        port.fixedIPs = [FixedIPInput(subnetID: subnet.id, address: address)]
        return try site.networking.createPort(port, as: site.admin)
    }

    private func pools() throws -> String {
        SubnetForm.text(of: try site.networking.subnet(subnet.id, as: site.admin).pools.map(\.range))
    }

    /// What the cell of an address says.
    private func cell(_ address: String, on page: Browser.Page) -> String? {
        page.value("\(Self.cell)[starts-with(@title, '\(address) ·')]", "title")
    }

    @Test func `a small subnet has a cell for each address that says what it is and leads to its port`() throws {
        let printer = try port("10.0.0.107", "old <printer>")
        let page = try browser.get("/dashboard/admin/networks/subnets/\(subnet.id)/detail/")
        #expect(page.nodes(Self.cell).count == 256)
        #expect(cell("10.0.0.0", on: page) == "10.0.0.0 · Network or broadcast address")
        #expect(cell("10.0.0.1", on: page) == "10.0.0.1 · Gateway")
        #expect(cell("10.0.0.107", on: page) == "10.0.0.107 · Allocated · old <printer>")
        #expect(
            page.value("\(Self.cell)[@class='used']/a", "href")
                == "/dashboard/admin/networks/ports/\(printer.id)/detail/")
        #expect(
            page.all("//table[@class='tally']//tr/th[@scope='row']/following-sibling::td[1]") == [
                "101", "100", "1", "0",
            ])
        #expect(
            page.all("//ul[@class='legend']/li") == [
                "Free in a pool", "Allocated", "Gateway", "Network or broadcast address", "Outside every pool",
            ])
        #expect(
            page.all("//details[@class='address-list']//tr[3]/*") == ["10.0.0.2 – 10.0.0.99", "Outside every pool"])
    }

    @Test func `the effect of what is typed is shown without a script, and nothing is saved`() throws {
        let printer = try port("10.0.0.150", "printer")
        try browser.get(path)
        let page = try browser.submit(
            ["subnet_name": "renamed", "allocation_pools": "10.0.0.10,10.0.0.20"], button: ("preview", "yes"))
        #expect(page.status == 200)
        #expect(try pools() == "10.0.0.100,10.0.0.200")
        #expect(page.value("//input[@id='id_subnet_name']") == "renamed", "what was typed stays")
        #expect(page.first("//textarea[@id='id_allocation_pools']") == "10.0.0.10,10.0.0.20")
        #expect(
            page.value("//input[@id='tab_details']", "checked") != nil
                || page.value("//input[@id='tab_subnet']", "checked") != nil)
        #expect(
            page.all("//table[@class='tally']//tbody/tr") == [
                "In allocation pools10111−90", "Free of these10011−89", "Allocated of these10−1",
                "Allocated outside the pools01+1",
            ])
        #expect(page.all("//p[@class='effect gained']") == ["Given out from now on 10.0.0.10 – 10.0.0.20"])
        #expect(page.all("//p[@class='effect lost']") == ["No longer given out 10.0.0.100 – 10.0.0.200"])
        #expect(page.nodes("\(Self.cell)[contains(@class,'gained')]").count == 11)
        #expect(page.all("//section[@class='outside-ports']//li") == ["10.0.0.150 printer in a pool now"])
        #expect(
            page.value("//section[@class='outside-ports']//a", "href")
                == "/dashboard/admin/networks/ports/\(printer.id)/detail/")
        // The same form still saves.
        try browser.submit()
        #expect(try pools() == "10.0.0.10,10.0.0.20")
    }

    @Test func `faults are said beside the box and drawn where they are`() throws {
        try browser.get(path)
        let page = try browser.submit(
            ["allocation_pools": "10.0.0.10,10.0.0.20\n10.0.0.15,10.0.0.30\n10.0.0.1,10.0.0.2\n10.0.0.250,10.0.0.255"],
            button: ("preview", "yes"))
        #expect(page.faults("allocation_pools").count == 3)
        #expect(page.nodes("\(Self.cell)[contains(@class,'wrong')]").count == 6 + 1 + 1)
        #expect(cell("10.0.0.15", on: page)?.hasSuffix("· In more than one pool") == true)
        #expect(cell("10.0.0.1", on: page)?.hasSuffix("· The gateway is inside a pool") == true)
        #expect(cell("10.0.0.255", on: page)?.hasSuffix("· Not an address for a pool") == true)
    }

    @Test func `the script gets the same drawing as a part of the page, with the faults of each field`() throws {
        try browser.get(path)
        let token = try browser.token()
        let form = [
            ("csrfmiddlewaretoken", token), ("gateway_ip", "10.0.0.15"),
            ("allocation_pools", "10.0.0.10,10.0.0.20\n10.0.0.9"),
        ]
        let part = try browser.post(path + "preview/", form)
        #expect(part.status == 200)
        #expect(!part.text.contains("<html"))
        #expect(part.nodes("//*[@id='pool-studio']").count == 1)
        #expect(cell("10.0.0.15", on: part)?.contains("The gateway is inside a pool") == true)
        #expect(part.all("//*[@data-faults='id_allocation_pools']//li").count == 2)
        #expect(part.value("//*[@id='pool-studio']", "data-summary") == "Saving would be refused. Faults: 2")
        #expect(try pools() == "10.0.0.100,10.0.0.200")
        #expect(try browser.post(path + "preview/", Array(form.dropFirst())).status == 403, "without the form's token")
    }

    @Test func `a large subnet is looked into part by part, with what is typed kept`() throws {
        let (network, subnet) = try site.makeNetwork("wide", cidr: "10.64.0.0/14")
        let path = "/dashboard/project/networks/\(network.id)/subnets/\(subnet.id)/update/"
        try browser.get(path)
        #expect(browser.page.nodes("\(Self.cell)/button").count == 256)
        var page = try browser.submit(["allocation_pools": "10.65.4.9,10.65.4.17"], button: ("stretch", "10.65.4.0/22"))
        #expect(page.all("//nav[@class='studio-trail']/span") == ["10.64.0.0/14", "10.65.4.0/22"])
        page = try browser.submit([:], button: ("stretch", "10.65.4.0/24"))
        #expect(page.first("//textarea[@id='id_allocation_pools']") == "10.65.4.9,10.65.4.17")
        #expect(page.nodes("\(Self.cell)[@class='free']").count == 9)
        // A look at the effect stays where one is.
        page = try browser.submit(["allocation_pools": "10.65.4.9,10.65.4.11"], button: ("preview", "yes"))
        #expect(page.nodes("\(Self.cell)[@class='free']").count == 3)

        let detail = "/dashboard/project/networks/subnets/\(subnet.id)/detail/"
        let link = try #require(try browser.get(detail).value("(\(Self.cell))[65]/a", "href"))
        #expect(link == detail + "?stretch=10.65.0.0%2F22")
        #expect(try browser.get(link).all("//nav[@class='studio-trail']/span") == ["10.64.0.0/14", "10.65.0.0/22"])
        #expect(try browser.get(detail + "?stretch=%3Cscript%3E").nodes(Self.cell).count == 256)
    }

    @Test func `creating has it too, once there is a network address`() throws {
        try browser.get("/dashboard/project/networks/\(network.id)/subnets/create/")
        #expect(browser.page.nodes(Self.cell).isEmpty)
        var page = try browser.submit(
            ["cidr": "10.0.9.0/28", "allocation_pools": "10.0.9.4,10.0.9.6"], button: ("preview", "yes"))
        #expect(page.nodes(Self.cell).count == 16)
        #expect(page.nodes("\(Self.cell)[@class='free']").count == 3)
        try browser.get("/dashboard/admin/networks/create/")
        page = try browser.submit(["cidr": "2001:db8::/64", "ip_version": "6"], button: ("preview", "yes"))
        #expect(page.nodes("\(Self.cell)/button").count == 256)
        #expect(page.all("//table[@class='tally']//td[1]").contains("1.8 × 10¹⁹"))
        page = try browser.submit(
            ["cidr": "10.0.9.0/28", "ip_version": "4", "allocation_pools": "10.0.9.1,10.0.9.3"],
            button: ("preview", "yes"))
        #expect(page.faults("allocation_pools").count == 1)
        #expect(page.nodes("\(Self.cell)[contains(@class,'wrong')]").count == 1)
        #expect(try site.networking.networks(as: site.admin).count == 1, "nothing is made")
    }

    @Test func `who may not change the subnet gets no effect of it`() throws {
        _ = try site.makeUser("alice")
        let member = try site.loggedIn("alice")
        let token = try member.get("/dashboard/project/networks/create/").value("//input[@name='csrfmiddlewaretoken']")
        let form = [("csrfmiddlewaretoken", try #require(token)), ("allocation_pools", "")]
        for area in ["project", "admin"] {
            let path = "/dashboard/\(area)/networks/\(network.id)/subnets/\(subnet.id)/update/preview/"
            #expect(try member.post(path, form).status == (area == "admin" ? 403 : 404))
        }
    }

    @Test func `the studio speaks Chinese`() throws {
        browser.language = "zh-CN,zh;q=0.9"
        try browser.get(path)
        let page = try browser.submit(["allocation_pools": "10.0.0.10,10.0.0.20"], button: ("preview", "yes"))
        #expect(page.all("//table[@class='tally']//thead//th") == ["当前", "保存后"])
        #expect(page.first("//p[@class='effect gained']")?.hasPrefix("从此可分配") == true)
        #expect(cell("10.0.0.1", on: page) == "10.0.0.1 · 网关")
    }
}
