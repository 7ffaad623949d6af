import Database
import ServiceCore

extension InstanceStore {
    /// One stretch of the instances of a project (nil: of all), newest first, and one more when there is more.
    func list(
        _ filter: InstanceFilter, project: String?, page: PageRequest, in transaction: borrowing Transaction
    ) throws -> [Instance] {
        // `changes-since` lists deleted instances too, as in nova.
        var sql: SQL = "\(sql: Self.selection) WHERE"
        if let since = filter.changesSince {
            sql += " updated_at >= \(since)"
        } else {
            sql += " deleted_at IS NULL"
        }
        if let project { sql += " AND project_id = \(project)" }
        sql += try conditions(filter)
        if let marker = page.marker {
            sql += """
                 AND (instances.created_at, number)
                    < (SELECT created_at, number FROM instances WHERE id = \(marker))
                """
        }
        sql += " ORDER BY instances.created_at DESC, number DESC LIMIT \(page.limit + 1)"
        return try transaction.map(sql, Self.instance)
    }

    private func conditions(_ filter: InstanceFilter) throws -> SQL {
        var sql: SQL = ""
        if let name = filter.name { sql += " AND instr(lower(name), \(name.lowercased())) > 0" }
        if let id = filter.id { sql += " AND instances.id = \(id)" }
        if let image = filter.imageID { sql += " AND image_id = \(image)" }
        if let image = filter.imageName { sql += " AND image_name = \(image)" }
        if let flavor = filter.flavorID { sql += " AND flavor_id = \(flavor)" }
        if let flavor = filter.flavorName { sql += " AND flavor_name = \(flavor)" }
        if let key = filter.keyName { sql += " AND key_name = \(key)" }
        if let zone = filter.availabilityZone { sql += " AND availability_zone = \(zone)" }
        if let host = filter.host { sql += " AND host = \(host)" }
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
