import HTTP
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// Edit Subnet, the page of the tutorial: /dashboard/admin/networks/<network>/subnets/<subnet>/update/.
struct SubnetPagesTests {
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

    private func stored() throws -> Subnet { try site.networking.subnet(subnet.id, as: site.admin) }
    private func pools() throws -> String { SubnetForm.text(of: try stored().pools.map(\.range)) }

    @Test func `the tutorial's clicks lead from the networks to the pools, and a range is added`() throws {
        func follow(_ xpath: String) throws {
            let link = try #require(browser.page.value(xpath, "href"), "\(xpath) on \(browser.page.path)")
            try browser.get(link)
        }
        try browser.get("/dashboard/")
        try follow("//nav[@id='navigation']//ul[@aria-labelledby='nav-admin-system']//a[.='Networks']")
        try follow("//td[contains(@class,'main-cell')]//a[.='blue']")
        try follow("//a[contains(@class,'tab')][starts-with(normalize-space(.),'Subnets')]")
        try follow("//tr//a[.='Edit Subnet']")
        #expect(browser.page.path == path)
        #expect(browser.page.title == "Edit Subnet")
        #expect(browser.page.all("//label[contains(@class,'tab')]") == ["Subnet", "Subnet Details"])
        try browser.submit(["allocation_pools": "10.0.0.100,10.0.0.200\r\n10.0.0.10 , 10.0.0.20\r\n"])
        #expect(browser.page.path == "/dashboard/admin/networks/\(network.id)/detail/?tab=network_tabs__subnets_tab")
        #expect(browser.page.flashes == ["Updated subnet \"blue-subnet\"."])
        #expect(try pools() == "10.0.0.100,10.0.0.200\n10.0.0.10,10.0.0.20")
    }

    @Test func `opening the form and saving it changes nothing`() throws {
        var update = SubnetUpdate()
        update.enableDHCP = false
        update.dnsNameservers = ["9.9.9.9", "1.1.1.1"]
        update.hostRoutes = [HostRouteInput(destination: "10.9.0.0/16", nextHop: "10.0.0.7")]
        let before = try site.networking.updateSubnet(subnet.id, update, as: site.admin)
        try browser.get(path)
        try browser.submit()
        var after = try stored()
        after.revision = before.revision
        after.updatedAt = before.updatedAt
        #expect(after.pools.map(\.range) == before.pools.map(\.range))
        after.pools = before.pools
        #expect(after == before)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let pools: String
        let faults: [String]
        var testDescription: String { pools }

        init(_ pools: String, _ faults: String...) {
            self.pools = pools
            self.faults = faults
        }
    }

    @Test(arguments: [
        Refusal("10.0.0.10", "Line 1 '10.0.0.10' must be two addresses, start and end, joined by a comma."),
        Refusal(
            "10.0.0.10,10.0.0.20,10.0.0.30",
            "Line 1 '10.0.0.10,10.0.0.20,10.0.0.30' must be two addresses, start and end, joined by a comma."),
        Refusal("10.0.0.10,10.0.0.300", "Line 1 '10.0.0.300' is not an IP address."),
        Refusal("10.0.0.010,10.0.0.20", "Line 1 '10.0.0.010' has leading zeros; write '10.0.0.10'."),
        Refusal(
            "2001:db8::1,2001:db8::9", "Line 1 '2001:db8::1' is not IPv4, but the subnet 10.0.0.0/24 is.",
            "Line 1 '2001:db8::9' is not IPv4, but the subnet 10.0.0.0/24 is."),
        Refusal("10.0.0.20,10.0.0.10", "Line 1 The start 10.0.0.20 is larger than the end 10.0.0.10."),
        Refusal(
            "10.0.0.0,10.0.0.255",
            "Line 1 10.0.0.0 is not one of the usable addresses of 10.0.0.0/24, 10.0.0.1 to 10.0.0.254.",
            "Line 1 10.0.0.255 is not one of the usable addresses of 10.0.0.0/24, 10.0.0.1 to 10.0.0.254.",
            "Line 1 The gateway 10.0.0.1 is inside the allocation pool 10.0.0.0-10.0.0.255."),
        Refusal(
            "10.0.0.10,10.0.0.20\n\n10.0.0.20,10.0.0.30",
            "Line 3 The allocation pool 10.0.0.20-10.0.0.30 overlaps 10.0.0.10-10.0.0.20 in line 1."),
        Refusal("10.0.0.1,10.0.0.20", "Line 1 The gateway 10.0.0.1 is inside the allocation pool 10.0.0.1-10.0.0.20."),
    ])
    func `each rule of a pool is said beside the box with its line, and nothing is saved`(_ refusal: Refusal) throws {
        let before = try stored()
        try browser.get(path)
        let page = try browser.submit(["subnet_name": "renamed", "allocation_pools": refusal.pools])
        #expect(page.status == 422)
        #expect(page.faults("allocation_pools") == refusal.faults)
        #expect(
            page.first("//textarea[@id='id_allocation_pools']")
                == refusal.pools.split(whereSeparator: \.isWhitespace).joined(separator: " "), "what was typed stays")
        #expect(page.value("//input[@id='id_subnet_name']") == "renamed")
        #expect(page.value("//input[@id='tab_details']", "checked") != nil, "its tab is open")
        #expect(page.first("//label[@for='tab_details']") == "Subnet Details\(refusal.faults.count)", "and counts")
        #expect(try stored() == before)
    }

    @Test func `all faults come at once, on both tabs`() throws {
        try browser.get(path)
        let page = try browser.submit([
            "gateway_ip": "10.0.0.256", "allocation_pools": "x\n10.0.0.9,10.0.0.2", "dns_nameservers": "9.9.9.9\nnine",
            "host_routes": "10.9.0.0/16",
        ])
        #expect(page.faults("gateway_ip") == ["'10.0.0.256' is not an IP address."])
        #expect(page.faults("allocation_pools").count == 2)
        #expect(page.faults("dns_nameservers") == ["Line 2 'nine' is not an IP address."])
        #expect(page.faults("host_routes").count == 1)
        #expect(page.value("//input[@id='tab_subnet']", "checked") != nil, "the first tab with a fault is open")
    }

    @Test func `a gateway moved into a pool is refused at the gateway or the pool`() throws {
        try browser.get(path)
        let page = try browser.submit(["gateway_ip": "10.0.0.150"])
        #expect(page.status == 422)
        #expect(!(page.faults("gateway_ip") + page.faults("allocation_pools")).isEmpty)
    }

    @Test func `an emptied box is answered with the whole range, which a second save takes`() throws {
        try browser.get(path)
        let page = try browser.submit(["allocation_pools": " \r\n "])
        #expect(page.status == 422)
        #expect(page.first("//textarea[@id='id_allocation_pools']") == "10.0.0.2,10.0.0.254")
        #expect(page.faults("allocation_pools").first?.hasPrefix("The box was empty.") == true)
        #expect(try pools() == "10.0.0.100,10.0.0.200", "nothing is saved yet")
        try browser.submit()
        #expect(try pools() == "10.0.0.2,10.0.0.254")
    }

    @Test func `the whole range leaves out the gateway that was just typed`() throws {
        try browser.get(path)
        let page = try browser.submit(["gateway_ip": "10.0.0.50"], button: ("whole_range", "yes"))
        #expect(page.status == 200)
        #expect(page.first("//textarea[@id='id_allocation_pools']") == "10.0.0.1,10.0.0.49 10.0.0.51,10.0.0.254")
        #expect(page.value("//input[@id='id_gateway_ip']") == "10.0.0.50")
    }

    @Test func `the second of two administrators is told, sees both versions, and may save again`() throws {
        let second = try site.adminBrowser()
        try browser.get(path)
        try second.get(path)
        try browser.submit(["allocation_pools": "10.0.0.10,10.0.0.20"])
        let page = try second.submit(["allocation_pools": "10.0.0.30,10.0.0.40"])
        #expect(page.status == 409)
        #expect(
            page.all("//table[@class='versions']//tr[@class='differs']/*") == [
                "Allocation Pools", "10.0.0.10,10.0.0.20", "10.0.0.30,10.0.0.40",
            ])
        #expect(page.first("//textarea[@id='id_allocation_pools']") == "10.0.0.30,10.0.0.40")
        #expect(try pools() == "10.0.0.10,10.0.0.20")
        try second.submit()
        #expect(try pools() == "10.0.0.30,10.0.0.40")
    }

    @Test func `a pool shrunk under an allocated address is saved, and the port outside is named`() throws {
        var port = NewPort(networkID: network.id)
        port.name = "old <printer>"
        port.fixedIPs = [FixedIPInput(subnetID: subnet.id, address: "10.0.0.150")]
        _ = try site.networking.createPort(port, as: site.admin)
        try browser.get(path)
        let page = try browser.submit(["allocation_pools": "10.0.0.10,10.0.0.20"])
        #expect(page.flashes.count == 2)
        #expect(page.flashes.last?.contains("10.0.0.150 · old <printer>") == true, "\(page.flashes)")
        #expect(try browser.get(path).nodes("//table[@data-grid]//td[@class='outside']").count == 1, "and drawn")
    }

    @Test func `both dashboards have the page; another project's subnet is in neither`() throws {
        let alice = try site.makeUser("alice")
        let (hers, subnet) = try site.makeNetwork("hers", as: alice)
        let member = try site.loggedIn("alice")
        let own = "/dashboard/project/networks/\(hers.id)/subnets/\(subnet.id)/update/"
        try member.get(own)
        try member.submit(["subnet_name": "mine"])
        #expect(try site.networking.subnet(subnet.id, as: alice).name == "mine")
        let foreign = "/dashboard/project/networks/\(network.id)/subnets/\(self.subnet.id)/update/"
        #expect(try member.get(foreign).status == 404)
        let token = try #require(try member.get(own).value("//input[@name='csrfmiddlewaretoken']"))
        #expect(try member.post(foreign, [("csrfmiddlewaretoken", token), ("subnet_name", "stolen")]).status == 404)
        let crossed = "/dashboard/project/networks/\(hers.id)/subnets/\(self.subnet.id)/update/"
        #expect(try member.get(crossed).status == 404)
        #expect(
            try site.adminBrowser().get("/dashboard/admin/networks/\(hers.id)/subnets/\(self.subnet.id)/update/").status
                == 404, "a subnet is only below its own network")
        #expect(try stored().name == "blue-subnet")
    }

    @Test func `the page speaks Chinese, faults included`() throws {
        browser.language = "zh-CN,zh;q=0.9"
        let page = try browser.get(path)
        #expect(page.title == "编辑子网")
        #expect(page.all("//label[contains(@class,'tab')]") == ["子网", "子网详情"])
        #expect(page.first("//label[@for='id_allocation_pools']") == "分配地址池")
        #expect(
            try browser.submit(["allocation_pools": "10.0.0.20,10.0.0.10"]).faults("allocation_pools") == [
                "第 1 行 起始地址 10.0.0.20 大于结束地址 10.0.0.10。"
            ])
    }

    @Test func `creating a subnet goes through the same rules`() throws {
        try browser.get("/dashboard/admin/networks/\(network.id)/subnets/create/")
        let page = try browser.submit(["cidr": "10.0.0.128/25", "allocation_pools": "10.0.0.5,10.0.0.9"])
        #expect(page.status == 422)
        #expect(page.faults("cidr").first?.contains("overlaps") == true)
        #expect(page.faults("allocation_pools").count == 2)
        try browser.submit(["subnet_name": "second", "cidr": "10.0.9.0/24", "allocation_pools": ""])
        #expect(browser.page.flashes == ["Created subnet \"second\"."])
        #expect(browser.page.all("//td[contains(@class,'main-cell')]").contains("second"))
    }
}
