import GRDB

extension DatabasePool {
    /// Brings the schema up to date: runs those migrations that have not run yet, in order, in one transaction.
    /// - Throws: `DatabaseError`; also when a migration that has run was edited since, and when the database knows a
    ///   migration of one of these services that the list lacks (the file belongs to a newer program).
    public func migrate(_ migrations: [Migration]) throws(DatabaseError) {
        do {
            try exclusively { database in
                try database.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS schema_migrations (
                            name TEXT PRIMARY KEY NOT NULL,
                            sql TEXT NOT NULL
                        ) STRICT, WITHOUT ROWID
                        """)
                let applied = try Self.applied(database)
                try Self.refuseForeign(applied: applied, known: migrations)
                for migration in migrations {
                    try Self.apply(migration, to: database, applied: applied[migration.name])
                }
            }
        } catch {
            throw DatabaseError(any: error)
        }
    }

    /// The statements that make the current schema, sorted by name, for comparison with a committed `schema.sql`.
    /// - Throws: `DatabaseError`.
    public func schema() throws -> String {
        try read { transaction in
            let statements = try transaction.map(
                """
                SELECT sql FROM sqlite_schema
                WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' AND name <> 'schema_migrations'
                ORDER BY tbl_name, type DESC, name
                """
            ) { row in try row[0] as String }
            return statements.map { $0 + ";\n" }.joined(separator: "\n")
        }
    }

    private static func applied(_ database: GRDB.Database) throws -> [String: String] {
        let rows = try GRDB.Row.fetchAll(database, sql: "SELECT name, sql FROM schema_migrations")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
    }

    private static func refuseForeign(applied: [String: String], known: [Migration]) throws(DatabaseError) {
        let names = Set(known.map(\.name))
        let services = Set(known.map(\.service))
        let foreign = applied.keys.filter { name in
            !names.contains(name) && services.contains(name.prefix { $0 != "/" })
        }
        guard let name = foreign.min() else { return }
        throw DatabaseError(.other, "the database was made by a newer program: it holds migration \(name)")
    }

    private static func apply(_ migration: Migration, to database: GRDB.Database, applied: String?) throws {
        if let applied {
            guard applied == migration.sql else {
                throw DatabaseError(.other, "migration \(migration.name) was edited after it had run")
            }
            return
        }
        try database.execute(sql: migration.sql)
        try database.execute(
            sql: "INSERT INTO schema_migrations (name, sql) VALUES (?, ?)",
            arguments: [migration.name, migration.sql])
    }
}
