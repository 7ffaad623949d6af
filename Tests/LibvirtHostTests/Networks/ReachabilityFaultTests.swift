import ComputeHost
import Glibc
import Networking
import Testing

@testable import Compute
@testable import LibvirtHost

/// Each of eight faults is made in a real network, and the cause that is found is the right one and the only one.
@Suite(.enabled(if: NetworkLab.missing == nil, "\(NetworkLab.missing ?? "")"))
struct `Faults of a real network` {
    private typealias Fault = ReachabilityCause.Fault

    private func faults(
        _ site: InspectionTests.Site, _ target: ReachabilityQuestion.Target = .metadata,
        _ traffic: ReachabilityQuestion.Traffic = .tcp(22), port: PortSpec? = nil
    ) throws -> [Fault] {
        let port = port ?? site.port
        var end = ReachabilityFacts.End(port: port, network: site.network)
        end.checks = try site.checks(port)
        return ReachabilityFacts(here: end).causes(of: .init(target, traffic)).map(\.fault)
    }

    @Test func `device, bridge, DHCP server and metadata`() throws {
        let site = try InspectionTests.Site()
        #expect(try faults(site).isEmpty)
        let (host, tap) = (site.lab.host, site.port.tapName)
        try host.change(["link set dev \(tap) down"])
        #expect(try faults(site) == [.portDown])
        try site.lab.networks.apply(site.network)
        try host.change(["link set dev \(tap) nomaster"])
        #expect(try faults(site) == [.notInBridge])
        try site.lab.networks.apply(site.network)
        try site.lab.server(site.network).stop()
        #expect(try faults(site) == [.dhcpServerDead])
        try site.lab.networks.apply(site.network)
        #expect(try faults(site).isEmpty)
        site.closeMetadata()
        #expect(try faults(site) == [.metadataRefused])
    }

    @Test func `rules and ways out`() throws {
        let site = try InspectionTests.Site()
        // A guest of the same network: no way out is asked for.
        let neighbour = try #require(IPAddress("192.168.56.7"))
        #expect(try faults(site, .address(neighbour), .ping).isEmpty)
        #expect(try faults(site, .fromOutside, .tcp(23)) == [.noRule, .noRoute])
        let outside = try #require(IPAddress("203.0.113.9"))
        #expect(try faults(site, .address(outside), .ping) == [.noRoute])
        let short = site.port.portID.prefix(10)
        try site.nft("flush", "chain", "bridge", site.network.bridgeName, "s\(short)")
        #expect(try faults(site) == [.rulesNotApplied])
    }

    @Test func `no lease, and an address that is not the port's`() throws {
        let site = try InspectionTests.Site()
        var other = site.lab.port(on: site.network, "192.168.56.109", mac: "fa:16:3e:1a:06:91")
        other.securityGroupIDs = site.port.securityGroupIDs
        site.network.ports.append(other)
        site.network.generation += 1
        let guest = try site.lab.guest(at: other)
        try site.lab.networks.apply(site.network)
        #expect(try faults(site, port: other) == [.noLease])
        let socket = try LabGuest(namespace: guest, mac: other.macAddress)
        let packet = Packet(
            sourceMAC: other.macAddress, destinationMAC: site.port.macAddress, source: "192.168.56.77",
            destination: "192.168.56.108", load: .udp(from: 1, to: 2))
        for _ in 0..<3 { try socket.send(packet.frame) }
        #expect(try faults(site, port: other) == [.noLease, .spoofedAddress])
    }
}
