import Database

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
