import ComputeHost
import TestSupport
import Testing

struct SimulatedStatisticsTests {
    private func host(at time: Int64) throws -> InMemoryHost {
        let host = InMemoryHost()
        host.setTime(time)
        for number in 1...2 {
            let id = "5c242396-3c7b-4bc6-bec1-00000000000\(number)"
            _ = try host.fetchBase(ImageSpec(id: "image", format: .qcow2))
            try host.createDisk(DiskSpec(instanceID: id, imageID: "image", sizeGiB: 1))
            try host.define(
                DomainSpec(
                    instanceID: id, number: number, name: "web", vcpus: 2, memoryMiB: 128, diskGiB: 1,
                    flavorName: "m1.micro", imageID: "image", imageName: "guest", projectID: "p", projectName: "admin",
                    userID: "u", userName: "admin", createdAt: 0,
                    interfaces: [
                        InterfaceSpec(
                            portID: "6a790b22-2900-4000-8000-00000000000\(number)", networkID: "n",
                            macAddress: "fa:16:3e:00:00:0\(number)", fixedIPs: [])
                    ]))
            _ = try host.start(id)
        }
        return host
    }

    @Test func `the simulated host keeps the contract of statistics`() throws {
        let host = InMemoryHost()
        _ = try host.fetchBase(ImageSpec(id: "image", format: .raw))
        try HypervisorContract.statistics.check(
            HypervisorUnderTest(host) { instanceID in
                try host.createDisk(DiskSpec(instanceID: instanceID, imageID: "image", sizeGiB: 1))
            })
    }

    @Test func `the curves are the same in every run and differ between instances`() throws {
        func run() throws -> [DomainStatistics] {
            let host = try host(at: 1_767_225_600_000)
            _ = try host.statistics()
            host.setTime(1_767_225_660_000)
            return try host.statistics()
        }
        let (first, second) = (try run(), try run())
        #expect(first == second)
        #expect(first.count == 2)
        #expect(first[0].cpuTime != first[1].cpuTime)
        #expect(first.allSatisfy { ($0.cpuTime ?? 0) > 0 && $0.interfaces[0].sentBytes > 0 })
        // Two processors for a minute.
        #expect(first.allSatisfy { ($0.cpuTime ?? 0) < 120_000_000_000 })
        #expect(first.allSatisfy { $0.memory.used ?? 0 < 128 * 1_024 })
    }

    @Test func `a guest that was off begins to count anew`() throws {
        let host = try host(at: 1_767_225_600_000)
        let id = "5c242396-3c7b-4bc6-bec1-000000000001"
        _ = try host.statistics()
        host.setTime(1_767_225_660_000)
        #expect(try (host.statistics().first?.cpuTime ?? 0) > 0)
        try host.powerOff(id)
        #expect(try host.statistics().map(\.instanceID) == ["5c242396-3c7b-4bc6-bec1-000000000002"])
        _ = try host.start(id)
        #expect(try host.statistics().first { $0.instanceID == id }?.cpuTime == 0)
    }
}
