import ComputeHost
import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

/// IPv6 behind a router, with everything real but the guests' kernels: two networks with their DHCP servers and filters,
/// a router that joins them, and a guest on each.
@Suite(.enabled(if: NetworkLab.missing == nil, "\(NetworkLab.missing ?? "")"))
struct RouterAdvertisementTests {
    final class Site {
        let lab: NetworkLab
        /// 2001:db8:5::/64 in the mode that is tried, and 2001:db8:6::/64, where guests configure themselves.
        var networks: [NetworkSpec]
        var router: RouterSpec
        let guest: NetworkNamespace
        let peer: NetworkNamespace

        static let peerAddress = "2001:db8:6:0:f816:3eff:fe1a:691"
        /// What the routers' interface on the first network gives itself.
        static let way = "default via fe80::f816:3eff:fe00:105 dev eth0 proto ra"

        /// - Parameter change: of the first network; returns further addresses of the guest.
        init(
            _ mode: IPv6Mode, guest address: String,
            change: (inout NetworkSpec, NetworkLab) -> [FixedAddress] = { _, _ in [] }
        ) throws {
            let lab = try NetworkLab()
            self.lab = lab
            var first = Self.network(5, mode, lab)
            let more = change(&first, lab)
            first.ports = [Self.guestPort(first, lab, address, "fa:16:3e:1a:06:90")]
            first.ports[0].fixedIPs += more
            var second = Self.network(6, .slaac, lab)
            second.ports = [Self.guestPort(second, lab, Self.peerAddress, "fa:16:3e:1a:06:91")]
            networks = [first, second]
            guest = try lab.guest(at: first.ports[0], ipv6: true)
            peer = try lab.guest(at: second.ports[0], ipv6: true)
            router = lab.router(
                networks.enumerated().map { index, network in
                    var port = lab.port(on: network, mac: "fa:16:3e:00:01:0\(5 + index)")
                    port.fixedIPs = network.subnets.map {
                        FixedAddress(subnetID: $0.subnetID, address: $0.gateway ?? "", prefixLength: 64)
                    }
                    return port
                })
            router.advertisedSubnets = networks.flatMap(\.subnets)
            for network in networks { try lab.networks.apply(network) }
            try lab.networks.apply(router)
        }

        static func subnet(_ number: Int, _ mode: IPv6Mode, _ lab: NetworkLab) -> SubnetSpec {
            var subnet = SubnetSpec(
                subnetID: lab.id(), cidr: "2001:db8:\(number)::/64", gateway: "2001:db8:\(number)::1", enableDHCP: true)
            subnet.ipv6Mode = mode
            subnet.advertisesRouter = true
            return subnet
        }

        private static func network(_ number: Int, _ mode: IPv6Mode, _ lab: NetworkLab) -> NetworkSpec {
            // The first one as the service chooses it when nobody says anything: the network's own address.
            var network = lab.network(
                cidr: "2001:db8:\(number)::/64", gateway: number == 5 ? "2001:db8:5::" : "2001:db8:\(number)::1",
                dhcp: "2001:db8:\(number)::2")
            network.subnets[0].ipv6Mode = mode
            network.subnets[0].advertisesRouter = true
            network.mtu = 1450
            network.securityGroups = [
                SecurityGroupSpec(
                    groupID: "90000000-0000-4000-8000-000000000001",
                    rules: [.egress, .ingress].map {
                        SecurityGroupRuleSpec(ruleID: lab.id(), direction: $0, etherType: .ipv6)
                    })
            ]
            return network
        }

        static func guestPort(_ network: NetworkSpec, _ lab: NetworkLab, _ address: String, _ mac: String) -> PortSpec {
            var port = lab.port(on: network, address, mac: mac)
            port.securityGroupIDs = network.securityGroups.map(\.groupID)
            return port
        }

        func addresses(_ guest: NetworkNamespace) throws -> [String] {
            try guest.links()["eth0"]?.addresses.sorted() ?? []
        }

        /// The ways out that a guest knows.
        func ways(_ guest: NetworkNamespace) throws -> [String] {
            let output = try CommandRunner().succeed(guest.command("ip", ["-6", "route", "show", "default"]))
            return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
        }

        func reachesPeer() throws -> Bool {
            let ping = guest.command("busybox", ["ping", "-6", "-c", "1", "-W", "2", Self.peerAddress])
            return try CommandRunner().run(ping).succeeded
        }

        func isServedBy(_ way: String, _ guest: NetworkNamespace) throws {
            try eventually("a way out", seconds: 20) { try ways(guest).contains { $0.hasPrefix(way) } }
        }

        var advertiser: DnsmasqServer { lab.networks.routers.advertiser(router.routerID) }
    }

    @Test(arguments: [IPv6Mode.slaac, .stateless])
    func `a guest that configures itself has an address of each prefix, and a way through the router`(_ mode: IPv6Mode)
        throws
    {
        let site = try Site(mode, guest: "2001:db8:5:0:f816:3eff:fe1a:690") { network, lab in
            let second = Site.subnet(7, mode, lab)
            network.subnets.append(second)
            return [
                FixedAddress(
                    subnetID: second.subnetID, address: "2001:db8:7:0:f816:3eff:fe1a:690", prefixLength: 64)
            ]
        }
        try eventually("addresses", seconds: 20) {
            try site.addresses(site.guest) == [
                "2001:db8:5:0:f816:3eff:fe1a:690/64", "2001:db8:7:0:f816:3eff:fe1a:690/64",
            ]
        }
        try eventually("the peer's address", seconds: 20) { try site.addresses(site.peer) == [Site.peerAddress + "/64"] }
        try site.isServedBy(Site.way, site.guest)
        try eventually("the peer's way out", seconds: 20) { try !site.ways(site.peer).isEmpty }
        try eventually("the peer") { try site.reachesPeer() }
        // The network's own server is no way out.
        let ways = try site.ways(site.guest)
        #expect(ways.count == 1, "\(ways)")
        let mtu = try site.guest.inside { () throws(HostError) in FileSystem.readProc("sys/net/ipv6/conf/eth0/mtu") }
        #expect(mtu == "1450\n")
    }

    @Test func `a guest gets its recorded address by DHCPv6, from one server, and goes out through the router`() throws {
        let site = try Site(.stateful, guest: "2001:db8:5::77") { network, _ in
            network.subnets[0].dnsNameservers = ["2001:db8::53"]
            return []
        }
        let (reply, offers) = try DHCPv6Client(in: site.guest, mac: "fa:16:3e:1a:06:90").lease()
        #expect(offers.count == 1, "\(offers)")
        #expect(reply?.type == 7 && reply?.address == "2001:db8:5::77")
        #expect(reply?.nameServers == ["2001:db8::53"])
        #expect(try site.addresses(site.guest) == [])
        try site.isServedBy(Site.way, site.guest)
        try site.guest.change(["address add 2001:db8:5::77/128 dev eth0 nodad"])
        try eventually("the peer") { try site.reachesPeer() }
    }

    @Test func `an IPv6 address that was another guest's goes to the one that has it now, and stays with it`() throws {
        let lab = try NetworkLab()
        var network = lab.network(cidr: "2001:db8:5::/64", gateway: "2001:db8:5::1", dhcp: "2001:db8:5::2")
        network.subnets[0].ipv6Mode = .stateful
        network.subnets[0].advertisesRouter = true
        func lease(_ mac: String) throws -> String? {
            network.ports = [lab.port(on: network, "2001:db8:5::77", mac: mac)]
            let guest = try lab.guest(at: network.ports[0], ipv6: true)
            try lab.networks.apply(network)
            return try DHCPv6Client(in: guest, mac: mac).lease().reply?.address
        }
        #expect(try lease("fa:16:3e:1a:06:90") == "2001:db8:5::77")
        network.ports = []
        try lab.networks.apply(network)
        #expect(try lease("fa:16:3e:1a:06:92") == "2001:db8:5::77")
        let server = lab.server(network).runningID
        network.ports.append(lab.port(on: network, "2001:db8:5::78", mac: "fa:16:3e:1a:06:93"))
        try lab.networks.apply(network)
        #expect(lab.server(network).runningID == server)
        #expect(FileSystem.readText(lab.server(network).directory + "/leases")?.contains("2001:db8:5::77") == true)
    }

    @Test func `guests hear at once that a router is no way out any more`() throws {
        let site = try Site(.slaac, guest: "2001:db8:5:0:f816:3eff:fe1a:690")
        try site.isServedBy(Site.way, site.guest)
        try eventually("the peer's way out", seconds: 20) { try !site.ways(site.peer).isEmpty }
        let left = site.router.interfaces.removeFirst()
        try site.lab.networks.apply(site.router)
        try eventually("nothing", seconds: 3) { try site.ways(site.guest).isEmpty }
        #expect(try !site.ways(site.peer).isEmpty)
        // It is there again with its interface, without a way for those that it does not advertise to.
        site.router.interfaces.append(left)
        try site.lab.networks.apply(site.router)
        try site.isServedBy(Site.way, site.guest)
        site.router.advertisedSubnets = []
        try site.lab.networks.apply(site.router)
        try eventually("nothing", seconds: 3) {
            try site.ways(site.guest).isEmpty && site.ways(site.peer).isEmpty
        }
        #expect(site.advertiser.runningID == nil && !FileSystem.exists(site.advertiser.directory))
    }

    @Test func `what advertises a router is mended, and goes with it`() throws {
        let site = try Site(.slaac, guest: "2001:db8:5:0:f816:3eff:fe1a:690")
        let routers = site.lab.networks.routers
        #expect(try routers.apply(site.router).isEmpty)
        let process = try #require(site.advertiser.runningID)
        kill(process, SIGKILL)
        try eventually("its end") { site.advertiser.runningID == nil }
        #expect(try routers.apply(site.router) == ["dnsmasq is started"])
        // The same process speaks on an interface that was made anew.
        let inside = NetworkNamespace(site.router.namespace)
        let name = RouterPlan.name(site.router.interfaces[0], isGateway: false)
        try inside.change(["link delete dev \(name)"])
        try site.guest.change(["link set dev eth0 down", "link set dev eth0 up"])
        try routers.apply(site.router)
        #expect(try routers.apply(site.router).isEmpty)
        try site.isServedBy(Site.way, site.guest)
        // In a namespace that has lost its name it is not left over.
        let last = try #require(site.advertiser.runningID)
        try inside.delete()
        try site.lab.networks.removeUnused(
            keepingNetworks: Set(site.networks.map(\.networkID)), routers: [])
        try eventually("its end") { kill(last, 0) != 0 }
        #expect(!FileSystem.exists(site.advertiser.directory))
    }
}
