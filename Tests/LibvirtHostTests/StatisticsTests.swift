import ComputeHost
import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

struct TestDriverStatisticsTests {
    @Test func `libvirt's test driver counts nothing, and so nothing is known`() throws {
        let state = try TemporaryDirectory()
        let host = try LocalHost.open(LibvirtConfiguration(uri: "test:///default", statePath: state.path))
        defer { host.close() }
        let subject = HypervisorUnderTest(host.services.hypervisor)
        try HypervisorContract.statistics.check(subject)
        // The driver has a running domain of its own, which is not ours.
        #expect(try host.services.hypervisor.statistics().isEmpty)
        try HypervisorContract("unknown") { subject in
            let spec = try subject.makeSpec()
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(spec.instanceID)
            let statistics = try #require(try subject.hypervisor.statistics().first)
            #expect(statistics.instanceID == spec.instanceID)
            #expect(statistics.cpuTime == nil)
            #expect(statistics.memory.used == nil)
            #expect(statistics.disks.isEmpty)
            #expect(statistics.interfaces.isEmpty)
        }.check(subject)
    }
}

@Suite(.serialized, .enabled(if: BridgedHost.missing == nil, "\(BridgedHost.missing ?? "")"))
struct RealStatisticsTests {
    @Test func `a real guest shows its processor, memory, disk and network`() throws {
        let real = try BridgedHost()
        defer { real.close() }
        let network = real.lab.network()
        // It is in nobody's list, so nobody answers when it asks for an address.
        let port = real.card(real.lab.port(on: network, "192.168.56.108", mac: "fa:16:3e:1a:06:90"))
        try real.lab.networks.apply(network)
        let guest = real.guest
        try HypervisorContract("real counters") { subject in
            var spec = try subject.makeSpec(memoryMiB: guest.minRAMMiB)
            spec.interfaces = [port]
            try subject.hypervisor.define(spec)
            _ = try subject.hypervisor.start(spec.instanceID)
            func read() throws -> DomainStatistics {
                try #require(try subject.hypervisor.statistics().first { $0.instanceID == spec.instanceID })
            }
            let first = try read()
            // Without an answer the guest goes on asking for an address.
            try eventually("the guest's packets are counted", seconds: 90) {
                try read().interfaces.first?.sentPackets ?? 0 > 2
            }
            let last = try read()
            #expect(last.vcpus == 1)
            #expect(try #require(last.cpuTime) > first.cpuTime ?? 0)
            #expect(last.interfaces.map(\.name) == [port.tapName])
            #expect(try #require(last.interfaces.first).sentBytes > 100)
            #expect(last.disks.map(\.name) == ["vda"])
            #expect(try #require(last.disks.first).readBytes > 1 << 20)
            #expect(try #require(last.memory.current) == UInt64(guest.minRAMMiB) << 10)
            #expect(try #require(last.memory.resident) > 16 << 10)
            try eventually("the guest's balloon driver reports", seconds: 60) { try read().memory.used != nil }
            let used = try #require(try read().memory.used)
            #expect((4 << 10...UInt64(guest.minRAMMiB) << 10).contains(used))
        }.check(real.subject)
    }
}
