import Compute
import HTTP
import ServiceCore

/// `/os-migrations`, and `/os-instance_usage_audit_log`.
struct MigrationEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/os-migrations", list)
        table.on(.get, "/v2.1/os-instance_usage_audit_log", auditLog)
        table.on(.get, "/v2.1/os-instance_usage_audit_log/{before}", auditLogBefore)
    }

    func list(_ call: APICall) throws -> Response {
        let query = call.query
        var filter = MigrationFilter()
        filter.instanceID = query.text("instance_uuid")
        filter.status = query.text("status")
        filter.host = query.text("host") ?? query.text("source_compute")
        _ = query.has("source_compute")
        let type = query.text("migration_type")
        _ = query.has("hidden")
        if call.isAtLeast(2, 59) {
            filter.changesSince = try query.moment("changes-since")
            filter.marker = query.text("marker")
            filter.limit = try query.novaPage()?.limit ?? 0
        }
        if call.isAtLeast(2, 66) { filter.changesBefore = try query.moment("changes-before") }
        if call.isAtLeast(2, 80) {
            filter.userID = query.text("user_id")
            filter.projectID = query.text("project_id")
        }
        try query.finish(call)
        var page = try compute.migrations(filter, as: call.context)
        if let type, type != "resize" { page = Page(items: [], next: nil) }
        return call.answer { json in
            json.list("migrations", page.items) { json, migration in json.object { $0.migration(migration, call) } }
            if call.isAtLeast(2, 59) { json.nextLink("migrations_links", page.next, call) }
        }
    }

    func auditLog(_ call: APICall) throws -> Response { try answer("instance_usage_audit_logs", compute.now, call) }

    func auditLogBefore(_ call: APICall) throws -> Response {
        let text = call[parameter: "before"]
        guard let before = Timestamp(iso8601: text) else {
            throw APIError(.badRequest, "Invalid timestamp for date \(text.prefix(80))")
        }
        return try answer("instance_usage_audit_log", before, call)
    }

    /// Nothing here is billed, so that no host has written a log: the month before, empty.
    private func answer(_ name: String, _ before: Timestamp, _ call: APICall) throws -> Response {
        let hosts = try compute.hypervisors(as: call.context).map(\.host)
        let end = before.iso8601.prefix(7) + "-01 00:00:00"
        let begin = before.adding(seconds: -31 * 86_400).iso8601.prefix(7) + "-01 00:00:00"
        return call.answer { json in
            json.entry(name) { json in
                json.object {
                    $0.list("hosts_not_run", hosts)
                    $0.object("log") { _ in }
                    $0.member("num_hosts", hosts.count)
                    $0.member("num_hosts_done", 0)
                    $0.member("num_hosts_not_run", hosts.count)
                    $0.member("num_hosts_running", 0)
                    $0.member("overall_status", "0 of \(hosts.count) hosts done. 0 errors.")
                    $0.member("period_beginning", String(begin))
                    $0.member("period_ending", String(end))
                    $0.member("total_errors", 0)
                    $0.member("total_instances", 0)
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func migration(_ migration: InstanceMigration, _ call: APICall) {
        member("id", migration.number)
        if call.isAtLeast(2, 59) { member("uuid", migration.uuid) }
        member("instance_uuid", migration.instanceID.text)
        member("status", migration.status.rawValue)
        member("source_compute", migration.host)
        member("source_node", migration.host)
        member("dest_compute", migration.host)
        member("dest_node", migration.host)
        member("dest_host", "127.0.0.1")
        member("old_instance_type_id", Int(migration.oldFlavorID) ?? 0)
        member("new_instance_type_id", Int(migration.newFlavorID) ?? 0)
        member("created_at", migration.createdAt.withMicroseconds)
        member("updated_at", migration.updatedAt.withMicroseconds)
        if call.isAtLeast(2, 23) { member("migration_type", "resize") }
        guard call.isAtLeast(2, 80) else { return }
        member("user_id", migration.userID)
        member("project_id", migration.projectID)
    }
}
