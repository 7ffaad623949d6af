import Database
import ServiceCore

/// The only SQL for metadata definitions.
struct MetadefStore {
    private static let columns: SQL = """
        name, display_name, description, visibility, protected, project_id, created_at, updated_at
        """

    func insert(_ namespace: MetadefNamespace, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO metadef_namespaces (\(sql: Self.columns))
            VALUES (\(namespace.name), \(namespace.displayName), \(namespace.description), \(namespace.visibility),
                \(namespace.isProtected), \(namespace.ownerProjectID), \(namespace.createdAt), \(namespace.updatedAt))
            """)
    }

    /// Writes a namespace that may have got another name; its entries go with it.
    func save(_ namespace: MetadefNamespace, named name: String, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE metadef_namespaces
            SET name = \(namespace.name), display_name = \(namespace.displayName),
                description = \(namespace.description), visibility = \(namespace.visibility),
                protected = \(namespace.isProtected), project_id = \(namespace.ownerProjectID),
                updated_at = \(namespace.updatedAt)
            WHERE name = \(name)
            """)
    }

    func delete(_ name: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM metadef_namespaces WHERE name = \(name)")
    }

    func find(_ name: String, in transaction: borrowing Transaction) throws -> MetadefNamespace? {
        try transaction.first(
            "SELECT \(sql: Self.columns) FROM metadef_namespaces WHERE name = \(name)", Self.namespace)
    }

    func list(
        _ filter: MetadefFilter, for viewer: ImageViewer, page: PageRequest, in transaction: borrowing Transaction
    ) throws -> Page<MetadefNamespace> {
        var sql: SQL = "SELECT \(sql: Self.columns) FROM metadef_namespaces WHERE 1 = 1"
        if !viewer.seesAll { sql += " AND (visibility = 'public' OR project_id = \(viewer.projectID))" }
        if let visibility = filter.visibility { sql += " AND visibility = \(visibility)" }
        if let types = filter.resourceTypes {
            sql += """
                 AND EXISTS (SELECT 1 FROM metadef_items WHERE namespace = metadef_namespaces.name
                    AND kind = 'resource_type' AND metadef_items.name IN (\(list: types)))
                """
        }
        if let marker = page.marker {
            sql += """
                 AND (created_at, name) \(sql: filter.isAscending ? ">" : "<")
                    (SELECT created_at, name FROM metadef_namespaces WHERE name = \(marker))
                """
        }
        sql += filter.isAscending ? " ORDER BY created_at, name" : " ORDER BY created_at DESC, name DESC"
        sql += " LIMIT \(page.limit + 1)"
        return Page(try transaction.map(sql, Self.namespace), of: page, id: \.name)
    }

    func items(
        _ kind: MetadefItem.Kind, of namespaces: [String], in transaction: borrowing Transaction
    ) throws -> [String: [MetadefItem]] {
        let rows = try transaction.map(
            """
            SELECT namespace, kind, name, content, created_at, updated_at FROM metadef_items
            WHERE namespace IN (\(list: namespaces)) AND kind = \(kind) ORDER BY namespace, name
            """
        ) { row in (try row[0] as String, try Self.item(row)) }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }

    /// All entries of a namespace.
    func items(
        of namespace: String, in transaction: borrowing Transaction
    ) throws -> [MetadefItem.Kind: [MetadefItem]] {
        let items = try transaction.map(
            """
            SELECT namespace, kind, name, content, created_at, updated_at FROM metadef_items
            WHERE namespace = \(namespace) ORDER BY kind, name
            """, Self.item)
        return Dictionary(grouping: items, by: \.kind)
    }

    func item(
        _ kind: MetadefItem.Kind, _ name: String, of namespace: String, in transaction: borrowing Transaction
    ) throws -> MetadefItem? {
        try transaction.first(
            """
            SELECT namespace, kind, name, content, created_at, updated_at FROM metadef_items
            WHERE namespace = \(namespace) AND kind = \(kind) AND name = \(name)
            """, Self.item)
    }

    func insert(_ item: MetadefItem, of namespace: String, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO metadef_items (namespace, kind, name, content, created_at, updated_at)
            VALUES (\(namespace), \(item.kind), \(item.name), \(item.json), \(item.createdAt), \(item.updatedAt))
            """)
    }

    func save(
        _ item: MetadefItem, named name: String, of namespace: String, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE metadef_items SET name = \(item.name), content = \(item.json), updated_at = \(item.updatedAt)
            WHERE namespace = \(namespace) AND kind = \(item.kind) AND name = \(name)
            """)
    }

    /// - Parameter name: nil: all of the kind.
    func delete(
        _ kind: MetadefItem.Kind, _ name: String?, of namespace: String, in transaction: borrowing Transaction
    ) throws {
        var sql: SQL = "DELETE FROM metadef_items WHERE namespace = \(namespace) AND kind = \(kind)"
        if let name { sql += " AND name = \(name)" }
        try transaction.execute(sql)
    }

    /// The kinds of resources that any namespace is for.
    func resourceTypes(in transaction: borrowing Transaction) throws -> [MetadefItem] {
        try transaction.map(
            """
            SELECT '', kind, name, '{}', min(created_at), min(updated_at) FROM metadef_items
            WHERE kind = 'resource_type' GROUP BY name ORDER BY name
            """, Self.item)
    }

    private static func namespace(_ row: Row) throws -> MetadefNamespace {
        try MetadefNamespace(
            name: row[0], displayName: row[1], description: row[2], visibility: row[3], isProtected: row[4],
            ownerProjectID: row[5], createdAt: row[6], updatedAt: row[7])
    }

    private static func item(_ row: Row) throws -> MetadefItem {
        try MetadefItem(kind: row[1], name: row[2], json: row[3], createdAt: row[4], updatedAt: row[5])
    }
}

extension ImagesSchema {
    static let metadefs = """
        CREATE TABLE metadef_namespaces (
            name TEXT PRIMARY KEY NOT NULL,
            display_name TEXT,
            description TEXT,
            visibility TEXT NOT NULL CHECK (visibility IN ('public', 'private')),
            protected INTEGER NOT NULL CHECK (protected IN (0, 1)),
            project_id TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX metadef_namespaces_by_age ON metadef_namespaces (created_at, name);

        -- Objects, properties, tags and the kinds of resources a namespace is for.
        CREATE TABLE metadef_items (
            namespace TEXT NOT NULL REFERENCES metadef_namespaces (name) ON DELETE CASCADE ON UPDATE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('object', 'property', 'tag', 'resource_type')),
            name TEXT NOT NULL,
            content TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (namespace, kind, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX metadef_items_by_kind ON metadef_items (kind, name);
        """
}
