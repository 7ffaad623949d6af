import Database
import ServiceCore

extension InstanceStore {
    /// A filter may fit few of very many instances. One page looks at no more of them than this, and its marker goes on
    /// where the search stopped.
    static let reach = 10_000

    /// One page of the instances of a project (nil: of all), newest first.
    func list(
        _ filter: InstanceFilter, project: String?, page: PageRequest, in transaction: borrowing Transaction
    ) throws -> Page<Instance> {
        let stretch = Self.stretch(filter, project: project, page)
        let order: SQL =
            page.isBackward
            ? " ORDER BY instances.created_at, number" : " ORDER BY instances.created_at DESC, number DESC"
        let conditions = conditions(filter)
        var sql: SQL = "\(sql: Self.selection) WHERE \(sql: stretch)\(sql: conditions)"
        var end: String?
        if !conditions.text.isEmpty, filter.id == nil {
            end = try transaction.value(
                "SELECT id FROM instances WHERE \(sql: stretch)\(sql: order) LIMIT 1 OFFSET \(Self.reach - 1)")
        }
        if let end {
            sql +=
                " AND (instances.created_at, number) \(sql: page.isBackward ? "<=" : ">=") \(sql: Self.place(of: end))"
        }
        sql += "\(sql: order) LIMIT \(page.limit + 1)"
        let found = Page(try transaction.map(sql, Self.instance), of: page) { $0.id.text }
        guard let end else { return found }
        return Page(
            items: found.items, next: found.next ?? (page.isBackward ? nil : end),
            previous: found.previous ?? (page.isBackward ? end : nil))
    }

    /// The instances a page chooses from: a stretch of one index.
    private static func stretch(_ filter: InstanceFilter, project: String?, _ page: PageRequest) -> SQL {
        // `changes-since` lists deleted instances too, as in nova.
        var sql: SQL = filter.changesSince.map { "updated_at >= \($0)" } ?? "deleted_at IS NULL"
        if let project { sql += " AND project_id = \(project)" }
        if let marker = page.marker {
            sql += " AND (instances.created_at, number) \(sql: page.isBackward ? ">" : "<") \(sql: place(of: marker))"
        }
        return sql
    }

    private static func place(of id: String) -> SQL {
        "(SELECT created_at, number FROM instances WHERE id = \(id))"
    }

    private func conditions(_ filter: InstanceFilter) -> SQL {
        var sql: SQL = ""
        if let name = filter.name { sql += " AND instr(lower(name), \(name.lowercased())) > 0" }
        if let id = filter.id { sql += " AND instances.id = \(id)" }
        if let image = filter.imageID { sql += " AND image_id = \(image)" }
        if let image = filter.imageName { sql += " AND image_name = \(image)" }
        if let flavor = filter.flavorID { sql += " AND flavor_id = \(flavor)" }
        if let flavor = filter.flavorName { sql += " AND flavor_name = \(flavor)" }
        if let key = filter.keyName { sql += " AND key_name = \(key)" }
        if let zone = filter.availabilityZone { sql += " AND availability_zone = \(zone)" }
        // The plus keeps the index of hosts away: its rows would have to be sorted.
        if let host = filter.host { sql += " AND +host = \(host)" }
        if let status = filter.status { sql += " AND (\(sql: Self.condition(status)))" }
        return sql
    }

    /// A status is a set of states; those that share a vm_state and have it with every task need no test of the task.
    private static func condition(_ status: InstanceStatus) -> SQL {
        var sql: SQL = "1 = 0"
        for state in InstanceState.states(of: status) {
            sql += " OR (vm_state = \(state.vm) AND task_state IS \(state.task))"
        }
        return sql
    }
}
