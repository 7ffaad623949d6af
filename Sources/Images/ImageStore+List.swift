import Database
import ServiceCore

/// For whom a list of images is made.
struct ImageViewer {
    let projectID: String?
    let seesAll: Bool
}

extension ImageStore {
    /// One stretch of the images somebody may list.
    func list(
        _ filter: ImageFilter, for viewer: ImageViewer, page: PageRequest, in transaction: borrowing Transaction
    ) throws -> Page<Image> {
        var sql: SQL = "SELECT \(sql: Self.columns) FROM images WHERE status <> 'killed'"
        sql += Self.visibility(filter, viewer) + Self.conditions(filter) + Self.attributeConditions(filter)
        if filter.sort.isEmpty {
            if let marker = page.marker {
                sql += """
                     AND (created_at, id) \(sql: page.isBackward ? ">" : "<")
                        (SELECT created_at, id FROM images WHERE id = \(marker))
                    """
            }
            sql += page.isBackward ? " ORDER BY created_at, id" : " ORDER BY created_at DESC, id DESC"
        } else {
            let order = ImageOrder(filter.sort)
            if let marker = page.marker { sql += " AND (\(sql: order.isAfter(marker)))" }
            sql += " ORDER BY \(sql: order.clause)"
        }
        sql += " LIMIT \(page.limit + 1)"
        let images = try completed(try transaction.map(sql, Self.image), in: transaction)
        return Page(images, of: page) { $0.id.text }
    }

    /// Glance's rules about who finds what. A project finds what is public, what is its own, and what is shared with it
    /// and accepted; what is community's only when it is its own or asked for.
    private static func visibility(_ filter: ImageFilter, _ viewer: ImageViewer) -> SQL {
        var sql: SQL = ""
        if !viewer.seesAll {
            var shared: SQL = "SELECT image_id FROM image_members WHERE member_id = \(viewer.projectID)"
            if let status = filter.memberStatus { shared += " AND status = \(status)" }
            sql += """
                 AND (visibility IN ('public', 'community') OR project_id = \(viewer.projectID)
                    OR (visibility = 'shared' AND id IN (\(sql: shared))))
                """
        }
        if let visibility = filter.visibility {
            sql += " AND visibility = \(visibility)"
        } else if !filter.includesCommunity {
            sql += " AND (visibility <> 'community' OR project_id IS \(viewer.projectID))"
        }
        return sql
    }

    private static func conditions(_ filter: ImageFilter) -> SQL {
        var sql: SQL = ""
        if let name = filter.name { sql += " AND instr(lower(name), \(name.lowercased())) > 0" }
        if let names = filter.names { sql += " AND name IN (\(list: names))" }
        if let ids = filter.ids { sql += " AND id IN (\(list: ids))" }
        if let statuses = filter.statuses { sql += " AND status IN (\(list: statuses))" }
        if let formats = filter.diskFormats { sql += " AND disk_format IN (\(list: formats))" }
        if let formats = filter.containerFormats { sql += " AND container_format IN (\(list: formats))" }
        if let owner = filter.ownerProjectID { sql += " AND project_id = \(owner)" }
        if let protected = filter.protected { sql += " AND protected = \(protected)" }
        if let isHidden = filter.isHidden { sql += " AND hidden = \(isHidden)" }
        if let checksum = filter.checksum { sql += " AND checksum = \(checksum)" }
        if let sha512 = filter.sha512 { sql += " AND sha512 = \(sha512)" }
        if filter.launchable {
            let formats = ImageFormat.allCases.filter { $0.hostFormat != nil }
            sql += " AND status = 'active' AND disk_format IN (\(list: formats))"
        }
        return sql
    }

    private static func attributeConditions(_ filter: ImageFilter) -> SQL {
        var sql: SQL = ""
        for (column, range) in [
            ("size" as SQL, filter.size), ("min_disk", filter.minDiskGiB), ("min_ram", filter.minRAMMiB),
        ] {
            if let range { sql += " AND \(sql: column) BETWEEN \(range.lowerBound) AND \(range.upperBound)" }
        }
        for (column, conditions) in [("created_at" as SQL, filter.createdAt), ("updated_at", filter.updatedAt)] {
            for condition in conditions {
                // OpenStack's times have no fractions of seconds.
                sql += " AND \(sql: column) / 1000 \(sql: condition.operation) \(condition.time.seconds)"
            }
        }
        for tag in filter.tags {
            sql += " AND EXISTS (SELECT 1 FROM image_tags WHERE image_id = images.id AND tag = \(tag))"
        }
        for (name, value) in filter.properties.sorted(by: { $0.key < $1.key }) {
            sql += """
                 AND EXISTS (SELECT 1 FROM image_properties
                    WHERE image_id = images.id AND name = \(name) AND value = \(value))
                """
        }
        return sql
    }
}

extension ImageFilter.TimeCondition {
    fileprivate var operation: SQL {
        switch comparison {
        case .gt: ">"
        case .gte: ">="
        case .lt: "<"
        case .lte: "<="
        case .eq: "="
        case .neq: "<>"
        }
    }
}

/// An order by several values. What tells equal ones apart follows: when they were made, and their identifiers.
private struct ImageOrder {
    private let keys: [(expression: SQL, isAscending: Bool)]

    init(_ sort: [ImageFilter.Order]) {
        var all = sort
        for key in [ImageFilter.Order.Key.createdAt, .id] where !all.contains(where: { $0.key == key }) {
            all.append(ImageFilter.Order(key, isAscending: sort.first?.isAscending ?? false))
        }
        keys = all.map { ($0.key.expression, $0.isAscending) }
    }

    var clause: SQL {
        let parts = keys.map { $0.expression + ($0.isAscending ? " ASC" : " DESC") }
        return parts.dropFirst().reduce(parts[0]) { $0 + ", " + $1 }
    }

    /// Whether a row comes after another one: it does by the first value in which they differ.
    func isAfter(_ marker: String) -> SQL {
        var alternatives: [SQL] = []
        var same: SQL = "1"
        for key in keys {
            let value: SQL = "(SELECT \(sql: key.expression) FROM images WHERE id = \(marker))"
            let operation: SQL = key.isAscending ? ">" : "<"
            alternatives.append("(\(sql: same) AND \(sql: key.expression) \(sql: operation) \(sql: value))")
            same += " AND \(sql: key.expression) = \(sql: value)"
        }
        return alternatives.dropFirst().reduce(alternatives[0]) { $0 + " OR " + $1 }
    }
}

extension ImageFilter.Order.Key {
    /// What is not known comes before everything that is.
    fileprivate var expression: SQL {
        switch self {
        case .name: "name"
        case .status: "status"
        case .size: "coalesce(size, -1)"
        case .id: "id"
        case .containerFormat: "coalesce(container_format, '')"
        case .diskFormat: "coalesce(disk_format, '')"
        case .createdAt: "created_at"
        case .updatedAt: "updated_at"
        }
    }
}
