import Database
import ServiceCore

/// The only SQL for `subnetpools`, `subnetpoolprefixes` and `addressscopes`.
struct SubnetPoolStore {
    private static let columns: SQL = """
        s.id, s.project_id, s.name, s.description, s.ip_version, s.min_prefixlen, s.max_prefixlen,
        s.default_prefixlen, s.shared, s.is_default, s.default_quota, s.address_scope_id, s.revision_number,
        s.created_at, s.updated_at
        """

    /// By name, the unnamed first.
    func list(visibleTo projectID: String?, in transaction: borrowing Transaction) throws -> [SubnetPool] {
        try find(Self.visible("s", .subnetPool, to: projectID), in: transaction)
    }

    /// What a listing asks for, of what a project sees; nil sees all.
    func list(
        _ listing: Listing, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [SubnetPool] {
        let selection = try ListingStore.subnetPools.selection(
            listing, visible: Self.visible("s", .subnetPool, to: projectID), to: projectID, in: transaction)
        return try find(selection.condition, order: selection.order, in: transaction)
    }

    /// What a project sees of pools or scopes: its own and those that are shared with it.
    private static func visible(_ alias: SQL, _ type: SharedObject, to projectID: String?) -> SQL {
        guard let projectID else { return "TRUE" }
        return """
            (\(sql: alias).project_id = \(projectID) OR \(sql: alias).id IN (SELECT object_id FROM rbac_policies
                WHERE object_type = \(type) AND target_project IN (\(projectID), '*')))
            """
    }

    func find(_ id: ID<SubnetPool>, in transaction: borrowing Transaction) throws -> SubnetPool? {
        try find("s.id = \(id)", in: transaction).first
    }

    /// The pool for subnets that ask for the default one.
    func standard(_ version: IPVersion, in transaction: borrowing Transaction) throws -> SubnetPool? {
        try find("s.is_default = 1 AND s.ip_version = \(version.rawValue)", in: transaction).first
    }

    func list(ofScope id: ID<AddressScope>, in transaction: borrowing Transaction) throws -> [SubnetPool] {
        try find("s.address_scope_id = \(id)", in: transaction)
    }

    private func find(
        _ condition: SQL, order: SQL = "s.name, s.id", in transaction: borrowing Transaction
    ) throws -> [SubnetPool] {
        let prefixes = try transaction.map(
            """
            SELECT p.subnetpool_id, p.cidr FROM subnetpools s JOIN subnetpoolprefixes p ON p.subnetpool_id = s.id
            WHERE \(sql: condition)
            """
        ) { row in (try row[0] as ID<SubnetPool>, try row[1] as CIDR) }
        let prefixesByPool = Dictionary(grouping: prefixes, by: \.0).mapValues { pairs in
            pairs.map(\.1).sorted { $0.network < $1.network }
        }
        return try transaction.map(
            "SELECT \(sql: Self.columns) FROM subnetpools s WHERE \(sql: condition) ORDER BY \(sql: order)"
        ) { row in
            let id: ID<SubnetPool> = try row[0]
            let version: Int = try row[4]
            return SubnetPool(
                id: id, projectID: try row[1], name: try row[2], description: try row[3],
                version: version == 4 ? .v4 : .v6, prefixes: prefixesByPool[id] ?? [],
                lengths: .init(min: try row[5], max: try row[6], standard: try row[7]), shared: try row[8],
                isDefault: try row[9], defaultQuota: try row[10], addressScopeID: try row[11], revision: try row[12],
                createdAt: try row[13], updatedAt: try row[14])
        }
    }

    func insert(_ pool: SubnetPool, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO subnetpools (id, project_id, name, description, ip_version, min_prefixlen, max_prefixlen,
                default_prefixlen, shared, is_default, default_quota, address_scope_id, revision_number, created_at,
                updated_at)
            VALUES (\(pool.id), \(pool.projectID), \(pool.name), \(pool.description), \(pool.version.rawValue),
                \(pool.lengths.min), \(pool.lengths.max), \(pool.lengths.standard), \(pool.shared),
                \(pool.isDefault), \(pool.defaultQuota), \(pool.addressScopeID), \(pool.revision),
                \(pool.createdAt), \(pool.updatedAt))
            """)
        try insertPrefixes(of: pool, in: transaction)
    }

    func update(_ pool: SubnetPool, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE subnetpools SET name = \(pool.name), description = \(pool.description),
                min_prefixlen = \(pool.lengths.min), max_prefixlen = \(pool.lengths.max),
                default_prefixlen = \(pool.lengths.standard), is_default = \(pool.isDefault),
                default_quota = \(pool.defaultQuota), address_scope_id = \(pool.addressScopeID), revision_number = \(pool.revision),
                updated_at = \(pool.updatedAt)
            WHERE id = \(pool.id)
            """)
        try transaction.execute("DELETE FROM subnetpoolprefixes WHERE subnetpool_id = \(pool.id)")
        try insertPrefixes(of: pool, in: transaction)
    }

    private func insertPrefixes(of pool: SubnetPool, in transaction: borrowing Transaction) throws {
        for prefix in pool.prefixes {
            try transaction.execute(
                "INSERT INTO subnetpoolprefixes (subnetpool_id, cidr) VALUES (\(pool.id), \(prefix))")
        }
    }

    func delete(_ id: ID<SubnetPool>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM subnetpools WHERE id = \(id)")
    }

    func touch(_ id: ID<SubnetPool>, at now: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "UPDATE subnetpools SET revision_number = revision_number + 1, updated_at = \(now) WHERE id = \(id)")
    }

    /// What was cut from a pool, by whom.
    func taken(
        from id: ID<SubnetPool>, in transaction: borrowing Transaction
    ) throws -> [(projectID: String, cidr: CIDR)] {
        try transaction.map(
            "SELECT project_id, cidr FROM subnets WHERE subnetpool_id = \(id)"
        ) { row in (try row[0], try row[1]) }
    }
}

extension SubnetPoolStore {
    /// By name.
    func scopes(visibleTo projectID: String?, in transaction: borrowing Transaction) throws -> [AddressScope] {
        try scopes(Self.visible("a", .addressScope, to: projectID), in: transaction)
    }

    func scope(_ id: ID<AddressScope>, in transaction: borrowing Transaction) throws -> AddressScope? {
        try scopes("a.id = \(id)", in: transaction).first
    }

    /// What a listing asks for, of what a project sees; nil sees all.
    func scopes(
        _ listing: Listing, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [AddressScope] {
        let selection = try ListingStore.addressScopes.selection(
            listing, visible: Self.visible("a", .addressScope, to: projectID), to: projectID, in: transaction)
        return try scopes(selection.condition, order: selection.order, in: transaction)
    }

    private func scopes(
        _ condition: SQL, order: SQL = "a.name, a.id", in transaction: borrowing Transaction
    ) throws -> [AddressScope] {
        try transaction.map(
            """
            SELECT a.id, a.project_id, a.name, a.ip_version, a.shared FROM addressscopes a
            WHERE \(sql: condition) ORDER BY \(sql: order)
            """
        ) { row in
            let version: Int = try row[3]
            return AddressScope(
                id: try row[0], projectID: try row[1], name: try row[2], version: version == 4 ? .v4 : .v6,
                shared: try row[4])
        }
    }

    func insert(_ scope: AddressScope, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO addressscopes (id, project_id, name, ip_version, shared)
            VALUES (\(scope.id), \(scope.projectID), \(scope.name), \(scope.version.rawValue), \(scope.shared))
            """)
    }

    func rename(_ id: ID<AddressScope>, _ name: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("UPDATE addressscopes SET name = \(name) WHERE id = \(id)")
    }

    func delete(_ id: ID<AddressScope>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM addressscopes WHERE id = \(id)")
    }
}

extension NetworkingSchema {
    /// Neutron's tables, and each subnet's pool.
    static let subnetPools =
        """
        CREATE TABLE addressscopes (
            id TEXT PRIMARY KEY NOT NULL,
            project_id TEXT NOT NULL,
            name TEXT NOT NULL,
            ip_version INTEGER NOT NULL CHECK (ip_version IN (4, 6)),
            shared INTEGER NOT NULL CHECK (shared IN (0, 1))
        ) STRICT;
        CREATE INDEX addressscopes_by_project ON addressscopes (project_id, name, id);
        CREATE INDEX addressscopes_shared ON addressscopes (shared) WHERE shared = 1;
        CREATE TABLE subnetpools (
            id TEXT PRIMARY KEY NOT NULL,
            project_id TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            ip_version INTEGER NOT NULL CHECK (ip_version IN (4, 6)),
            min_prefixlen INTEGER NOT NULL,
            max_prefixlen INTEGER NOT NULL,
            default_prefixlen INTEGER NOT NULL,
            shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
            is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
            default_quota INTEGER,
            address_scope_id TEXT REFERENCES addressscopes (id),
            revision_number INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            CHECK (min_prefixlen <= default_prefixlen AND default_prefixlen <= max_prefixlen)
        ) STRICT;
        CREATE INDEX subnetpools_by_project ON subnetpools (project_id, name, id);
        CREATE INDEX subnetpools_shared ON subnetpools (shared) WHERE shared = 1;
        CREATE INDEX subnetpools_by_scope ON subnetpools (address_scope_id);
        CREATE UNIQUE INDEX subnetpools_default ON subnetpools (ip_version) WHERE is_default = 1;
        CREATE TABLE subnetpoolprefixes (
            subnetpool_id TEXT NOT NULL REFERENCES subnetpools (id) ON DELETE CASCADE,
            cidr TEXT NOT NULL,
            PRIMARY KEY (subnetpool_id, cidr)
        ) STRICT, WITHOUT ROWID;
        ALTER TABLE subnets ADD COLUMN subnetpool_id TEXT REFERENCES subnetpools (id);
        CREATE INDEX subnets_by_pool ON subnets (subnetpool_id, project_id, cidr);
        """ + counting("subnetpool", in: "subnetpools")
}
