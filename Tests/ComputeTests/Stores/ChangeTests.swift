import Database
import ServiceCore
import Testing

@testable import Compute

@Suite struct `What changes of instances` {
    /// Whoever keeps rows of lists trusts that no table they are read from forgets to tell.
    @Test func `is told by every table that lists are read from`() throws {
        let cloud = try TestCloud()
        let web = try cloud.launch("web")
        let before = Set(cloud.recorder.statements)
        let instances = try cloud.compute.instances([web.id], as: TestCloud.admin)
        _ = try cloud.compute.details(of: instances, as: TestCloud.admin)
        _ = try cloud.compute.launchFacts(of: instances, as: TestCloud.admin)
        let statements = Set(cloud.recorder.statements).subtracting(before)
        #expect(statements.count >= 5)
        let tables = Set(statements.flatMap { $0.matches(of: /(?:FROM|JOIN) ([a-z_]+)/).map { String($0.1) } })
        // Of hosts it depends on the time what is said: whoever keeps rows asks again.
        let asked: Set = ["json_each", "services", "aggregates", "aggregate_hosts", "aggregate_metadata"]
        let triggers = try cloud.database.read { transaction in
            try transaction.map("SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'recent_changes_%_update'") {
                try $0[0] as String
            }
        }
        #expect(tables.subtracting(asked).subtracting(triggers) == [])
        #expect(tables.contains("ports") && tables.contains("instance_faults"))
    }

    @Test func `is told since a version, and not for ever`() throws {
        let cloud = try TestCloud()
        let web = try cloud.launch("web")
        let start = try cloud.compute.changes(since: 0).version
        #expect(try cloud.compute.changes(since: start) == RecentChanges(version: start, resources: [:]))
        var update = InstanceUpdate()
        update.name = "new"
        _ = try cloud.compute.update(web.id, update, as: TestCloud.member)
        let changes = try cloud.compute.changes(since: start)
        #expect(changes.resources == [web.id.text: changes.version] && changes.version > start)
        #expect(try cloud.compute.changes(since: changes.version + 1).resources == nil)
        try cloud.database.write { transaction in
            for count in 0..<4096 {
                try transaction.execute("UPDATE instances SET name = \("n\(count)") WHERE id = \(web.id)")
            }
        }
        #expect(try cloud.compute.changes(since: start).resources == nil)
        #expect(try cloud.compute.changes(since: changes.version + 1).resources?.keys.sorted() == [web.id.text])
    }
}
