import ServiceCore
import Testing

@testable import Compute

@Suite struct HostFilterTests {
    let scheduler = Scheduler(ratios: AllocationRatios(cpu: 1, memory: 1, disk: 1))
    var request = PlacementRequest(vcpus: 1, memoryMiB: 512, diskGiB: 1)

    func host(_ name: String, memory: Int = 4096, change: (inout HostSnapshot) -> Void = { _ in }) -> HostSnapshot {
        var host = HostSnapshot(name: name, total: .init(vcpus: 4, memoryMiB: memory, diskGiB: 100), used: .none)
        change(&host)
        return host
    }

    /// What is said against each host.
    func refusals(_ request: PlacementRequest, _ hosts: HostSnapshot...) -> [String] {
        scheduler.decide(request, among: hosts).verdicts.map { $0.reasons.map(\.english).joined(separator: " ") }
    }

    @Test(arguments: [
        ("true", "true", true), ("true", "false", false), ("<or> ssd <or> nvme", "nvme", true),
        ("<or> ssd <or> nvme", "disk", false), ("<in> sd", "ssd", true), (">= 4", "8", true), (">= 4", "3", false),
        ("= 4", "4", true), ("== 4", "4.0", true), ("!= 4", "4", false), ("<= 4", "x", false), ("s== a b", "a b", true),
        ("s!= a", "b", true), ("two words", "two words", true),
    ])
    func `a flavor's extra specs are held against the metadata of aggregates`(
        wanted: String, value: String, fits: Bool
    ) {
        var asked = request
        asked.extraSpecs = ["aggregate_instance_extra_specs:ssd": wanted, "hw:cpu_policy": "dedicated"]
        let node = host("node1") { $0.properties = ["ssd": [value], "availability_zone": ["nova"]] }
        #expect((refusals(asked, node) == [""]) == fits)
    }

    @Test func `a host without the metadata a flavor wants says so`() {
        var asked = request
        asked.extraSpecs = ["aggregate_instance_extra_specs:ssd": "true"]
        #expect(
            refusals(asked, host("node1")) == ["The host's aggregates have ssd = –, the flavor wants true."])
    }

    @Test func `an image's properties choose among hosts`() {
        var asked = request
        asked.image = ImageRequirements(properties: ["hw_architecture": "aarch64", "img_hv_type": "KVM"])
        let arm = host("arm") {
            $0.architectures = ["aarch64"]
            $0.hypervisorTypes = ["kvm", "qemu"]
        }
        #expect(
            refusals(asked, host("node1"), arm) == [
                "The image needs the architecture aarch64, the host has x86_64, i686. "
                    + "The image needs the hypervisor type kvm, the host has qemu.", "",
            ])
        #expect(ImageRequirements(properties: ["architecture": "x86_64"]).architecture == "x86_64")
    }

    @Test func `affinity keeps a group on the hosts it is on`() {
        var asked = request
        asked.group = GroupRequirement(name: "db", policy: .affinity)
        #expect(refusals(asked, host("node1"), host("node2")) == ["", ""])
        asked.group?.members = ["node2": 1]
        #expect(
            refusals(asked, host("node1"), host("node2")) == ["Affinity: the server group db is on node2.", ""])
    }

    @Test func `anti-affinity keeps a group apart, as far as its rule says`() {
        var asked = request
        asked.group = GroupRequirement(name: "web", policy: .antiAffinity, members: ["node1": 1])
        #expect(
            refusals(asked, host("node1"), host("node2")) == [
                "Anti-affinity: of the server group web 1 are here, at most 1 may be.", "",
            ])
        asked.group?.mostPerHost = 2
        #expect(refusals(asked, host("node1")) == [""])
    }

    @Test func `soft policies refuse nothing and outweigh free memory`() {
        var asked = request
        let hosts = [host("node1", memory: 2048), host("node2", memory: 4096)]
        asked.group = GroupRequirement(name: "web", policy: .softAffinity, members: ["node1": 1])
        #expect(scheduler.decide(asked, among: hosts).chosen == "node1")
        asked.group = GroupRequirement(name: "web", policy: .softAntiAffinity, members: ["node2": 1])
        #expect(scheduler.decide(asked, among: hosts).chosen == "node1")
        asked.group?.members = ["node1": 1, "node2": 1]
        #expect(scheduler.decide(asked, among: hosts).chosen == "node2")
        asked.group?.members = ["node1": 3]
        #expect(scheduler.decide(asked, among: [hosts[0]]).chosen == "node1")
    }

    @Test func `a named host needs only to be up and to have room`() {
        var asked = request
        asked.forcedHost = "node1"
        let disabled = host("node1") {
            $0.disabledReason = ""
            $0.availabilityZone = "az2"
        }
        #expect(refusals(asked, disabled, host("node2")) == ["", "The launch names another host, node1."])
        #expect(
            refusals(asked, host("node1", memory: 100)) == ["Too little RAM: asks 512 MB, free 100 MB."])
        #expect(refusals(asked, host("node1") { $0.isUp = false }) == ["The host does not answer."])
        #expect(refusals(request, disabled) == ["The host is disabled."])
    }

    @Test func `every accepted host is weighed, and the heaviest is taken`() {
        let decision = scheduler.decide(
            request, among: [host("node1", memory: 1000), host("node2", memory: 2000), host("node3", memory: 100)])
        #expect(decision.verdicts.map(\.weight) == [0, 1, nil])
        #expect(decision.chosen == "node2")
        #expect(
            decision.details == "node1: accepted\nnode2: accepted\nnode3: Too little RAM: asks 512 MB, free 100 MB.")
        let stacking = Scheduler(multipliers: WeightMultipliers(memory: -1))
        #expect(
            stacking.decide(request, among: [host("node1", memory: 1000), host("node2", memory: 2000)]).chosen
                == "node1")
    }
}
