import ComputeHost
import Glibc
import Testing

@testable import LibvirtHost

/// A network is made, and what is then broken by hand is what the inspection names, and nothing else.
@Suite(.enabled(if: NetworkLab.missing == nil, "\(NetworkLab.missing ?? "")"))
struct InspectionTests {
    /// A network with one guest, which has its lease, and with somebody who answers for metadata.
    final class Site {
        let lab: NetworkLab
        var network: NetworkSpec
        let port: PortSpec
        let guest: NetworkNamespace
        private var listener: Int32

        init() throws {
            lab = try NetworkLab()
            network = lab.network()
            var port = lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90")
            let group = lab.id()
            port.securityGroupIDs = [group]
            network.ports = [port]
            network.securityGroups = [
                SecurityGroupSpec(groupID: group, rules: [.inward(6, 22, 22)] + SecurityGroupRuleSpec.everythingOut)
            ]
            self.port = port
            try lab.networks.apply(network)
            guest = try lab.guest(at: port)
            network.generation += 1
            try lab.networks.apply(network)
            _ = try lab.lease(in: guest)
            listener = try lab.networks.openMetadataListener(networkID: network.networkID) ?? -1
        }

        deinit { closeMetadata() }

        func closeMetadata() {
            if listener >= 0 { Glibc.close(listener) }
            listener = -1
        }

        func checks(_ port: PortSpec? = nil) throws -> [NetworkCheck] {
            try lab.networks.inspect(network, port: port ?? self.port)
        }

        func wrong() throws -> [NetworkCheck.Subject] { try checks().filter { !$0.isRight }.map(\.subject) }

        func nft(_ arguments: String...) throws {
            try CommandRunner().succeed(lab.host.command("nft", arguments))
        }
    }

    @Test func `a network that was just made is as it should be`() throws {
        let site = try Site()
        let checks = try site.checks()
        for check in checks where !check.isRight { Issue.record("\(check)") }
        #expect(
            checks.map(\.subject) == [
                .tap, .antispoofing, .rules, .bridge, .namespace, .dhcpInterface, .dhcpServer, .reservation, .lease,
                .metadata,
            ])
        for check in checks {
            #expect(check.found != nil && !check.expected.isEmpty && !check.name.isEmpty, "\(check)")
            #expect(check.evidence.count > 1, "\(check)")
        }
        #expect(
            checks[0].evidence[0]
                == "ip netns exec \(site.lab.host.name ?? "") ip -details link show dev \(site.port.tapName)")
        #expect(checks[1].expected == "only fa:16:3e:1a:06:90 with 192.168.56.108")
        #expect(checks[2].expected == "1 rules in, 2 out, of 1 groups")
        #expect(checks[2].evidence.contains { $0.contains("ct original proto-dst 22 accept") })
        let all = try site.lab.networks.inspect(site.network, port: nil)
        #expect(all.filter { !$0.isRight }.isEmpty)
        #expect(all.map(\.subject) == [.rules, .bridge, .namespace, .dhcpInterface, .dhcpServer, .metadata])
    }

    @Test func `each thing that is broken is named, and an apply mends it`() throws {
        let site = try Site()
        let (host, inside) = (site.lab.host, NetworkNamespace(site.network.dhcpNamespace))
        let (tap, bridge) = (site.port.tapName, site.network.bridgeName)
        let short = String(site.port.portID.prefix(10))
        let server = try #require(site.network.dhcpPort)
        let interface = "ns-" + server.portID.prefix(11)
        let injuries: [(NetworkCheck.Subject, () throws -> Void)] = [
            (.tap, { try host.change(["link set dev \(tap) down"]) }),
            (.tap, { try host.change(["link set dev \(tap) nomaster"]) }),
            (.bridge, { try host.change(["link set dev \(bridge) down"]) }),
            (.antispoofing, { try site.nft("flush", "chain", "bridge", bridge, "s\(short)") }),
            (.rules, { try site.nft("insert", "rule", "ip", bridge, "i\(short)", "accept") }),
            (.rules, { try site.nft("delete", "table", "ip6", bridge) }),
            (
                .rules,
                {
                    try host.inside { () throws(HostError) in
                        _ = try Sysctl.set("net/bridge/bridge-nf-call-iptables", to: 0)
                    }
                }
            ),
            (.dhcpInterface, { try inside.change(["address delete 169.254.169.254/16 dev \(interface)"]) }),
            (
                .reservation,
                { try FileSystem.write("", to: site.lab.server(site.network).directory + "/host") }
            ),
            (.dhcpServer, { try site.lab.server(site.network).stop() }),
        ]
        for (subject, injure) in injuries {
            try injure()
            let wrong = try site.wrong()
            // Without its address the metadata service cannot be reached, which is another matter.
            #expect(
                wrong.contains(subject) && wrong.allSatisfy { $0 == subject || $0 == .antispoofing },
                "\(subject): \(wrong)")
            #expect(throws: Never.self, "\(subject) is mended") { try site.lab.networks.apply(site.network) }
        }
        #expect(try site.wrong().isEmpty)
        try inside.delete()
        #expect(try site.wrong().first == .namespace)
    }

    @Test func `a guest that never asked has no lease, and dropped packets are counted`() throws {
        let site = try Site()
        var other = site.lab.port(on: site.network, "192.168.56.109", mac: "fa:16:3e:1a:06:91")
        other.fixedIPs[0].gateway = "192.168.56.2"
        other.securityGroupIDs = site.port.securityGroupIDs
        site.network.ports.append(other)
        site.network.generation += 1
        let guest = try site.lab.guest(at: other)
        try site.lab.networks.apply(site.network)
        #expect(try site.checks(other).filter { !$0.isRight }.map(\.subject) == [.lease, .gateway])
        let socket = try LabGuest(namespace: guest, mac: other.macAddress)
        let false1 = Packet(
            sourceMAC: "fa:16:3e:1a:06:99", destinationMAC: site.port.macAddress, source: "192.168.56.109",
            destination: "192.168.56.108", load: .udp(from: 1, to: 2))
        var false2 = false1
        (false2.sourceMAC, false2.source) = (other.macAddress, "192.168.56.77")
        var refused = false1
        refused.sourceMAC = other.macAddress
        for frame in [false1.frame, false1.frame, false2.frame, refused.frame] { try socket.send(frame) }
        let sender = try site.checks(other)
        #expect(sender.first { $0.subject == .antispoofing }?.dropped.filter { $0.value > 0 } == ["mac": 2, "ip": 1])
        #expect(try site.checks().first { $0.subject == .rules }?.dropped["ingress"] == 1)
        // What is right keeps its counters.
        try site.lab.networks.apply(site.network)
        #expect(try site.checks(other).first { $0.subject == .antispoofing }?.dropped["mac"] == 2)
    }

    @Test func `the gateway is found at the router that is on this network`() throws {
        let site = try Site()
        var port = site.port
        port.fixedIPs[0].gateway = "192.168.56.2"
        #expect(try site.checks(port).filter { !$0.isRight }.map(\.subject) == [.gateway])
        let router = RouterSpec(
            routerID: site.lab.id(),
            interfaces: [site.lab.port(on: site.network, "192.168.56.2", mac: "fa:16:3e:00:00:02")])
        try site.lab.networks.apply(router)
        defer { try? site.lab.networks.remove(routerID: router.routerID) }
        let gateway = try site.checks(port).first { $0.subject == .gateway }
        #expect(gateway?.isRight == true && gateway?.found?.contains(router.namespace) == true)
        #expect(try site.lab.answers("192.168.56.2", to: site.guest) == false, "the guest has no address")
        try site.guest.change(["address add 192.168.56.108/24 dev eth0"])
        #expect(try site.lab.answers("192.168.56.2", to: site.guest))
    }

    @Test func `a port that is closed or open is as its owner wants it`() throws {
        let site = try Site()
        site.network.ports[0].portSecurityEnabled = false
        try site.lab.networks.apply(site.network)
        var checks = try site.checks(site.network.ports[0])
        #expect(checks.filter { !$0.isRight }.isEmpty && checks[1].expected.hasPrefix("off"))
        site.network.ports[0].adminStateUp = false
        try site.lab.networks.apply(site.network)
        checks = try site.checks(site.network.ports[0])
        #expect(
            checks.filter { !$0.isRight }.isEmpty && checks[1].expected.hasPrefix("closed")
                && checks[0].expected.hasPrefix("down"))
    }

    @Test func `an uplink is looked at as well`() throws {
        let lab = try NetworkLab(interfaces: ["physnet1": "eth1"])
        var network = lab.network()
        network.segment = .flat(physicalNetwork: "physnet1")
        try lab.host.create()
        let missing = try lab.networks.inspect(network, port: nil)
        #expect(missing.allSatisfy { !$0.isRight } && missing.contains { $0.subject == .uplink })
        try lab.host.change(["link add name eth1 type veth peer name wire1"])
        try lab.networks.apply(network)
        let uplink = try lab.networks.inspect(network, port: nil).first { $0.subject == .uplink }
        #expect(uplink?.isRight == true && uplink?.name == "eth1")
        #expect(uplink?.expected == "up, in \(network.bridgeName)")
        try lab.host.change(["link set dev eth1 nomaster"])
        let wrong = try lab.networks.inspect(network, port: nil).first { $0.subject == .uplink }
        #expect(wrong?.isRight == false && wrong?.found == "up, in no bridge")
    }
}
