import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// Create Subnet and Create Network with an address that a pool gives.
struct SubnetFromPoolTests {
    let site: TestSite
    let network: Network
    let browser: Browser

    init() throws {
        site = try TestSite()
        network = try site.networking.createNetwork(NewNetwork(name: "blue"), as: site.admin)
        browser = try site.adminBrowser()
    }

    private var path: String { "/dashboard/project/networks/\(network.id)/subnets/create/" }

    private func pool(scope: AddressScope? = nil) throws -> SubnetPool {
        var new = NewSubnetPool(name: "lab", prefixes: ["10.4.0.0/16"])
        new.minPrefixLength = "20"
        new.defaultPrefixLength = "24"
        new.maxPrefixLength = "28"
        new.addressScopeID = scope?.id
        return try site.networking.createSubnetPool(new, as: site.admin)
    }

    private func subnets() throws -> [Subnet] { try site.networking.subnets(of: network.id, as: site.admin) }

    @Test func `without pools nothing is said of them`() throws {
        #expect(try browser.get(path).nodes("//select[@name='address_source']").isEmpty)
        _ = try pool()
        #expect(
            try browser.get(path).all("//select[@name='address_source']/option") == [
                "Enter Network Address manually", "Allocate Network Address from a pool",
            ])
        #expect(browser.page.all("//select[@name='subnetpool']/option").last == "lab (10.4.0.0/16) · /20–/28")
    }

    @Test func `a subnet is cut from a pool, and its page names the pool and the scope`() throws {
        let scope = try site.networking.createAddressScope(NewAddressScope(name: "campus", version: .v4), as: site.admin)
        let pool = try pool(scope: scope)
        try browser.get(path)
        try browser.submit(["subnet_name": "one", "address_source": "subnetpool", "subnetpool": pool.id.text])
        #expect(browser.page.flashes == ["Created subnet \"one\"."])
        try browser.get(path)
        try browser.submit([
            "subnet_name": "two", "address_source": "subnetpool", "subnetpool": pool.id.text, "prefixlen": "/26",
            "cidr": "192.168.0.0/24",
        ])
        #expect(Set(try subnets().map(\.cidr.description)) == ["10.4.0.0/24", "10.4.1.0/26"])
        let first = try #require(try subnets().first)
        let page = try browser.get("/dashboard/project/networks/subnets/\(first.id)/detail/")
        #expect(page.first("//dt[.='Subnet Pool']/following-sibling::dd[1]") == "lab Address scope: campus")
    }

    @Test func `a network is made with a subnet of a pool, and its addresses are shown before`() throws {
        let pool = try pool()
        let create = "/dashboard/admin/networks/create/"
        try browser.get(create)
        let values: [String: String?] = [
            "net_name": "red", "address_source": "subnetpool", "subnetpool": pool.id.text, "prefixlen": "25",
        ]
        var page = try browser.submit(values, button: ("preview", "yes"))
        #expect(page.first("//section[contains(@class,'studio-panel')]//nav") == "10.4.0.0/25")
        #expect(page.value("//select[@name='subnetpool']/option[@selected]") == pool.id.text)
        page = try browser.submit(values)
        #expect(page.flashes == ["Created network \"red\"."])
        let networks = try site.networking.networks(as: site.admin)
        #expect(networks.flatMap(\.subnets).map(\.cidr.description) == ["10.4.0.0/25"])
    }

    @Test func `what a pool cannot give is said beside its field`() throws {
        let pool = try pool()
        try browser.get(path)
        var page = try browser.submit(["address_source": "subnetpool"])
        #expect(page.status == 422 && page.faults("subnetpool") == ["Choose an address pool."])
        page = try browser.submit(["subnetpool": pool.id.text, "prefixlen": "29"])
        #expect(page.faults("prefixlen").count == 1)
        page = try browser.submit(["prefixlen": "28", "allocation_pools": "10.4.0.2,10.4.0.9"])
        #expect(page.faults("allocation_pools").count == 1)
        try browser.submit(["allocation_pools": ""])
        try browser.get(path)
        page = try browser.submit(["cidr": "192.168.0.0/24"])
        #expect(page.faults("address_source").first?.contains("same subnet pool") == true)
        try browser.get("/dashboard/project/networks/create/")
        page = try browser.submit(["net_name": "x", "with_subnet": "on", "address_source": "subnetpool"])
        #expect(page.status == 422 && page.faults("subnetpool") == ["Choose an address pool."])
        #expect(try subnets().count == 1)
    }

    @Test func `the form speaks Chinese`() throws {
        _ = try pool()
        browser.language = "zh-CN,zh;q=0.9"
        #expect(try browser.get(path).first("//label[@for='id_address_source']") == "网络地址来源")
    }
}
