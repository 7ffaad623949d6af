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
        for narrow in Self.narrowed(filter) {
            for page in [page, PageRequest(marker: web.id.text, limit: 10, isBackward: true)] {
                _ = try cloud.compute.instances(narrow, page: page, as: TestCloud.admin)
                _ = try cloud.compute.instances(narrow, page: page, as: TestCloud.member)
            }
        }
        _ = try cloud.compute.keypairs(as: TestCloud.member)
        _ = try cloud.compute.quota(projectID: "p-lab", as: TestCloud.member)
        let sorted = try cloud.database.sortedPages(in: cloud.recorder)
        // A subnet's pools are few, and one instance is in any order.
        let few = ["jobs", "ipallocationpools", "AND instances.id = ?"]
        #expect(sorted.filter { line in !few.contains { line.contains($0) } } == [])
        // What changed since a moment is found by the moment, and then sorted.
        filter.changesSince = cloud.clock.now()
        _ = try cloud.compute.instances(filter, as: TestCloud.admin)
        for action in [InstanceAction.stop, .start, .softReboot, .hardReboot, .delete] {
            try cloud.compute.perform(action, on: web.id, as: TestCloud.member)
            try cloud.jobs.drain()
        }
        cloud.clock.advance(seconds: 60)
        try cloud.jobs.drain()
        let ours = [
            "instances", "request_specs", "instance_faults", "instance_steps", "instance_actions", "key_pairs",
            "instance_extra", "instance_metadata", "instance_action_events",
        ]
        let scans = try cloud.database.scans(in: cloud.recorder).filter { line in
            ours.contains { line.hasPrefix("SCAN \($0)") }
        }
        // A partial index holds no more rows than its condition admits: what is being built, or what has not been
        // deleted and belongs to the page's order.
        let allowed = ["USING INDEX instances_in_progress", "USING INDEX instances_by_age"]
        #expect(scans.filter { line in !allowed.contains { line.contains($0) } } == [])
        // Only what every list page and every launch reads may not look at each instance to count them.
        #expect(!cloud.recorder.statements.contains { $0.contains("count(*)") && $0.contains("FROM instances") })
    }

    /// The filter narrowed by each field, and by all of them.
    private static func narrowed(_ filter: InstanceFilter) -> [InstanceFilter] {
        let fields: [(inout InstanceFilter) -> Void] = [
            { $0.name = "web" }, { $0.id = "x" }, { $0.status = .active }, { $0.imageID = "x" }, { $0.imageName = "x" },
            { $0.flavorID = "x" }, { $0.flavorName = "x" }, { $0.keyName = "x" }, { $0.availabilityZone = "x" },
            { $0.host = "node1" },
        ]
        let single = fields.map { narrow in
            var filter = filter
            narrow(&filter)
            return filter
        }
        return single + [fields.reduce(into: filter) { $1(&$0) }]
    }

    @Test func `the use of a quota is added up once, when a database becomes this program's, and then kept`() throws {
        let database = try DatabasePool.temporary()
        try database.migrate(ServiceCoreSchema.migrations)
        try database.migrate(Array(ComputeSchema.migrations.prefix { $0.name != "compute/0004-usage" }))
        func insert(
            _ id: String, _ number: Int, _ project: String, deleted: Bool = false, claimed: Bool = false
        ) throws {
            try database.write { transaction in
                _ = try transaction.execute(
                    """
                    INSERT INTO instances (id, number, name, description, project_id, project_name, user_id, user_name,
                        vm_state, power_state, availability_zone, flavor_id, flavor_name, vcpus, memory_mib, disk_gib,
                        image_id, image_name, launch_index, reservation_id, config_drive, created_at, updated_at,
                        deleted_at, revision\(sql: claimed ? ", claimed_vcpus, claimed_memory_mib, claimed_disk_gib" : ""))
                    VALUES (\(id), \(number), '', '', \(project), '', '', '', \(deleted ? "deleted" : "active"), 0, '', '',
                        '', 2, 512, 1, '', '', 0, '', 0, 0, 0, \(deleted ? 1 : nil as Int?), 0\(sql: claimed ? ", 2, 512, 1" : ""))
                    """)
            }
        }
        func use(_ project: String) throws -> [Int] {
            try database.read { transaction in
                try transaction.first(
                    "SELECT instances, cores, memory_mib FROM compute_usages WHERE project_id = \(project)"
                ) { try [$0[0], $0[1], $0[2]] } ?? []
            }
        }
        try insert("a", 1, "p")
        try insert("b", 2, "p")
        try insert("gone", 3, "p", deleted: true)
        try database.write { transaction in
            _ = try transaction.execute(
                """
                INSERT INTO instance_actions (instance_id, action, request_id, user_id, user_name, started_at, outcome)
                VALUES ('a', 'create', 'req-1', '', '', 0, 'running')
                """)
        }
        try database.migrate(ComputeSchema.migrations)
        #expect(try use("p") == [2, 4, 1024])
        // The table of instances was made anew meanwhile; what belongs to its rows is still there.
        #expect(try database.read { try $0.map("SELECT instance_id FROM instance_actions") { try $0[0] } } == ["a"])
        try insert("c", 4, "p", claimed: true)
        try insert("d", 5, "q", claimed: true)
        #expect(try (use("p"), use("q")) == ([3, 6, 1536], [1, 2, 512]))
        try database.write { transaction in
            _ = try transaction.execute(
                "UPDATE instances SET claimed_vcpus = 4, claimed_memory_mib = 256 WHERE id = 'b'")
        }
        #expect(try use("p") == [3, 8, 1280])
        try database.write { transaction in
            _ = try transaction.execute(
                "UPDATE instances SET claimed_vcpus = 2, claimed_memory_mib = 512 WHERE id = 'b'")
        }
        try database.write { transaction in
            for id in ["a", "a", "d"] {
                _ = try transaction.execute(
                    "UPDATE instances SET vm_state = 'deleted', deleted_at = 1 WHERE id = \(id)")
                _ = try transaction.execute("UPDATE instances SET name = 'x' WHERE id = \(id)")
            }
        }
        #expect(try (use("p"), use("q")) == ([2, 4, 1024], [0, 0, 0]))
    }
}
