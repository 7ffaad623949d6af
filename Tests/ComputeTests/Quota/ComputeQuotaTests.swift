import Testing

@testable import Compute

@Suite struct ComputeQuotaTests {
    let small = Flavor(id: "2", name: "m1.small", vcpus: 1, memoryMiB: 2048, diskGiB: 20, isPublic: true)

    func quota(_ limits: ComputeResources = .defaultLimits, used: ComputeResources) -> ComputeQuota {
        ComputeQuota(limits: limits, used: used)
    }

    @Test func `what exactly fits is no excess`() {
        let quota = quota(used: ComputeResources(instances: 8, cores: 18, memoryMiB: 51_200 - 4096))
        #expect(quota.excess(adding: ComputeResources(small, count: 2)).isEmpty)
        #expect(quota.room(for: small) == 2)
    }

    @Test func `every resource that would be overrun is named with its numbers`() {
        let quota = quota(used: ComputeResources(instances: 9, cores: 19, memoryMiB: 50_000))
        let excess = quota.excess(adding: ComputeResources(small, count: 2))
        #expect(excess.map(\.resource) == ["instances", "cores", "ram"])
        #expect(excess[0] == .init(resource: "instances", limit: 10, used: 9, requested: 2))
        #expect(quota.room(for: small) == 0)
    }

    @Test func `minus one is no limit`() {
        let quota = quota(
            ComputeResources(instances: -1, cores: -1, memoryMiB: -1),
            used: ComputeResources(instances: 5000, cores: 5000, memoryMiB: 5000))
        #expect(quota.excess(adding: ComputeResources(small, count: 100)).isEmpty)
        #expect(quota.room(for: small) == Int.max)
    }

    @Test func `use above a lowered limit leaves no room and no negative number`() {
        let quota = quota(
            ComputeResources(instances: 2, cores: 20, memoryMiB: 51_200),
            used: ComputeResources(instances: 5, cores: 5, memoryMiB: 5))
        #expect(quota.room(for: small) == 0)
    }
}
