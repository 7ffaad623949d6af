import Compute
import Foundation
import HTTP
import Images
import Markup
import Networking
import ServiceCore
import Testing

@testable import Dashboard

@Suite struct `Network Topology` {
    private static let path = "/dashboard/project/network_topology/"
    private static let names = "//text[@class='device-name']"

    private let site: TestSite
    private let scene: InstanceScene

    init() throws {
        site = try TestSite()
        scene = try InstanceScene(site)
    }

    private func page(_ user: String = "admin", _ query: String = "") throws -> Browser.Page {
        let page = try site.loggedIn(user).get(Self.path + query)
        #expect(page.status == 200)
        return page
    }

    @Test func `draws networks with their subnets and instances with their state and address, all as links`() throws {
        let instance = try scene.running("web <b>")
        let page = try page()
        #expect(page.title == "Network Topology")
        #expect(page.all("//a/text[@class='net-name']") == [scene.network.displayName])
        #expect(page.all("//a/text[@class='quiet']") == ["10.0.0.0/24"])
        let network = SiteURL.network(.project, scene.network.id.text)
        #expect(page.value("//a[text[@class='net-name']]", "href") == network.path)
        #expect(page.all(Self.names) == ["web <b>"])
        let guest = SiteURL.instance(.project, instance.id.text)
        #expect(page.value("//a[text[@class='device-name']]", "href") == guest.path)
        #expect(page.all("//text[contains(@class,'address')]") == instance.addresses.map { "\($0.address)" })
        let port = try #require(
            try site.networking.ports(as: site.admin, filter: PortFilter(deviceID: instance.id.text)).first)
        #expect(
            page.value("//a[text[contains(@class,'address')]]", "href") == SiteURL.port(.project, port.id.text).path)
        #expect(page.all("//text[contains(@class,'device-kind')]") == ["Instance · Active"])
        #expect(page.nodes("//nav//a[@aria-current='page' and @href='\(Self.path)']").count == 1)
    }

    @Test func `a router stands between its way out and what it joins, also where its port outside is not seen`() throws
    {
        let outside = try RouterScene(site).outside
        let owner = try site.makeUser("eve")
        let (inside, subnet) = try site.makeNetwork("mine", cidr: "10.5.0.0/24", as: owner)
        var new = NewRouter(name: "way")
        new.gateway = RouterGatewayInput(networkID: outside.id)
        let router = try site.networking.createRouter(new, as: owner)
        _ = try site.networking.addInterface(to: router.id, .subnet(subnet.id), as: owner)
        let way = try #require(try site.networking.router(router.id, as: owner).gateway?.fixedIPs.first)
        let page = try page("eve")
        #expect(page.all(Self.names) == ["way"])
        #expect(page.value("//a[contains(@class,'router')]", "href") == SiteURL.router(.project, router.id.text).path)
        #expect(page.all("//text[contains(@class,'address')]") == ["\(way.address)", "10.5.0.1"])
        #expect(page.all("//a/text[contains(@class,'address')]") == ["10.5.0.1"], "a port that is not seen has no page")
        #expect(page.all("//a/text[@class='net-name']") == ["outside", "blue", "mine"])

        let topology = try Topology(
            DashboardServices(
                identity: site.identity, images: site.images, networking: site.networking, compute: site.compute,
                events: site.events), as: owner)
        #expect(topology.devices.map { $0.plugs.map(\.lane) } == [[0, 2]])
        #expect(topology.devices.first?.plugs.map(\.owner) == ["network:router_gateway", "network:router_interface"])
        #expect(topology.networks.last?.id == inside.id)
    }

    @Test func `shows a project its own and nobody else's, administrators too`() throws {
        let eve = try site.makeUser("eve")
        _ = try site.makeNetwork("hidden", cidr: "10.9.0.0/24")
        _ = try site.networking.createRouter(NewRouter(name: "other"), as: site.admin)
        _ = try scene.running("theirs")
        _ = try scene.running("mine", as: eve)
        let page = try page("eve")
        #expect(page.all(Self.names) == ["mine"])
        #expect(page.all("//a/text[@class='net-name']") == ["blue"])
        #expect(try self.page().all(Self.names) == ["other", "theirs"])
    }

    @Test func `says so when there is nothing to draw`() throws {
        _ = try site.makeUser("eve")
        var update = NetworkUpdate()
        update.shared = false
        _ = try site.networking.updateNetwork(scene.network.id, update, as: site.admin)
        let page = try page("eve")
        #expect(page.nodes("//svg[@class='topology']").isEmpty)
        let text = page.first("//*[@id='network-topology']/p")
        #expect(text == "There are no networks, routers or instances to display.")
    }

    @Test func `is bounded, and says what it leaves out`() throws {
        try site.networking.setQuotas(["router": -1], projectID: site.admin.requireProject(), as: site.admin)
        for index in 0...Topology.limit {
            _ = try site.networking.createRouter(NewRouter(name: "r\(index)"), as: site.admin)
        }
        let page = try page()
        #expect(page.nodes(Self.names).count == Topology.limit)
        #expect(page.first("//*[@id='network-topology']/p")?.hasPrefix("Not everything is drawn: at most 100") == true)
    }

    @Test func `draws the newest of many instances`() throws {
        let project = try site.admin.requireProject()
        let unlimited = ComputeResources(instances: -1, cores: -1, memoryMiB: -1)
        try site.compute.setQuota(unlimited, projectID: project, as: site.admin)
        var request = LaunchRequest(name: "many", flavorID: "42", imageID: scene.image.id.text)
        request.networkIDs = [scene.network.id.text]
        request.count = 60
        for _ in 0..<2 { _ = try site.compute.launch(request, as: site.admin) }
        let page = try page()
        #expect(page.nodes(Self.names).count == Topology.limit)
        #expect(page.first("//*[@id='network-topology']/p")?.hasPrefix("Not everything is drawn: at most 100") == true)
        #expect(page.nodes("//meta[@http-equiv='refresh']").count == 1, "they are being built")
    }

    @Test func `what is plugged in side by side does not lie on each other`() throws {
        for name in ["a", "b", "c"] { _ = try scene.running(name) }
        let tops = try page().nodes("//rect[@class='box']").compactMap { $0.attribute("y").flatMap { Int($0) } }
        #expect(tops.count == 3)
        #expect(zip(tops, tops.dropFirst()).allSatisfy { $1 - $0 > 44 }, "\(tops)")
    }

    @Test(arguments: [("50", 0.5), ("150", 1.5), ("9999999", 1), ("x", 1)])
    func `has a few sizes`(_ zoom: String, _ factor: Double) throws {
        let page = try page("admin", "?zoom=\(zoom)")
        let width = try #require(page.value("//svg[@class='topology']", "width").flatMap { Double($0) })
        let box = ["viewbox", "viewBox"].compactMap { page.value("//svg[@class='topology']", $0) }.first
        let whole = try #require(box?.split(separator: " ").dropFirst(2).first.flatMap { Double($0) })
        #expect(abs(width - whole * factor) <= 1)
    }

    @Test func `is read by scripts as JSON with Horizon's names`() throws {
        let instance = try scene.running("web </script>")
        let page = try site.adminBrowser().get(Self.path + "json/")
        #expect(page.fields["Content-Type"]?.hasPrefix("application/json") == true)
        let feed = try #require(
            try JSONSerialization.jsonObject(with: Data(page.bytes)) as? [String: [[String: Any]]])
        #expect(feed["servers"]?.map { $0["id"] as? String } == [instance.id.text])
        #expect(feed["networks"]?.first?["router:external"] as? Bool == false)
        #expect(feed["ports"]?.first?["device_id"] as? String == instance.id.text)
        #expect(feed["ports"]?.first?["device_owner"] as? String == "compute:nova")
        #expect(feed["routers"]?.isEmpty == true)
    }

    @Test func `goes with the routers where they are switched off`() throws {
        let site = try TestSite { $0.networkFeatures.enableRouter = false }
        let page = try site.adminBrowser().get(Self.path)
        #expect(page.status == 404)
        #expect(page.nodes("//a[@href='\(Self.path)']").isEmpty)
    }
}
