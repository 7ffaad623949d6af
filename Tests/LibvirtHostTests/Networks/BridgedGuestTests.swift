import ComputeHost
import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

@Suite(.serialized, .enabled(if: BridgedHost.missing == nil, "\(BridgedHost.missing ?? "")"))
struct BridgedGuestTests {
    @Test
    func `a real guest is plugged into its bridge, gets more cards while it runs, and loses them without a trace`()
        throws
    {
        let real = try BridgedHost()
        defer { real.close() }
        let lab = real.lab
        let network = Self.network(in: lab)
        let (first, second) = (network.ports[0], network.ports[1])
        try HypervisorContract("bridged") { subject in
            var spec = try subject.makeSpec(memoryMiB: real.guest.minRAMMiB)
            let cards = network.ports.map { real.card($0, mtu: network.mtu) }
            spec.interfaces = [cards[0]]
            try lab.networks.apply(network)
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(spec.instanceID)
            let tap = try #require(try lab.host.links()[first.tapName])
            #expect(tap.master == network.bridgeName && tap.isUp && tap.mtu == 1450)
            try eventually("an address by DHCP", seconds: 90) {
                try real.console(spec.instanceID).contains("eth0: 192.168.56.108/24, from 192.168.56.100")
            }
            for _ in 0..<2 {
                try subject.hypervisor.attachInterface(cards[1], to: spec.instanceID)
                try subject.hypervisor.attachInterface(cards[1], to: spec.instanceID)
                #expect(try lab.host.links()[second.tapName]?.master == network.bridgeName)
                try subject.hypervisor.detachInterface(portID: second.portID, from: spec.instanceID)
                try eventually("the tap is gone") { try lab.host.links()[second.tapName] == nil }
                try subject.hypervisor.detachInterface(portID: second.portID, from: spec.instanceID)
            }
            try subject.hypervisor.attachInterface(cards[1], to: spec.instanceID)
            try eventually("an address of the second card", seconds: 90) {
                try real.console(spec.instanceID).contains("eth1: 192.168.56.109/24, from 192.168.56.100")
            }
            var both = spec
            both.interfaces = cards
            let drift = try subject.hypervisor.domainDrift(of: spec.instanceID, expected: both)
            #expect(drift?.differences.isEmpty == true, "\(String(describing: drift))")
            // A guest that hangs on a bridge somebody deleted is back on the next look.
            try lab.host.change(["link delete dev \(network.bridgeName)"])
            try lab.networks.apply(network)
            #expect(try lab.host.links().ports(of: network.bridgeName).count == 3)
            try subject.hypervisor.powerOff(spec.instanceID)
            #expect(try lab.host.links()[first.tapName] == nil)
        }.check(real.subject)
    }

    private static func network(in lab: NetworkLab) -> NetworkSpec {
        var network = lab.network()
        network.mtu = 1450
        network.ports = [
            lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90"),
            lab.port(on: network, "192.168.56.109", mac: "fa:16:3e:1a:06:91"),
        ]
        return network
    }
}
