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

@Suite(
    .serialized,
    .enabled(if: RealHost.missing == nil && geteuid() == 0, "\(RealHost.missing ?? "needs root: a bridge is made")"))
struct RealStatisticsTests {
    private static func bridgedPort() throws -> InterfaceSpec {
        var port = try HypervisorUnderTest(InMemoryHost()).makeSpec().interfaces[0]
        port.mode = .bridge
        return port
    }

    /// In a network namespace of its own: the bridge is seen by nobody else.
    @Test func `a real guest shows its processor, memory, disk and network`() throws {
        let guest = try GuestImageBuilder(statePath: RealHost.keptPath).build()
        let turn = open(RealHost.keptPath + "/turn", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        flock(turn, LOCK_EX)
        defer { close(turn) }
        let state = try TemporaryDirectory()
        let port = try Self.bridgedPort()
        let daemon = PrivateLibvirtd(statePath: RealHost.keptPath + "-bridged", bridges: [port.bridgeName])
        let host = try LocalHost.open(LibvirtConfiguration(uri: try daemon.start(), statePath: state.path))
        defer {
            host.close()
            try? daemon.stop()
        }
        try FileManager.default.createDirectory(atPath: state.path + "/images", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: guest.path, toPath: state.path + "/images/guest")
        let disks = host.services.disks
        _ = try disks.fetchBase(ImageSpec(id: "guest", format: guest.format))
        let subject = HypervisorUnderTest(host.services.hypervisor) { instanceID in
            try disks.createDisk(DiskSpec(instanceID: instanceID, imageID: "guest", sizeGiB: 1))
        } removeFiles: { instanceID in
            try disks.deleteInstance(instanceID)
        }
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
        }.check(subject)
    }
}
