import Database
import ServiceCore

/// What a list reads of each instance.
struct InstanceReading<Item: Sendable> {
    let selection: SQL
    let make: (Row) throws -> Item
    let id: (Item) -> String
}

extension InstanceReading where Item == Instance {
    static var whole: InstanceReading {
        InstanceReading(selection: InstanceStore.selection, make: InstanceStore.instance, id: \.id.text)
    }
}

extension InstanceReading where Item == ID<Instance> {
    static var ids: InstanceReading {
        InstanceReading(selection: "SELECT instances.id FROM instances", make: { try $0[0] }, id: \.text)
    }
}

extension InstanceStore {
    /// A filter may fit few of very many instances. One page looks at no more of them than this, and its marker goes on
    /// where the search stopped.
    static let reach = 10_000

    /// One page of the instances of a project (nil: of all), newest first.
    func list<Item>(
        _ reading: InstanceReading<Item>, _ filter: InstanceFilter, project: String?, page: PageRequest,
        in transaction: borrowing Transaction
    ) throws -> Page<Item> {
        guard filter.order.isEmpty else {
            return try sorted(reading, filter, project: project, page: page, in: transaction)
        }
        let stretch = Self.stretch(filter, project: project, page)
        let order: SQL =
            page.isBackward
            ? " ORDER BY instances.created_at, number" : " ORDER BY instances.created_at DESC, number DESC"
        let conditions = Self.conditions(filter)
        var sql: SQL = "\(sql: reading.selection) WHERE \(sql: stretch)\(sql: conditions)"
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
        let found = Page(try transaction.map(sql, reading.make), of: page, id: reading.id)
        guard let end else { return found }
        return Page(
            items: found.items, next: found.next ?? (page.isBackward ? nil : end),
            previous: found.previous ?? (page.isBackward ? end : nil))
    }

    /// One page in an order of the caller's choice. There is no index for each, so that all that fit are sorted.
    private func sorted<Item>(
        _ reading: InstanceReading<Item>, _ filter: InstanceFilter, project: String?, page: PageRequest,
        in transaction: borrowing Transaction
    ) throws -> Page<Item> {
        let order = InstanceOrdering(filter.order)
        var sql: SQL = """
            \(sql: reading.selection)
            WHERE \(sql: Self.stretch(filter, project: project, PageRequest()))\(sql: Self.conditions(filter))
            """
        if let marker = page.marker { sql += " AND (\(sql: order.isAfter(marker)))" }
        sql += " ORDER BY \(sql: order.text) LIMIT \(page.limit + 1)"
        let found = try transaction.map(sql, reading.make)
        let items = Array(found.prefix(page.limit))
        return Page(items: items, next: found.count > page.limit ? items.last.map(reading.id) : nil)
    }

    /// The ids of those that a pattern finds, as far as one page looks.
    func ids(
        matching pattern: NamePattern, _ filter: InstanceFilter, project: String?, page: PageRequest,
        in transaction: borrowing Transaction
    ) throws -> [String] {
        let page = filter.order.isEmpty ? page : PageRequest()
        let names = try transaction.map(
            """
            SELECT id, name FROM instances WHERE \(sql: Self.stretch(filter, project: project, page))
            ORDER BY instances.created_at DESC, number DESC LIMIT \(Self.reach)
            """
        ) { row in (try row[0] as String, try row[1] as String) }
        return names.filter { pattern.matches($0.1) }.map(\.0)
    }

    /// The instances a page chooses from: a stretch of one index.
    private static func stretch(_ filter: InstanceFilter, project: String?, _ page: PageRequest) -> SQL {
        // `changes-since` lists deleted instances too, as in nova.
        var sql: SQL =
            filter.changesSince.map { "updated_at >= \($0)" }
            ?? (filter.changesBefore != nil || filter.deleted ? "1 = 1" : "deleted_at IS NULL")
        if filter.deleted { sql += " AND deleted_at IS NOT NULL" }
        if let before = filter.changesBefore { sql += " AND updated_at <= \(before)" }
        if let project { sql += " AND project_id = \(project)" }
        if let marker = page.marker {
            sql += " AND (instances.created_at, number) \(sql: page.isBackward ? ">" : "<") \(sql: place(of: marker))"
        }
        return sql
    }

    private static func place(of id: String) -> SQL {
        "(SELECT created_at, number FROM instances WHERE id = \(id))"
    }

    private static func conditions(_ filter: InstanceFilter) -> SQL {
        var sql: SQL = ""
        if let name = filter.name { sql += " AND instr(lower(name), \(name.lowercased())) > 0" }
        if let id = filter.id { sql += " AND instances.id = \(id)" }
        if let ids = filter.ids { sql += " AND instances.id IN (\(list: ids))" }
        if let image = filter.imageID { sql += " AND image_id = \(image)" }
        if let image = filter.imageName { sql += " AND image_name = \(image)" }
        if let flavor = filter.flavorID { sql += " AND flavor_id = \(flavor)" }
        if let flavor = filter.flavorName { sql += " AND flavor_name = \(flavor)" }
        if let key = filter.keyName { sql += " AND key_name = \(key)" }
        if let zone = filter.availabilityZone { sql += " AND availability_zone = \(zone)" }
        // The plus keeps the index of hosts away: its rows would have to be sorted.
        if let host = filter.host { sql += " AND +host = \(host)" }
        if let status = filter.status { sql += " AND (\(sql: condition([status])))" }
        if !filter.statuses.isEmpty { sql += " AND (\(sql: condition(filter.statuses)))" }
        return sql + states(filter) + owners(filter) + tags(filter)
    }

    private static func states(_ filter: InstanceFilter) -> SQL {
        var sql: SQL = ""
        if let state = filter.vmState { sql += " AND vm_state = \(state)" }
        if let task = filter.taskState { sql += " AND coalesce(task_state, '') = \(task)" }
        if let power = filter.powerState { sql += " AND power_state = \(power)" }
        if let isLocked = filter.isLocked { sql += " AND (locked_by IS NOT NULL) = \(isLocked)" }
        if let hasDrive = filter.hasConfigDrive { sql += " AND config_drive = \(hasDrive)" }
        return sql
    }

    private static func owners(_ filter: InstanceFilter) -> SQL {
        var sql: SQL = ""
        if let user = filter.userID { sql += " AND user_id = \(user)" }
        if let reservation = filter.reservationID { sql += " AND reservation_id = \(reservation)" }
        if let text = filter.description { sql += " AND instr(lower(description), \(text.lowercased())) > 0" }
        if let index = filter.launchIndex { sql += " AND launch_index = \(index)" }
        if let hostname = filter.hostname { sql += " AND hostname = \(hostname)" }
        if let address = filter.accessIPv4 { sql += " AND access_ipv4 = \(address)" }
        if let address = filter.accessIPv6 { sql += " AND access_ipv6 = \(address)" }
        return sql
    }

    private static func tags(_ filter: InstanceFilter) -> SQL {
        func count(_ tags: [String]) -> SQL {
            """
            (SELECT count(*) FROM instance_tags
            WHERE instance_id = instances.id AND tag IN (\(list: tags)))
            """
        }
        var sql: SQL = ""
        if !filter.tags.isEmpty { sql += " AND \(sql: count(filter.tags)) = \(Set(filter.tags).count)" }
        if !filter.tagsAny.isEmpty { sql += " AND \(sql: count(filter.tagsAny)) > 0" }
        if !filter.notTags.isEmpty { sql += " AND \(sql: count(filter.notTags)) < \(Set(filter.notTags).count)" }
        if !filter.notTagsAny.isEmpty { sql += " AND \(sql: count(filter.notTagsAny)) = 0" }
        return sql
    }

    /// A status is a set of states; those that share a vm_state and have it with every task need no test of the task.
    private static func condition(_ statuses: [InstanceStatus]) -> SQL {
        var sql: SQL = "1 = 0"
        for state in statuses.flatMap(InstanceState.states(of:)) {
            sql += " OR (vm_state = \(state.vm) AND task_state IS \(state.task))"
        }
        return sql
    }
}

/// A list's order in SQL. What the caller names comes first, then what makes it total.
struct InstanceOrdering {
    private let columns: [(column: SQL, isAscending: Bool)]

    init(_ order: [InstanceOrder]) {
        let last = order.last?.isAscending ?? false
        columns = order.map { (Self.column($0.key), $0.isAscending) } + [("instances.number", last)]
    }

    /// For ORDER BY.
    var text: SQL {
        var sql: SQL = ""
        for (index, column) in columns.enumerated() {
            sql += "\(sql: index == 0 ? "" : ", ")\(sql: column.column) \(sql: column.isAscending ? "ASC" : "DESC")"
        }
        return sql
    }

    /// What comes after a row: it is further in the first column in which the two differ.
    func isAfter(_ marker: String) -> SQL {
        var (sql, equal): (SQL, SQL) = ("1 = 0", "1 = 1")
        for column in columns {
            let its: SQL = "(SELECT \(sql: column.column) FROM instances WHERE id = \(marker))"
            let further: SQL = column.isAscending ? ">" : "<"
            sql += " OR (\(sql: equal) AND \(sql: column.column) \(sql: further) \(sql: its))"
            equal += " AND \(sql: column.column) = \(sql: its)"
        }
        return sql
    }

    /// Nothing is smaller than any text or number.
    private static func column(_ key: InstanceOrder.Key) -> SQL {
        switch key {
        case .accessIPv4: "access_ipv4"
        case .accessIPv6: "access_ipv6"
        case .diskConfig: "disk_config"
        case .availabilityZone: "availability_zone"
        case .configDrive: "config_drive"
        case .createdAt: "instances.created_at"
        case .description: "description"
        case .name: "name"
        case .host, .node: "coalesce(host, '')"
        case .hostname: "coalesce(hostname, name)"
        case .image: "image_id"
        case .flavor: "flavor_id"
        case .keyName: "coalesce(key_name, '')"
        case .launchIndex: "launch_index"
        case .launchedAt: "coalesce(launched_at, 0)"
        case .lockedBy: "coalesce(locked_by, '')"
        case .locked: "(locked_by IS NOT NULL)"
        case .powerState: "power_state"
        case .projectID: "project_id"
        case .taskState: "coalesce(task_state, '')"
        case .terminatedAt: "coalesce(deleted_at, 0)"
        case .updatedAt: "updated_at"
        case .userID: "user_id"
        case .uuid: "instances.id"
        case .vmState: "vm_state"
        }
    }
}
