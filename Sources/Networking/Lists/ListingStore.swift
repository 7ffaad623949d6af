import Database
import ServiceCore

/// How the attributes of one kind of resource are found in its tables: makes SQL of a ``Listing``. Only what stands here
/// can be asked for, and what is asked for is bound.
struct ListingStore: Sendable {
    /// An attribute that is in the resource's own row.
    struct Column: Sendable {
        enum Kind { case text, integer, flag, macAddress, address }

        /// Without NULL, which has no place in an order.
        let expression: SQL
        let kind: Kind

        init(_ expression: SQL, _ kind: Kind = .text) {
            self.expression = expression
            self.kind = kind
        }
    }

    /// An attribute that is elsewhere: what must hold for one of some texts to be meant, by a project; nil stands for
    /// administrators.
    typealias Condition = @Sendable ([String], String?) throws -> SQL

    /// What refusals call it: `Port`.
    let resource: String
    /// With the alias that all expressions use: `ports p`.
    let table: SQL
    /// The identifier: `p.id`.
    let id: SQL
    /// By neutron's names.
    let columns: [String: Column]
    /// By neutron's names.
    var conditions: [String: Condition] = [:]
    /// When nothing else is said: `p.name, p.id`.
    let order: SQL

    /// The attributes that can be filtered by.
    var filters: Set<String> { Set(columns.keys).union(conditions.keys).union(["id"]) }

    /// The rows that are wanted: a condition and an order for statements about `table`. A stretch takes two statements
    /// more, which find its place and the identifiers in it; these read on in an index where there is one.
    /// - Throws: `ServiceError`: invalid for attributes that are none, and for values that cannot be; notFound for a
    ///   marker that is none.
    func selection(
        _ listing: Listing, visible: SQL, to projectID: String?, in transaction: borrowing Transaction
    ) throws -> (condition: SQL, order: SQL) {
        var condition = visible
        for filter in listing.filters { condition += try " AND \(sql: self.condition(filter, projectID))" }
        guard let stretch = listing.stretch else {
            return (condition, listing.sort.isEmpty ? order : Self.text(try keys(listing.sort), reversed: false))
        }
        let keys = try keys(listing.sort)
        if let marker = stretch.marker {
            condition += try " AND \(sql: beyond(marker, keys, stretch.isBackward, visible, in: transaction))"
        }
        let ids = try transaction.map(
            """
            SELECT \(sql: id) FROM \(sql: table) WHERE \(sql: condition)
            ORDER BY \(sql: Self.text(keys, reversed: stretch.isBackward)) LIMIT \(stretch.limit)
            """
        ) { row in try row[0] as String }
        return ("\(sql: id) IN (\(list: ids))", Self.text(keys, reversed: false))
    }
}

extension ListingStore {
    private typealias Key = (column: Column, isDescending: Bool)

    /// The sort keys, and the identifier after them, so that no two rows are equal.
    private func keys(_ sort: [Listing.SortKey]) throws -> [Key] {
        let named = try sort.map { key -> Key in
            if key.attribute == "id" { return (Column(id), key.isDescending) }
            guard let column = columns[key.attribute] else {
                throw Self.fault("sort_key", code: "unknown_sort_key", "Nothing is sorted by '{value}'.", key.attribute)
            }
            return (column, key.isDescending)
        }
        return sort.contains { $0.attribute == "id" } ? named : named + [(Column(id), false)]
    }

    private static func text(_ keys: [Key], reversed: Bool) -> SQL {
        var text: SQL = ""
        for (index, key) in keys.enumerated() {
            if index > 0 { text += ", " }
            text += key.isDescending != reversed ? "\(sql: key.column.expression) DESC" : key.column.expression
        }
        return text
    }

    /// What holds for rows after another one: the first key is beyond its, or is the same and the next one is beyond.
    private func beyond(
        _ marker: String, _ keys: [Key], _ isBackward: Bool, _ visible: SQL,
        in transaction: borrowing Transaction
    ) throws -> SQL {
        var columns: SQL = ""
        for (index, key) in keys.enumerated() {
            columns += index > 0 ? ", \(sql: key.column.expression)" : key.column.expression
        }
        let found = try transaction.first(
            "SELECT \(sql: columns) FROM \(sql: table) WHERE \(sql: id) = \(marker) AND \(sql: visible)"
        ) { row in try keys.indices.map { try row[$0] as AnySQLValue } }
        guard let values = found else { throw ServiceError.notFound(resource, marker) }
        var condition: SQL = "FALSE"
        for (key, value) in zip(keys, values).reversed() {
            let expression = key.column.expression
            let isBelow = key.isDescending != isBackward
            condition = """
                (\(sql: expression) \(sql: isBelow ? "<" : ">") \(value)
                    OR \(sql: expression) = \(value) AND \(sql: condition))
                """
        }
        return condition
    }

    private func condition(_ filter: Listing.Filter, _ projectID: String?) throws -> SQL {
        if let condition = conditions[filter.attribute] { return try condition(filter.values, projectID) }
        guard let column = filter.attribute == "id" ? Column(id) : columns[filter.attribute] else {
            throw Self.fault(
                filter.attribute, code: "unknown_filter", "'{value}' is nothing that is filtered by.", filter.attribute)
        }
        let values = try filter.values.map { try Self.value($0, column.kind, filter.attribute) }
        guard values.count == 1, let only = values.first else {
            return "\(sql: column.expression) IN (\(list: values))"
        }
        return "\(sql: column.expression) = \(only)"
    }

    private static func value(_ text: String, _ kind: Column.Kind, _ attribute: String) throws -> AnySQLValue {
        switch kind {
        case .text: return AnySQLValue(.text(text))
        case .integer:
            guard let number = Int64(text) else { throw invalid(text, attribute) }
            return AnySQLValue(.integer(number))
        case .flag: return AnySQLValue(try flag(text, attribute).databaseValue)
        case .macAddress: return AnySQLValue(.text(MACAddress(text)?.description ?? text))
        case .address: return AnySQLValue(.text(IPAddress(text)?.description ?? text))
        }
    }

    /// true or false, in any spelling.
    static func flag(_ text: String, _ attribute: String) throws -> Bool {
        guard let flag = LooseBool.value(of: text) else { throw invalid(text, attribute) }
        return flag
    }

    private static func invalid(_ text: String, _ attribute: String) -> ServiceError {
        fault(attribute, code: "invalid_filter_value", "'{value}' is no value of this attribute.", text)
    }

    private static func fault(_ field: String, code: String, _ english: String, _ value: String) -> ServiceError {
        var faults = Faults()
        faults.add(Place(field), code, english, value: value)
        return .invalid(faults.violations)
    }
}

/// A value of whatever type, to be bound as it was read.
struct AnySQLValue: DatabaseValue {
    let databaseValue: SQLValue

    init(_ value: SQLValue) { databaseValue = value }

    init?(databaseValue: SQLValue) { self.databaseValue = databaseValue }
}
