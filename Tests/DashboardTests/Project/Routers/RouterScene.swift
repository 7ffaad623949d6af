import Networking
import ServiceCore

/// A network inside, one that leads out, and perhaps a router between the two.
struct RouterScene {
    let site: TestSite
    let inside: Network
    let subnet: Subnet
    let outside: Network

    init(_ site: TestSite) throws {
        self.site = site
        (inside, subnet) = try site.makeNetwork("inside", cidr: "10.0.0.0/24")
        var external = NewNetwork(name: "outside")
        external.external = true
        var subnet = NewSubnet(name: "", cidr: "203.0.113.0/24")
        subnet.enableDHCP = false
        outside = try site.networking.createNetwork(external, subnet: subnet, as: site.admin)
    }

    /// A router that joins the two.
    func joined(_ name: String = "edge") throws -> NetworkRouter {
        var new = NewRouter(name: name)
        new.gateway = RouterGatewayInput(networkID: outside.id)
        let router = try site.networking.createRouter(new, as: site.admin)
        _ = try site.networking.addInterface(to: router.id, .subnet(subnet.id), as: site.admin)
        return try site.networking.router(router.id, as: site.admin)
    }

    func routers() throws -> [NetworkRouter] { try site.networking.routers(as: site.admin) }
    func floatingIPs() throws -> [FloatingIP] { try site.networking.floatingIPs(as: site.admin) }
}
