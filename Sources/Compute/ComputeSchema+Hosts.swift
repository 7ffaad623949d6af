import Database

extension ComputeSchema {
    /// Services, what hosts have, aggregates, server groups.
    static let hosts = Migration(
        "compute/0007-hosts",
        """
        -- Every start registers what there is.
        DROP TABLE services;
        CREATE TABLE services (
            id INTEGER PRIMARY KEY NOT NULL,
            uuid TEXT NOT NULL UNIQUE,
            binary_name TEXT NOT NULL,
            host TEXT NOT NULL,
            zone TEXT NOT NULL,
            disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
            disabled_reason TEXT,
            updated_at INTEGER,
            UNIQUE (binary_name, host),
            CHECK (disabled = 1 OR disabled_reason IS NULL)
        ) STRICT;

        CREATE TABLE compute_nodes (
            host TEXT PRIMARY KEY NOT NULL,
            vcpus INTEGER NOT NULL,
            vcpus_used INTEGER NOT NULL,
            memory_mib INTEGER NOT NULL,
            memory_mib_used INTEGER NOT NULL,
            disk_gib INTEGER NOT NULL,
            disk_gib_used INTEGER NOT NULL,
            running_domains INTEGER NOT NULL,
            hypervisor_type TEXT NOT NULL,
            hypervisor_version INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE aggregates (
            id INTEGER PRIMARY KEY NOT NULL,
            uuid TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE aggregate_hosts (
            aggregate_id INTEGER NOT NULL REFERENCES aggregates (id) ON DELETE CASCADE,
            host TEXT NOT NULL,
            PRIMARY KEY (aggregate_id, host)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE aggregate_metadata (
            aggregate_id INTEGER NOT NULL REFERENCES aggregates (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (aggregate_id, key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE server_groups (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            policy TEXT NOT NULL
                CHECK (policy IN ('affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity')),
            max_server_per_host INTEGER
                CHECK (max_server_per_host IS NULL OR max_server_per_host > 0 AND policy = 'anti-affinity'),
            project_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX server_groups_by_project ON server_groups (project_id, name);
        CREATE TABLE server_group_members (
            instance_id TEXT PRIMARY KEY NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
            group_id TEXT NOT NULL REFERENCES server_groups (id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX server_group_members_by_group ON server_group_members (group_id);

        CREATE TABLE flavor_extra_specs (
            flavor_id TEXT NOT NULL REFERENCES flavors (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (flavor_id, key)
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE request_specs ADD COLUMN placement TEXT;
        """)
}
