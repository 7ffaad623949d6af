import Database

extension ComputeSchema {
    /// What nova's API knows beside what the pages show.
    static let api = Migration(
        "compute/0009-api",
        """
        ALTER TABLE flavors ADD COLUMN swap_mib INTEGER NOT NULL DEFAULT 0 CHECK (swap_mib >= 0);
        ALTER TABLE flavors ADD COLUMN ephemeral_gib INTEGER NOT NULL DEFAULT 0 CHECK (ephemeral_gib >= 0);
        ALTER TABLE flavors ADD COLUMN rxtx_factor REAL NOT NULL DEFAULT 1.0;
        ALTER TABLE flavors ADD COLUMN description TEXT;
        -- Who may use a flavor that is not public.
        CREATE TABLE flavor_projects (
            flavor_id TEXT NOT NULL REFERENCES flavors (id) ON DELETE CASCADE,
            project_id TEXT NOT NULL,
            PRIMARY KEY (flavor_id, project_id)
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE instances ADD COLUMN swap_mib INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE instances ADD COLUMN ephemeral_gib INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE instances ADD COLUMN flavor_specs TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE instances ADD COLUMN access_ipv4 TEXT NOT NULL DEFAULT '';
        ALTER TABLE instances ADD COLUMN access_ipv6 TEXT NOT NULL DEFAULT '';
        ALTER TABLE instances ADD COLUMN disk_config TEXT NOT NULL DEFAULT 'MANUAL'
            CHECK (disk_config IN ('AUTO', 'MANUAL'));
        ALTER TABLE instances ADD COLUMN hostname TEXT;
        CREATE TABLE instance_tags (
            instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
            tag TEXT NOT NULL,
            PRIMARY KEY (instance_id, tag)
        ) STRICT, WITHOUT ROWID;
        -- The interfaces as they were asked for; NULL in what was launched before they were kept like this.
        ALTER TABLE request_specs ADD COLUMN cards TEXT;
        ALTER TABLE instance_actions ADD COLUMN project_id TEXT;

        -- Resizes, as nova's API lists them.
        CREATE TABLE migrations (
            id INTEGER PRIMARY KEY NOT NULL,
            uuid TEXT NOT NULL UNIQUE,
            instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
            status TEXT NOT NULL,
            host TEXT,
            old_flavor_id TEXT NOT NULL,
            new_flavor_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            project_id TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX migrations_by_instance ON migrations (instance_id, id);

        -- The number that nova's API shows beside a key pair's name.
        ALTER TABLE key_pairs ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
        UPDATE key_pairs SET number = (SELECT count(*) FROM key_pairs AS other
            WHERE (other.user_id, other.name) <= (key_pairs.user_id, key_pairs.name));
        CREATE INDEX key_pairs_by_number ON key_pairs (number);

        ALTER TABLE services ADD COLUMN forced_down INTEGER NOT NULL DEFAULT 0 CHECK (forced_down IN (0, 1));

        -- Limits by nova's names: of a project, or of the class `default`, which has no project.
        CREATE TABLE compute_limits (
            project_id TEXT NOT NULL,
            resource TEXT NOT NULL,
            hard_limit INTEGER NOT NULL CHECK (hard_limit >= -1),
            PRIMARY KEY (project_id, resource)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO compute_limits SELECT project_id, 'instances', instances FROM compute_quotas;
        INSERT INTO compute_limits SELECT project_id, 'cores', cores FROM compute_quotas;
        INSERT INTO compute_limits SELECT project_id, 'ram', memory_mib FROM compute_quotas;
        DROP TABLE compute_quotas;
        """)
}
