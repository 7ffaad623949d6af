import ServiceCore
import Testing

@testable import Compute

@Suite struct SchedulerTests {
    let plain = Scheduler(ratios: AllocationRatios(cpu: 1, memory: 1, disk: 1))
    let request = PlacementRequest(vcpus: 2, memoryMiB: 1024, diskGiB: 10)

    func host(_ name: String, memory: Int = 4096, used: HostResources = .init(vcpus: 0, memoryMiB: 0, diskGiB: 0))
        -> HostSnapshot
    {
        HostSnapshot(name: name, total: .init(vcpus: 4, memoryMiB: memory, diskGiB: 100), used: used)
    }

    @Test func `the host with the most free memory is chosen`() {
        let decision = plain.decide(
            request, among: [host("node1", memory: 2048), host("node2"), host("node3", memory: 3000)])
        #expect(decision.chosen == "node2")
        #expect(decision.verdicts.map(\.host) == ["node1", "node2", "node3"])
        #expect(decision.verdicts.allSatisfy { $0.isAccepted })
    }

    @Test func `equal hosts are taken in the order of their names`() {
        #expect(plain.decide(request, among: [host("node2"), host("node1")]).chosen == "node1")
    }

    @Test func `two instances land on different hosts`() {
        let first = plain.decide(request, among: [host("node1"), host("node2")])
        let taken = HostResources(vcpus: 2, memoryMiB: 1024, diskGiB: 10)
        let second = plain.decide(request, among: [host("node1", used: taken), host("node2")])
        #expect([first.chosen, second.chosen] == ["node1", "node2"])
    }

    @Test func `a host is refused with every reason and the numbers`() {
        let full = host("node1", used: .init(vcpus: 3, memoryMiB: 3500, diskGiB: 95))
        let decision = plain.decide(request, among: [full])
        #expect(decision.chosen == nil)
        #expect(
            decision.verdicts[0].reasons.map(\.english) == [
                "Too few vCPUs: asks 2, free 1.", "Too little RAM: asks 1024 MB, free 596 MB.",
                "Too little disk: asks 10 GB, free 5 GB.",
            ])
    }

    @Test func `what exactly fits is accepted`() {
        let used = HostResources(vcpus: 2, memoryMiB: 3072, diskGiB: 90)
        #expect(plain.decide(request, among: [host("node1", used: used)]).chosen == "node1")
    }

    @Test func `a host that is down, disabled or in another zone is refused`() {
        var down = host("down")
        down.isUp = false
        var disabled = host("disabled")
        disabled.disabledReason = "new disks"
        var elsewhere = host("elsewhere")
        elsewhere.availabilityZone = "az2"
        var asked = request
        asked.availabilityZone = "nova"
        let decision = plain.decide(asked, among: [down, disabled, elsewhere])
        #expect(decision.chosen == nil)
        #expect(
            decision.verdicts.flatMap(\.reasons).map(\.english) == [
                "The host does not answer.", "The host is disabled: new disks",
                "The host is in zone az2, asked is nova.",
            ])
    }

    @Test func `ratios promise more than there is`() {
        let scheduler = Scheduler(ratios: AllocationRatios(cpu: 2, memory: 1.5, disk: 1))
        let used = HostResources(vcpus: 6, memoryMiB: 5120, diskGiB: 0)
        #expect(scheduler.decide(request, among: [host("node1", used: used)]).chosen == "node1")
        #expect(plain.decide(request, among: [host("node1", used: used)]).chosen == nil)
    }

    @Test func `a thousand hosts are judged`() {
        let hosts = (0..<1000).map { host("node\($0)", memory: 2048 + $0) }
        #expect(plain.decide(request, among: hosts).chosen == "node999")
    }

    @Test func `no host at all is no choice`() {
        #expect(plain.decide(request, among: []).chosen == nil)
    }
}
