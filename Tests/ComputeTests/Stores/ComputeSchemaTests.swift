import ComputeHost
import Database
import ServiceCore
import TestSupport
import Testing

@testable import Compute

struct ComputeSchemaTests {
    @Test func `the committed schema is what the migrations make`() throws {
        let schema = try CommittedSchema(of: ComputeSchema.migrations)
        #expect(schema.committed == schema.made)
    }

    @Test func `no statement reads a whole table that grows`() throws {
        let cloud = try TestCloud()
        let web = try cloud.launch("web")
        _ = try cloud.compute.createKeypair(named: "key", as: TestCloud.member)
        var filter = InstanceFilter()
        filter.allProjects = true
        let page = PageRequest(marker: web.id.text, limit: 10)
        for context in [TestCloud.member, TestCloud.admin] {
            _ = try cloud.compute.instances(filter, as: context)
            _ = try cloud.compute.instances(filter, page: page, as: context)
            _ = try cloud.compute.actionLog(of: web.id, as: TestCloud.admin)
        }
        filter.changesSince = cloud.clock.now()
        _ = try cloud.compute.instances(filter, as: TestCloud.admin)
        for action in [InstanceAction.stop, .start, .softReboot, .hardReboot, .delete] {
            try cloud.compute.perform(action, on: web.id, as: TestCloud.member)
            try cloud.jobs.drain()
        }
        cloud.clock.advance(seconds: 60)
        try cloud.jobs.drain()
        let ours = ["instances", "request_specs", "instance_faults", "instance_steps", "instance_actions", "key_pairs"]
        let scans = try cloud.database.scans(in: cloud.recorder).filter { line in
            ours.contains { line.hasPrefix("SCAN \($0)") }
        }
        // A partial index holds no more rows than its condition admits: what is being built, or what has not been
        // deleted and belongs to the page's order.
        let allowed = ["USING INDEX instances_in_progress", "USING INDEX instances_by_age"]
        #expect(scans.filter { line in !allowed.contains { line.contains($0) } } == [])
    }
}
