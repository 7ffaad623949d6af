public import Database

/// What has changed lately of the resources of which somebody keeps what he has read.
public struct RecentChanges: Hashable, Sendable {
    /// Counts the changes. What is read after it was asked for has at least these.
    public let version: Int64
    /// What changed since the version that was asked about, each with the version of its last change; nil when that was
    /// too long ago to tell.
    public let resources: [String: Int64]?

    public init(version: Int64, resources: [String: Int64]?) {
        self.version = version
        self.resources = resources
    }
}

/// The table of recent changes. Triggers of the tables that a resource is read from write it, in the transaction of each
/// change, so that nobody can forget to: see ``ServiceCoreSchema/recording(_:_:_:)``. Of all that ever changed it
/// keeps the last few thousand.
public struct ChangeStore: Sendable {
    public init() {}

    /// What changed after a version; 0 stands before the first change.
    /// - Throws: `DatabaseError`.
    public func changes(since version: Int64, in transaction: borrowing Transaction) throws -> RecentChanges {
        let rows = try transaction.map(
            "SELECT version, resource FROM recent_changes WHERE version >= \(version) ORDER BY version"
        ) { row in (version: try row[0] as Int64, resource: try row[1] as String) }
        guard let last = rows.last else { return RecentChanges(version: 0, resources: version == 0 ? [:] : nil) }
        guard rows[0].version == version else { return RecentChanges(version: last.version, resources: nil) }
        let resources = Dictionary(rows.dropFirst().map { ($0.resource, $0.version) }) { $1 }
        return RecentChanges(version: last.version, resources: resources)
    }
}

extension ServiceCoreSchema {
    static let changes = Migration(
        "core/0002-changes",
        """
        -- Which resources have changed lately. The newest row is never removed, so that no version comes twice.
        CREATE TABLE recent_changes (
            version INTEGER PRIMARY KEY NOT NULL,
            resource TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER recent_changes_insert AFTER INSERT ON recent_changes BEGIN
            DELETE FROM recent_changes WHERE version <= new.version - 4096;
        END;
        """)

    /// What happens to a row.
    public enum RowEvent: Sendable {
        case insert, delete
        /// Of some columns; of any when none are named.
        case update(String)
    }

    /// Triggers that record which resources change with the rows of a table. Migrations are made of them, so that what is
    /// written here for arguments that have been used never changes.
    /// - Parameter resources: a query for the ids, in which `row` stands for the row; an update asks it of the row as it
    ///   was and as it is.
    public static func recording(_ table: String, _ events: [RowEvent], _ resources: String) -> String {
        events.map { event in
            let (name, columns, rows) =
                switch event {
                case .insert: ("insert", "", ["new"])
                case .delete: ("delete", "", ["old"])
                case .update(let columns): ("update", columns.isEmpty ? "" : " OF " + columns, ["old", "new"])
                }
            let queries = rows.map { resources.replacing("row.", with: $0 + ".") }.joined(separator: " UNION ")
            return """

                CREATE TRIGGER recent_changes_\(table)_\(name) AFTER \(name.uppercased())\(columns) ON \(table) BEGIN
                    INSERT INTO recent_changes (resource) \(queries);
                END;
                """
        }.joined()
    }
}
