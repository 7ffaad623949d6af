import ComputeHost
import Foundation
import TestSupport

@testable import LibvirtHost

/// A host's networks in a namespace of their own, with guests that are namespaces as well: everything is real but the
/// guests' kernels. Names are made up, so that any number of these may be at work; all of it goes with the object.
final class NetworkLab: @unchecked Sendable {
    /// Why there is none here; nil when there is.
    static let missing: String? = {
        let choice = NetworkChoice.decide(setting: .bridge, namespace: "lab", hypervisor: .privateDaemon)
        if !choice.abilities.bridges { return "needs bridges: " + choice.abilities.missing.joined(separator: " ") }
        if CommandRunner.find("busybox") == nil {
            return "needs busybox for its udhcpc: apt-get install busybox-static"
        }
        return nil
    }()

    let state: TemporaryDirectory
    let host: NetworkNamespace
    let networks: LinuxBridgeNetworks
    private let runner = CommandRunner()
    private var guests: [NetworkNamespace] = []
    private var made: Set<String> = []
    private var madeRouters: Set<String> = []

    init(interfaces: [String: String] = [:], state: TemporaryDirectory? = nil, host: String? = nil) throws {
        self.state = try state ?? TemporaryDirectory()
        let name = host ?? "lab-" + UUID().uuidString.prefix(8).lowercased()
        let configuration = NetworkConfiguration(
            setting: .bridge, namespace: name, interfaces: interfaces, statePath: self.state.path)
        let all = try HostNetworks(configuration)
        guard try HostNetworks.choose(all, for: .privateDaemon).backend is LinuxBridgeNetworks else {
            throw NeverHappened(description: "no bridges")
        }
        networks = all.bridges
        self.host = networks.host
        guests.append(self.host)
    }

    deinit {
        for id in madeRouters { try? networks.remove(routerID: id) }
        for id in made { try? networks.remove(networkID: id) }
        for guest in guests { try? guest.delete() }
    }

    func id() -> String { RandomUUID.make() }

    /// The network of the tutorials, with a DHCP port at .100.
    func network(
        cidr: String = "192.168.56.0/24", gateway: String? = "192.168.56.2", dhcp: String = "192.168.56.100"
    ) -> NetworkSpec {
        let networkID = id()
        var network = NetworkSpec(
            networkID: networkID,
            subnets: [SubnetSpec(subnetID: id(), cidr: cidr, gateway: gateway, enableDHCP: true)])
        network.dhcpPort = port(on: network, dhcp, mac: "fa:16:3e:a1:e7:54")
        made.insert(networkID)
        return network
    }

    /// A port of the network's first subnet that it is an address of.
    func port(on network: NetworkSpec, _ addresses: String..., mac: String) -> PortSpec {
        let fixed = addresses.map { address in
            let isIPv6 = address.contains(":")
            let subnet = network.subnets.first { $0.isIPv6 == isIPv6 }
            return FixedAddress(
                subnetID: subnet?.subnetID ?? "", address: address,
                prefixLength: subnet.flatMap { IPBlock(cidr: $0.cidr)?.prefixLength } ?? 0)
        }
        return PortSpec(
            portID: id(), networkID: network.networkID, instanceID: id(), macAddress: mac, fixedIPs: fixed)
    }

    /// A router that joins the ports' networks.
    func router(_ interfaces: [PortSpec]) -> RouterSpec {
        let routerID = id()
        madeRouters.insert(routerID)
        return RouterSpec(routerID: routerID, interfaces: interfaces)
    }

    /// A guest at a port: a namespace with `eth0`, whose cable has the tap's name. It is not in the bridge yet.
    func guest(at port: PortSpec, ipv6: Bool = false) throws -> NetworkNamespace {
        let guest = NetworkNamespace("lab-" + UUID().uuidString.prefix(8).lowercased())
        try guest.create()
        guests.append(guest)
        try guest.inside { () throws(HostError) in
            for name in ["default", "all"] { try Sysctl.set("net/ipv6/conf/\(name)/disable_ipv6", to: ipv6 ? 0 : 1) }
        }
        try host.change([
            "link add name \(port.tapName) type veth peer name eth0 address \(port.macAddress) netns \(guest.name ?? "")"
        ])
        try guest.change(["link set dev eth0 up"])
        return guest
    }

    /// What a guest's DHCP client is told, as busybox hands it to its script; nil when nobody answers.
    func lease(in guest: NetworkNamespace, options: [String] = []) throws -> [String: String]? {
        let script = state.path + "/told"
        let answer = state.path + "/answer-\(UUID().uuidString)"
        try FileSystem.write("#!/bin/sh\n[ \"$1\" != bound ] || env >\(answer)\n", to: script, mode: 0o755)
        let arguments = ["udhcpc", "-i", "eth0", "-f", "-n", "-q", "-t", "4", "-T", "1", "-s", script, "-O", "121"]
        _ = try runner.run(guest.command("busybox", arguments + options))
        guard let text = FileSystem.readText(answer) else { return nil }
        let lines = text.split(separator: "\n").compactMap { line -> (String, String)? in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        }
        return Dictionary(lines) { first, _ in first }
    }

    /// Whether an address answers to one ping of a guest's.
    func answers(_ address: String, to guest: NetworkNamespace) throws -> Bool {
        try runner.run(guest.command("busybox", ["ping", "-c", "1", "-W", "1", address])).succeeded
    }

    /// The process that serves a network's addresses.
    func server(_ network: NetworkSpec) -> DnsmasqServer { networks.server(network.networkID) }
}

extension HypervisorChoice {
    /// A libvirtd of our own, as far as networks ask.
    static let privateDaemon = stub(.privateDaemon)

    static func stub(_ mode: Mode, uri: String = "qemu+unix:///system") -> HypervisorChoice {
        HypervisorChoice(mode: mode, uri: uri, domainType: "qemu", reason: "", findings: [])
    }
}
