import ComputeHost
import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

/// The kernel's own state after each call, in a namespace of the test's own.
@Suite(.enabled(if: NetworkLab.missing == nil, "\(NetworkLab.missing ?? "")"))
struct LinuxBridgeNetworksTests {
    private func dhcpLinks(_ network: NetworkSpec) throws -> LinkTable {
        try NetworkNamespace(network.dhcpNamespace).links()
    }

    @Test func `a network gets neutron's bridge, cable, namespace and addresses`() throws {
        let lab = try NetworkLab()
        var network = lab.network()
        network.mtu = 1450
        let port = try #require(network.dhcpPort)
        try lab.networks.apply(network)
        let links = try lab.host.links()
        let bridge = try #require(links["brq" + network.networkID.prefix(11)])
        #expect(bridge.kind == "bridge" && bridge.isUp && bridge.forwardsAtOnce)
        #expect(bridge.mtu == 1450)
        #expect(bridge.alias?.hasPrefix("daybreak:") == true)
        #expect(bridge.addresses.isEmpty)
        let tap = try #require(links["tap" + port.portID.prefix(11)])
        #expect(tap.master == bridge.name && tap.isUp && tap.mtu == 1450)
        #expect(NetworkNamespace.names.contains("qdhcp-" + network.networkID))
        let inside = try #require(try dhcpLinks(network)["ns-" + port.portID.prefix(11)])
        #expect(inside.address == "fa:16:3e:a1:e7:54")
        #expect(inside.addresses == ["192.168.56.100/24", "169.254.169.254/16"])
        #expect(inside.isUp && inside.mtu == 1450)
        #expect(lab.server(network).runningID != nil)
    }

    @Test func `applying again changes nothing, and an older specification is ignored`() throws {
        let lab = try NetworkLab()
        var network = lab.network()
        network.generation = 5
        try lab.networks.apply(network)
        let before = try lab.host.links().all
        let server = lab.server(network).runningID
        try lab.networks.apply(network)
        #expect(try lab.host.links().all == before)
        #expect(lab.server(network).runningID == server)
        network.generation = 4
        network.mtu = 1400
        try lab.networks.apply(network)
        #expect(try lab.host.links()[network.bridgeName]?.mtu == 1500)
    }

    @Test(arguments: Damage.allCases) func `what somebody broke is mended`(_ damage: Damage) throws {
        let lab = try NetworkLab()
        var network = lab.network()
        network.ports = [lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90")]
        let guest = try lab.guest(at: network.ports[0])
        try lab.networks.apply(network)
        #expect(try lab.lease(in: guest)?["ip"] == "192.168.56.108")
        try damage.done(to: network, in: lab)
        try lab.networks.apply(network)
        #expect(try lab.lease(in: guest)?["ip"] == "192.168.56.108")
        let links = try lab.host.links()
        #expect(links[network.bridgeName]?.mtu == 1500 && links[network.bridgeName]?.isUp == true)
        #expect(links.ports(of: network.bridgeName).count == 2)
        let inside = try dhcpLinks(network)[DHCPPlan.interface(try #require(network.dhcpPort))]
        #expect(Set(inside?.addresses ?? []) == ["192.168.56.100/24", "169.254.169.254/16"])
        #expect(inside?.address == "fa:16:3e:a1:e7:54" && inside?.mtu == 1500)
    }

    /// What people, or other programs, may do to a network behind our back.
    enum Damage: CaseIterable {
        case bridgeDeleted, bridgeDown, spanningTree, wrongMTU, guestUnplugged, cableDeleted, addressMissing
        case addressAdded, otherMAC, namespaceDeleted, serverKilled, serverAndPIDFileLost, filesRemoved

        func done(to network: NetworkSpec, in lab: NetworkLab) throws {
            let (bridge, namespace) = (network.bridgeName, NetworkNamespace(network.dhcpNamespace))
            let port = try #require(network.dhcpPort)
            let inside = DHCPPlan.interface(port)
            let server = lab.server(network)
            switch self {
            case .bridgeDeleted: try lab.host.change(["link delete dev \(bridge)"])
            case .bridgeDown: try lab.host.change(["link set dev \(bridge) down"])
            case .spanningTree:
                try lab.host.change(["link set dev \(bridge) type bridge stp_state 1 forward_delay 1500"])
            case .wrongMTU:
                try lab.host.change(["link set dev \(bridge) mtu 1400"])
                try namespace.change(["link set dev \(inside) mtu 1300"])
            case .guestUnplugged: try lab.host.change(["link set dev \(network.ports[0].tapName) nomaster"])
            case .cableDeleted: try lab.host.change(["link delete dev \(port.tapName)"])
            case .addressMissing: try namespace.change(["address delete 169.254.169.254/16 dev \(inside)"])
            case .addressAdded: try namespace.change(["address add 10.9.9.9/24 dev \(inside)"])
            case .otherMAC: try namespace.change(["link set dev \(inside) address fa:16:3e:00:00:01"])
            case .namespaceDeleted: try namespace.delete()
            case .serverKilled: kill(try #require(server.runningID), SIGKILL)
            case .serverAndPIDFileLost: try FileSystem.remove(server.directory + "/pid")
            case .filesRemoved: try FileSystem.remove(server.directory)
            }
        }
    }

    @Test func `a network that is removed leaves nothing`() throws {
        let lab = try NetworkLab()
        let network = lab.network()
        let before = try lab.host.links().all.map(\.name)
        try lab.networks.apply(network)
        let server = try #require(lab.server(network).runningID)
        try lab.networks.remove(networkID: network.networkID)
        #expect(try lab.host.links().all.map(\.name) == before)
        #expect(!FileSystem.exists("/run/netns/" + network.dhcpNamespace))
        #expect(!FileSystem.exists("\(lab.state.path)/dhcp/\(network.networkID)"))
        // One that has ended and was not collected has no arguments.
        #expect(FileSystem.readProc("\(server)/cmdline").isEmpty)
        try lab.networks.remove(networkID: network.networkID)
    }

    @Test func `a network whose namespace lost its name leaves no DHCP server`() throws {
        let lab = try NetworkLab()
        let network = lab.network()
        try lab.networks.apply(network)
        let server = try #require(lab.server(network).runningID)
        try NetworkNamespace(network.dhcpNamespace).delete()
        try lab.networks.remove(networkID: network.networkID)
        #expect(FileSystem.readProc("\(server)/cmdline").isEmpty)
        #expect(try lab.host.links()[network.bridgeName] == nil)
    }

    @Test func `a namespace that somebody deletes is made anew, whatever of its cable is still there`() throws {
        let lab = try NetworkLab()
        let network = lab.network()
        try lab.networks.apply(network)
        for _ in 0..<10 {
            try lab.server(network).stop()
            try NetworkNamespace(network.dhcpNamespace).delete()
            try lab.networks.apply(network)
            #expect(try NetworkNamespace(network.dhcpNamespace).links().all.count == 2)
        }
    }

    @Test func `an interface that is to be deleted may be gone, and nothing else may`() throws {
        let lab = try NetworkLab()
        try lab.networks.apply(lab.network())
        try lab.host.change([
            "link delete dev gone", "link add name one type bridge", "link delete dev gone", "link set dev one up",
        ])
        #expect(try lab.host.links()["one"]?.isUp == true)
        try lab.host.change(["link set dev gone up", "link set dev one down"], ifThere: true)
        #expect(try lab.host.links()["one"]?.isUp == false)
        #expect(throws: HostError.self) { try lab.host.change(["link set dev gone up"]) }
        #expect(throws: HostError.self) {
            try lab.host.change(["link set dev one master gone"], ifThere: true)
        }
    }

    @Test func `what belongs to no network is removed, and what others made is not touched`() throws {
        let lab = try NetworkLab()
        let (kept, gone, forgotten) = (lab.network(), lab.network(), lab.network())
        for network in [kept, gone, forgotten] { try lab.networks.apply(network) }
        try lab.networks.server(forgotten.networkID).stop()
        try FileSystem.remove("\(lab.state.path)/dhcp/\(forgotten.networkID)")
        let foreign = "brq" + lab.id().prefix(11)
        let other = "brq" + lab.id().prefix(11)
        try lab.host.change([
            "link add name \(foreign) type bridge", "link add name \(other) type bridge",
            "link set dev \(other) alias daybreak:\(lab.id())",
        ])
        try lab.networks.removeUnused(keepingNetworks: [kept.networkID], routers: [])
        let bridges = try lab.host.links().all.filter { $0.kind == "bridge" }.map(\.name)
        #expect(Set(bridges) == [kept.bridgeName, foreign, other])
        #expect(!FileSystem.exists("/run/netns/" + gone.dhcpNamespace))
        #expect(lab.server(kept).runningID != nil)
        try NetworkNamespace(forgotten.dhcpNamespace).delete()
    }

    @Test func `a name that somebody else has is refused, and left as it is`() throws {
        let lab = try NetworkLab()
        let network = lab.network()
        try lab.host.change(["link add name \(network.bridgeName) type bridge"])
        let error = #expect(throws: HostError.self) { try lab.networks.apply(network) }
        #expect(error?.reason.contains("not Daybreak's") == true)
        #expect(error?.remedy?.contains(network.bridgeName) == true)
        try lab.networks.remove(networkID: network.networkID)
        #expect(try lab.host.links()[network.bridgeName]?.alias == nil)
    }

    @Test func `a flat network has the physical interface in its bridge, and gives it back`() throws {
        let lab = try NetworkLab(interfaces: ["physnet1": "eth1"])
        var network = lab.network()
        network.segment = .flat(physicalNetwork: "physnet1")
        try lab.host.change(["link add name eth1 type veth peer name wire1"])
        try lab.networks.apply(network)
        let eth1 = try #require(try lab.host.links()["eth1"])
        #expect(eth1.master == network.bridgeName && eth1.isUp && eth1.alias == nil)
        try lab.networks.remove(networkID: network.networkID)
        #expect(try lab.host.links()["eth1"]?.master == nil)
        #expect(try lab.host.links()["eth1"] != nil)
    }

    @Test func `an interface with an address of the host's own is not taken into a bridge`() throws {
        let lab = try NetworkLab(interfaces: ["physnet1": "eth1"])
        var network = lab.network()
        network.segment = .flat(physicalNetwork: "physnet1")
        try lab.host.change(["link add name eth1 type veth peer name wire1", "address add 198.51.100.1/24 dev eth1"])
        let error = #expect(throws: HostError.self) { try lab.networks.apply(network) }
        #expect(error?.reason.contains("198.51.100.1/24") == true)
        #expect(try lab.host.links()["eth1"]?.master == nil)
    }

    @Test func `a port that is switched off carries nothing`() throws {
        let lab = try NetworkLab()
        var network = lab.network()
        network.ports = [lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90")]
        _ = try lab.guest(at: network.ports[0])
        network.ports[0].adminStateUp = false
        try lab.networks.apply(network)
        #expect(try lab.host.links()[network.ports[0].tapName]?.isUp == false)
        network.ports[0].adminStateUp = true
        try lab.networks.apply(network)
        #expect(try lab.host.links()[network.ports[0].tapName]?.isUp == true)
    }

    @Test func `a network that is switched off, or without DHCP, has no namespace`() throws {
        let lab = try NetworkLab()
        var network = lab.network()
        try lab.networks.apply(network)
        network.adminStateUp = false
        try lab.networks.apply(network)
        #expect(try lab.host.links()[network.bridgeName]?.isUp == false)
        #expect(!FileSystem.exists("/run/netns/" + network.dhcpNamespace))
        network.adminStateUp = true
        network.dhcpPort = nil
        try lab.networks.apply(network)
        #expect(try lab.host.links()[network.bridgeName]?.isUp == true)
        #expect(try lab.networks.openMetadataListener(networkID: network.networkID) == nil)
    }

    @Test func `another DHCP port takes the first one's place`() throws {
        let lab = try NetworkLab()
        var network = lab.network()
        let first = try #require(network.dhcpPort)
        try lab.networks.apply(network)
        network.dhcpPort = lab.port(on: network, "192.168.56.101", mac: "fa:16:3e:a1:e7:55")
        let second = try #require(network.dhcpPort)
        try lab.networks.apply(network)
        #expect(try dhcpLinks(network).all.map(\.name) == ["lo", DHCPPlan.interface(second)])
        try waitForAbsence(of: first.tapName, lab)
    }

    private func waitForAbsence(of name: String, _ lab: NetworkLab) throws {
        for _ in 0..<100 {
            if try lab.host.links()[name] == nil { return }
            usleep(20_000)
        }
        Issue.record("\(name) is still there")
    }

    @Test func `the metadata socket answers in the network's namespace only, and there is one of it`() throws {
        let lab = try NetworkLab()
        var network = lab.network()
        network.ports = [lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90")]
        let guest = try lab.guest(at: network.ports[0])
        try lab.networks.apply(network)
        let before = NamespaceIdentity("/proc/self/ns/net")
        let descriptor = try #require(try lab.networks.openMetadataListener(networkID: network.networkID))
        defer { close(descriptor) }
        #expect(NamespaceIdentity("/proc/self/ns/net") == before)
        let busy = #expect(throws: HostError.self) {
            try lab.networks.openMetadataListener(networkID: network.networkID)
        }
        #expect(busy?.isTransient == true)
        try guest.change([
            "address add 192.168.56.108/24 dev eth0", "route add 169.254.169.254/32 via 192.168.56.100",
        ])
        let asking = Thread {
            _ = try? CommandRunner().run(guest.command("busybox", ["nc", "-w", "2", "169.254.169.254", "80"]))
        }
        asking.start()
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&watched, 1, 5_000) == 1)
        var peer = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let accepted = withUnsafeMutablePointer(to: &peer) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { accept(descriptor, $0, &length) }
        }
        defer { close(accepted) }
        #expect(String(cString: inet_ntoa(peer.sin_addr)) == "192.168.56.108")
    }

    @Test(arguments: ["", "../x", "33b9ef50-354b-457b-8ea2-8498ec64835b\nlink delete eth0"])
    func `an id that is none reaches nothing`(_ id: String) throws {
        let lab = try NetworkLab()
        #expect(throws: HostError.self) { try lab.networks.apply(NetworkSpec(networkID: id, subnets: [])) }
        #expect(throws: HostError.self) { try lab.networks.remove(networkID: id) }
        var network = lab.network()
        network.dhcpPort?.macAddress = "fa:16:3e:a1:e7:54 up\nlink"
        #expect(throws: HostError.self) { try lab.networks.apply(network) }
        #expect(try lab.host.links().all.map(\.name) == ["lo"])
    }
}
