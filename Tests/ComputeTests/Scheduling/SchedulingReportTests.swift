import ComputeHost
import ServiceCore
import Testing

@testable import Compute

/// What owners and administrators are told of hosts.
@Suite struct SchedulingReportTests {
    /// Three hosts on none of which anything fits, and one that is out of service.
    private func refused() throws -> (cloud: TestCloud, instance: Instance) {
        let hosts = ["node1", "node2", "node3", "node4"].map {
            InMemoryHost(hostname: $0, memoryMiB: $0 == "node3" ? 8192 : 100, diskGiB: $0 == "node3" ? 0 : 100)
        }
        let cloud = try TestCloud(host: hosts[0], others: Array(hosts.dropFirst()))
        try cloud.compute.setService(
            "nova-compute", on: "node4", enabled: false, reason: "bob spilt coffee on it", as: TestCloud.admin)
        return (cloud, try cloud.launch("web"))
    }

    @Test func `owners are told how many hosts were looked at and why each was refused, and nothing of the hosts`()
        throws
    {
        let (cloud, instance) = try refused()
        let report = try #require(try cloud.compute.scheduling(of: instance.id, as: TestCloud.member))
        #expect(report.decision == nil)
        guard case .summary(let summary) = report else { return }
        #expect(
            summary.groups.map { "\($0.count) \($0.isChosen) \($0.reasons.map(\.english).joined(separator: " "))" } == [
                "2 false Too little RAM.", "1 false The host is disabled. Too little RAM.",
                "1 false Too little disk.",
            ])
        let said = "\(report)\(try cloud.compute.timeline(of: instance.id, as: TestCloud.member))"
        #expect(!said.contains("node") && !said.contains("150") && !said.contains("coffee"))
    }

    @Test func `administrators are told everything`() throws {
        let (cloud, instance) = try refused()
        let decision = try #require(try cloud.decision(on: instance))
        #expect(decision.verdicts.map(\.host) == ["node1", "node2", "node3", "node4"])
        #expect(decision.verdicts[0].reasons.map(\.english) == ["Too little RAM: asks 512 MB, free 150 MB."])
        let internals = try #require(cloud.compute.internals(of: instance, as: TestCloud.admin))
        #expect(internals.faultDetails?.contains("node4: The host is disabled: bob spilt coffee on it") == true)
    }

    @Test func `the chosen host is one of so many to owners, and has a name for administrators`() throws {
        let cloud = try TestCloud(
            host: InMemoryHost(hostname: "node1", memoryMiB: 8192, diskGiB: 100),
            others: [InMemoryHost(hostname: "node2", memoryMiB: 100, diskGiB: 100)])
        let web = try cloud.launch("web")
        guard case .summary(let summary)? = try cloud.compute.scheduling(of: web.id, as: TestCloud.member) else {
            Issue.record("an owner is told of hosts")
            return
        }
        #expect(summary.groups.map(\.isChosen) == [true, false])
        #expect(
            cloud.compute.internals(of: web, as: TestCloud.admin) == InstanceInternals(host: "node1", faultDetails: nil)
        )
        for context in [TestCloud.member, TestCloud.reader] {
            #expect(cloud.compute.internals(of: web, as: context) == nil)
            let steps = try cloud.compute.timeline(of: web.id, as: context)
            #expect(steps.first { $0.phase == .schedule }?.detail == nil)
            #expect(steps.first { $0.phase == .network }?.detail != nil)
        }
        let steps = try cloud.compute.timeline(of: web.id, as: TestCloud.admin)
        #expect(steps.first { $0.phase == .schedule }?.detail?.english == "node1")
    }

    @Test func `an owner's log does not say where a step was done, and asking by host finds out nothing`() throws {
        let cloud = try TestCloud()
        let web = try cloud.launch("web")
        _ = try cloud.compute.perform(.stop, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        func hosts(_ context: RequestContext) throws -> Set<String?> {
            Set(try cloud.compute.actionLog(of: web.id, as: context).flatMap(\.events).map(\.host))
        }
        #expect(try hosts(TestCloud.member) == [nil])
        #expect(try hosts(TestCloud.admin) == ["node1"])
        func found(on host: String, _ context: RequestContext) throws -> Int {
            var filter = InstanceFilter()
            filter.host = host
            filter.allProjects = true
            return try cloud.compute.instances(filter, as: context).items.count
        }
        #expect(try [found(on: "node1", TestCloud.member), found(on: "node7", TestCloud.member)] == [1, 1])
        #expect(try [found(on: "node1", TestCloud.admin), found(on: "node7", TestCloud.admin)] == [1, 0])
    }

    @Test func `every reason against a host has words for owners that hold nothing`() {
        for kind in HostRefusal.Kind.allCases {
            #expect(kind.summary.arguments.isEmpty && !kind.summary.text.contains("{"))
        }
        let old = #"{"chosen":null,"verdicts":[{"host":"node1","reasons":[{"text":"Full.","arguments":{}}]}]}"#
        let decision = try? RequestSpecStore.decision(stored: old)
        #expect(decision?.verdicts.first?.refusals.map(\.kind) == [.unknown])
    }
}
