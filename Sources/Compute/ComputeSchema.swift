public import Database

/// The tables of Compute.
public enum ComputeSchema {
    /// In the order in which they are applied.
    public static let migrations = [
        Migration(
            "compute/0001-flavors-and-keypairs",
            """
            CREATE TABLE flavors (
                id TEXT PRIMARY KEY NOT NULL,
                name TEXT NOT NULL UNIQUE,
                vcpus INTEGER NOT NULL CHECK (vcpus > 0),
                memory_mib INTEGER NOT NULL CHECK (memory_mib > 0),
                disk_gib INTEGER NOT NULL CHECK (disk_gib >= 0),
                is_public INTEGER NOT NULL CHECK (is_public IN (0, 1))
            ) STRICT;

            CREATE TABLE key_pairs (
                user_id TEXT NOT NULL,
                name TEXT NOT NULL,
                type TEXT NOT NULL CHECK (type IN ('ssh', 'x509')),
                public_key TEXT NOT NULL,
                fingerprint TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                PRIMARY KEY (user_id, name)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE compute_quotas (
                project_id TEXT PRIMARY KEY NOT NULL,
                instances INTEGER NOT NULL CHECK (instances >= -1),
                cores INTEGER NOT NULL CHECK (cores >= -1),
                memory_mib INTEGER NOT NULL CHECK (memory_mib >= -1)
            ) STRICT;

            -- One row per thing that is done once in the life of a database.
            CREATE TABLE compute_seeds (
                name TEXT PRIMARY KEY NOT NULL
            ) STRICT, WITHOUT ROWID;
            """),
        Migration(
            "compute/0002-instances",
            """
            CREATE TABLE instances (
                id TEXT PRIMARY KEY NOT NULL,
                number INTEGER NOT NULL UNIQUE,
                name TEXT NOT NULL,
                description TEXT NOT NULL,
                project_id TEXT NOT NULL,
                project_name TEXT NOT NULL,
                user_id TEXT NOT NULL,
                user_name TEXT NOT NULL,
                vm_state TEXT NOT NULL CHECK (vm_state IN ('building', 'active', 'stopped', 'error', 'deleted')),
                task_state TEXT CHECK (task_state IN ('scheduling', 'networking', 'block_device_mapping', 'spawning',
                    'powering-off', 'powering-on', 'rebooting', 'rebooting_hard', 'deleting')),
                power_state INTEGER NOT NULL,
                host TEXT,
                availability_zone TEXT NOT NULL,
                flavor_id TEXT NOT NULL,
                flavor_name TEXT NOT NULL,
                vcpus INTEGER NOT NULL,
                memory_mib INTEGER NOT NULL,
                disk_gib INTEGER NOT NULL,
                image_id TEXT NOT NULL,
                image_name TEXT NOT NULL,
                key_name TEXT,
                launch_index INTEGER NOT NULL,
                reservation_id TEXT NOT NULL,
                config_drive INTEGER NOT NULL CHECK (config_drive IN (0, 1)),
                note TEXT,
                domain_type TEXT,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                launched_at INTEGER,
                deleted_at INTEGER,
                revision INTEGER NOT NULL,
                CHECK ((vm_state = 'deleted') = (deleted_at IS NOT NULL))
            ) STRICT;

            -- Lists, quotas and claims look at instances that exist; the deleted ones stay for their history.
            CREATE INDEX instances_by_project ON instances (project_id, created_at, number) WHERE deleted_at IS NULL;
            CREATE INDEX instances_by_age ON instances (created_at, number) WHERE deleted_at IS NULL;
            CREATE INDEX instances_by_host ON instances (host) WHERE deleted_at IS NULL;
            CREATE INDEX instances_in_progress ON instances (number)
                WHERE task_state IS NOT NULL OR vm_state = 'building';
            CREATE INDEX instances_by_change ON instances (updated_at);

            -- What was asked for, as far as only the build needs it: nova's request specification.
            CREATE TABLE request_specs (
                instance_id TEXT PRIMARY KEY NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
                image_format TEXT NOT NULL,
                requested_zone TEXT,
                network_ids TEXT NOT NULL,
                port_ids TEXT NOT NULL,
                security_groups TEXT NOT NULL,
                public_key TEXT,
                user_data BLOB,
                decision TEXT,
                domain TEXT
            ) STRICT;

            CREATE TABLE instance_faults (
                instance_id TEXT PRIMARY KEY NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
                code INTEGER NOT NULL,
                phase TEXT,
                message TEXT NOT NULL,
                remedy TEXT,
                details TEXT NOT NULL,
                created_at INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE instance_steps (
                instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
                phase TEXT NOT NULL CHECK (phase IN ('authenticate', 'api', 'schedule', 'image', 'network',
                    'block_device_mapping', 'spawn')),
                started_at INTEGER NOT NULL,
                ended_at INTEGER,
                outcome TEXT NOT NULL CHECK (outcome IN ('running', 'success', 'error')),
                attempts INTEGER NOT NULL,
                detail TEXT,
                PRIMARY KEY (instance_id, phase),
                CHECK ((outcome = 'running') = (ended_at IS NULL))
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE instance_actions (
                id INTEGER PRIMARY KEY NOT NULL,
                instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
                action TEXT NOT NULL,
                request_id TEXT NOT NULL,
                user_id TEXT NOT NULL,
                user_name TEXT NOT NULL,
                started_at INTEGER NOT NULL,
                finished_at INTEGER,
                outcome TEXT NOT NULL CHECK (outcome IN ('running', 'success', 'error')),
                message TEXT
            ) STRICT;

            CREATE INDEX instance_actions_by_instance ON instance_actions (instance_id, id);
            """),
        Migration(
            "compute/0003-services",
            """
            CREATE TABLE services (
                binary_name TEXT NOT NULL,
                host TEXT NOT NULL,
                zone TEXT NOT NULL,
                disabled_reason TEXT,
                updated_at INTEGER NOT NULL,
                PRIMARY KEY (binary_name, host)
            ) STRICT, WITHOUT ROWID;
            """),
        Migration(
            "compute/0004-usage",
            """
            -- What a project's instances take of its quota, kept by the triggers below: a page that shows it must not
            -- add up a hundred thousand rows.
            CREATE TABLE compute_usages (
                project_id TEXT PRIMARY KEY NOT NULL,
                instances INTEGER NOT NULL,
                cores INTEGER NOT NULL,
                memory_mib INTEGER NOT NULL
            ) STRICT;
            INSERT INTO compute_usages
            SELECT project_id, count(*), sum(vcpus), sum(memory_mib) FROM instances
            WHERE deleted_at IS NULL GROUP BY project_id;

            CREATE TRIGGER compute_usages_launch AFTER INSERT ON instances WHEN new.deleted_at IS NULL BEGIN
                INSERT INTO compute_usages VALUES (new.project_id, 1, new.vcpus, new.memory_mib)
                ON CONFLICT (project_id) DO UPDATE SET instances = instances + 1, cores = cores + new.vcpus,
                    memory_mib = memory_mib + new.memory_mib;
            END;
            CREATE TRIGGER compute_usages_delete AFTER UPDATE OF deleted_at ON instances
            WHEN old.deleted_at IS NULL AND new.deleted_at IS NOT NULL BEGIN
                UPDATE compute_usages SET instances = instances - 1, cores = cores - old.vcpus,
                    memory_mib = memory_mib - old.memory_mib
                WHERE project_id = old.project_id;
            END;

            -- All that the use of the hosts is added up from, so that the rows themselves need not be read.
            DROP INDEX instances_by_host;
            CREATE INDEX instances_by_host
                ON instances (host, vcpus, memory_mib, disk_gib, vm_state, launched_at) WHERE deleted_at IS NULL;
            """),
        Migration(
            "compute/0005-statistics",
            """
            -- What instances used, in archives of growing granularity. A row holds a few values of one instance; rows of
            -- one time lie together, because they are written together. No index finds the rows of an instance:
            -- whoever reads or removes them names the chunks.
            CREATE TABLE instance_measures (
                archive INTEGER NOT NULL,
                chunk INTEGER NOT NULL,
                instance_number INTEGER NOT NULL,
                data BLOB NOT NULL,
                PRIMARY KEY (archive, chunk, instance_number)
            ) STRICT, WITHOUT ROWID;

            -- The last hour of an instance's processors, for lists.
            CREATE TABLE instance_loads (
                instance_id TEXT PRIMARY KEY NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
                project_id TEXT NOT NULL,
                slot INTEGER NOT NULL,
                cpu BLOB NOT NULL
            ) STRICT, WITHOUT ROWID;
            """),
        ComputeSchema.actions,
        hosts,
        consoles,
        api,
        files,
        changes,
    ]
}
