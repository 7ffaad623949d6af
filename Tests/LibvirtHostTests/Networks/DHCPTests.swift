import ComputeHost
import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

/// What guests are told, by a real dnsmasq to a real DHCP client.
@Suite(.enabled(if: NetworkLab.missing == nil, "\(NetworkLab.missing ?? "")"))
struct DHCPTests {
    @Test func `a guest gets its recorded address, the route to its metadata, the default route, DNS, MTU and name`()
        throws
    {
        let lab = try NetworkLab()
        var network = lab.network()
        network.mtu = 1450
        network.subnets[0].dnsNameservers = ["198.51.100.53", "198.51.100.54"]
        network.subnets[0].hostRoutes = [RouteSpec(destination: "10.1.0.0/16", nextHop: "192.168.56.9")]
        network.ports = [lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90")]
        let guest = try lab.guest(at: network.ports[0])
        try lab.networks.apply(network)
        let lease = try #require(try lab.lease(in: guest))
        #expect(lease["ip"] == "192.168.56.108" && lease["mask"] == "24")
        #expect(lease["router"] == "192.168.56.2")
        #expect(lease["dns"] == "198.51.100.53 198.51.100.54")
        #expect(lease["mtu"] == "1450")
        #expect(lease["domain"] == "openstacklocal")
        #expect(lease["hostname"] == "host-192-168-56-108")
        #expect(lease["serverid"] == "192.168.56.100")
        #expect(lease["lease"] == "86400")
        #expect(
            lease["staticroutes"] == "169.254.169.254/32 192.168.56.100 10.1.0.0/16 192.168.56.9 0.0.0.0/0 192.168.56.2"
        )
    }

    @Test func `a port's own options come instead of its subnet's, and to nobody else`() throws {
        let lab = try NetworkLab()
        var network = lab.network()
        network.ports = [
            lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90"),
            lab.port(on: network, "192.168.56.109", mac: "fa:16:3e:1a:06:91"),
        ]
        network.ports[0].dhcpOptions = [
            DHCPOptionSpec(name: "nonsense", value: "x"), DHCPOptionSpec(name: "router", value: "192.168.56.9"),
            DHCPOptionSpec(name: "tftp-server", value: "192.0.2.7"),
            DHCPOptionSpec(name: "67", value: "pxelinux.0"),
        ]
        let guests = try network.ports.map { try lab.guest(at: $0) }
        try lab.networks.apply(network)
        let asked = ["-O", "tftp", "-O", "bootfile"]
        let own = try #require(try lab.lease(in: guests[0], options: asked))
        #expect(own["ip"] == "192.168.56.108" && own["router"] == "192.168.56.9")
        #expect(own["tftp"] == "192.0.2.7" && (own["bootfile"] ?? own["boot_file"]) == "pxelinux.0")
        let other = try #require(try lab.lease(in: guests[1], options: asked))
        #expect(other["router"] == "192.168.56.2" && other["tftp"] == nil)
        let server = lab.server(network).runningID
        try lab.networks.apply(network)
        #expect(lab.server(network).runningID == server)
        network.ports[0].dhcpOptions = []
        try lab.networks.apply(network)
        #expect(try lab.lease(in: guests[0], options: asked)?["router"] == "192.168.56.2")
        #expect(lab.server(network).runningID != nil)
    }

    @Test func `without a gateway there is only the route to the metadata, and without servers dnsmasq is one`() throws
    {
        let lab = try NetworkLab()
        var network = lab.network(gateway: nil)
        network.ports = [lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90")]
        network.ports[0].portSecurityEnabled = false
        let guest = try lab.guest(at: network.ports[0])
        try lab.networks.apply(network)
        let lease = try #require(try lab.lease(in: guest))
        #expect(lease["router"] == nil)
        #expect(lease["staticroutes"] == "169.254.169.254/32 192.168.56.100")
        #expect(lease["dns"] == "192.168.56.100")
        try guest.change(["address add 192.168.56.108/24 dev eth0"])
        #expect(try lab.answers("192.168.56.100", to: guest))
    }

    @Test func `a stranger gets no address`() throws {
        let lab = try NetworkLab()
        let network = lab.network()
        let guest = try lab.guest(at: lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90"))
        try lab.networks.apply(network)
        #expect(try lab.lease(in: guest) == nil)
    }

    @Test func `pools, servers and guests are edited without losing a lease or the server`() throws {
        let lab = try NetworkLab()
        var network = lab.network()
        network.ports = [lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90")]
        let guest = try lab.guest(at: network.ports[0])
        try lab.networks.apply(network)
        #expect(try lab.lease(in: guest)?["ip"] == "192.168.56.108")
        let server = try #require(lab.server(network).runningID)
        let leases = try #require(FileSystem.readText(lab.server(network).directory + "/leases"))
        #expect(leases.contains("192.168.56.108"))

        network.subnets[0].dnsNameservers = ["198.51.100.53"]
        network.ports.append(lab.port(on: network, "192.168.56.109", mac: "fa:16:3e:1a:06:91"))
        let second = try lab.guest(at: network.ports[1])
        try lab.networks.apply(network)
        #expect(lab.server(network).runningID == server)
        #expect(FileSystem.readText(lab.server(network).directory + "/leases") == leases)
        #expect(try lab.lease(in: second)?["ip"] == "192.168.56.109")
        #expect(try lab.lease(in: guest)?["dns"] == "198.51.100.53")
    }

    @Test func `another subnet or MTU starts the server anew with the leases it had`() throws {
        let lab = try NetworkLab()
        var network = lab.network()
        network.ports = [lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90")]
        let guest = try lab.guest(at: network.ports[0])
        try lab.networks.apply(network)
        #expect(try lab.lease(in: guest)?["ip"] == "192.168.56.108")
        let server = try #require(lab.server(network).runningID)
        network.subnets.append(
            SubnetSpec(subnetID: lab.id(), cidr: "10.20.0.0/16", gateway: "10.20.0.1", enableDHCP: true))
        network.dhcpPort?.fixedIPs.append(
            FixedAddress(subnetID: network.subnets[1].subnetID, address: "10.20.0.2", prefixLength: 16))
        var port = lab.port(on: network, "192.168.56.109", mac: "fa:16:3e:1a:06:91")
        port.fixedIPs = [
            FixedAddress(subnetID: network.subnets[1].subnetID, address: "10.20.0.77", prefixLength: 16)
        ]
        network.ports.append(port)
        let second = try lab.guest(at: port)
        try lab.networks.apply(network)
        #expect(lab.server(network).runningID != server)
        #expect(FileSystem.readText(lab.server(network).directory + "/leases")?.contains("192.168.56.108") == true)
        let lease = try #require(try lab.lease(in: second))
        #expect(lease["ip"] == "10.20.0.77" && lease["mask"] == "16")
        #expect(
            lease["staticroutes"] == "169.254.169.254/32 10.20.0.2 192.168.56.0/24 0.0.0.0 0.0.0.0/0 10.20.0.1")
    }

    @Test func `an address that was another guest's goes to the one that has it now`() throws {
        let lab = try NetworkLab()
        var network = lab.network()
        network.ports = [lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90")]
        let first = try lab.guest(at: network.ports[0])
        try lab.networks.apply(network)
        #expect(try lab.lease(in: first)?["ip"] == "192.168.56.108")
        network.ports = []
        try lab.networks.apply(network)
        network.ports = [lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:92")]
        let second = try lab.guest(at: network.ports[0])
        try lab.networks.apply(network)
        #expect(try lab.lease(in: second)?["ip"] == "192.168.56.108")
        #expect(try lab.lease(in: first) == nil)
    }

    @Test func `the server outlives the program, and the next one finds it`() throws {
        let lab = try NetworkLab()
        let network = lab.network()
        try lab.networks.apply(network)
        let server = try #require(lab.server(network).runningID)
        let next = try NetworkLab(state: lab.state, host: lab.host.name)
        try next.networks.apply(network)
        #expect(next.server(network).runningID == server)
    }

    @Test func `a guest makes its IPv6 address of the advertised prefix, and finds no router there`() throws {
        let lab = try NetworkLab()
        let (network, guest) = try ipv6(lab, .slaac, "2001:db8:5:0:f816:3eff:fe1a:690")
        try lab.networks.apply(network)
        let address = try eventually("an address") { try self.addresses(guest).first { $0.hasPrefix("2001:db8:5:") } }
        #expect(address == "2001:db8:5:0:f816:3eff:fe1a:690/64")
        let routes = try CommandRunner().succeed(guest.command("ip", ["-6", "route"]))
        #expect(!String(decoding: routes, as: UTF8.self).contains("default"))
    }

    @Test func `with stateful DHCP a guest makes up no address`() throws {
        let lab = try NetworkLab()
        let (network, guest) = try ipv6(lab, .stateful, "2001:db8:5::77")
        try lab.networks.apply(network)
        let server = try #require(lab.server(network).runningArguments)
        #expect(server.contains("--enable-ra"))
        #expect(FileSystem.readText(lab.server(network).directory + "/host")?.contains("[2001:db8:5::77]") == true)
        // The prefix is on the link, which makes a route to it and no address.
        _ = try eventually("a route") {
            let routes = try CommandRunner().succeed(guest.command("ip", ["-6", "route"]))
            return String(decoding: routes, as: UTF8.self).contains("2001:db8:5::/64") ? true : nil
        }
        #expect(try addresses(guest).allSatisfy { !$0.hasPrefix("2001:") })
    }

    private func ipv6(
        _ lab: NetworkLab, _ mode: IPv6Mode, _ address: String
    ) throws -> (NetworkSpec, NetworkNamespace) {
        var network = lab.network(cidr: "2001:db8:5::/64", gateway: "2001:db8:5::1", dhcp: "2001:db8:5::2")
        network.subnets[0].ipv6Mode = mode
        network.subnets[0].advertisesRouter = true
        network.ports = [lab.port(on: network, address, mac: "fa:16:3e:1a:06:90")]
        return (network, try lab.guest(at: network.ports[0], ipv6: true))
    }

    private func addresses(_ guest: NetworkNamespace) throws -> [String] { try guest.links()["eth0"]?.addresses ?? [] }

    private func eventually<T>(_ what: String, _ question: () throws -> T?) throws -> T {
        for _ in 0..<150 {
            if let answer = try question() { return answer }
            usleep(100_000)
        }
        throw NeverHappened(description: "there never was \(what)")
    }
}
