import Database

extension ComputeSchema {
    /// Every state nova's actions lead through, locks, metadata, and what a host and a quota keep for an instance, which
    /// is more than its size while a resize is open.
    ///
    /// A check cannot be altered, so the table is made anew. Dropping it empties what refers to it, hence the copies.
    static let actions = Migration(
        "compute/0006-actions",
        """
        CREATE TEMP TABLE kept_instances AS SELECT * FROM instances;
        CREATE TEMP TABLE kept_specs AS SELECT * FROM request_specs;
        CREATE TEMP TABLE kept_faults AS SELECT * FROM instance_faults;
        CREATE TEMP TABLE kept_steps AS SELECT * FROM instance_steps;
        CREATE TEMP TABLE kept_actions AS SELECT * FROM instance_actions;
        CREATE TEMP TABLE kept_loads AS SELECT * FROM instance_loads;
        DROP TABLE instances;

        CREATE TABLE instances (
            id TEXT PRIMARY KEY NOT NULL,
            number INTEGER NOT NULL UNIQUE,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            project_id TEXT NOT NULL,
            project_name TEXT NOT NULL,
            user_id TEXT NOT NULL,
            user_name TEXT NOT NULL,
            vm_state TEXT NOT NULL CHECK (vm_state IN ('building', 'active', 'paused', 'suspended', 'stopped',
                'rescued', 'resized', 'shelved', 'shelved_offloaded', 'error', 'deleted')),
            task_state TEXT CHECK (task_state IN ('scheduling', 'networking', 'block_device_mapping', 'spawning',
                'powering-off', 'powering-on', 'rebooting', 'rebooting_hard', 'pausing', 'unpausing', 'suspending',
                'resuming', 'rescuing', 'unrescuing', 'resize_prep', 'resize_migrating', 'resize_finish',
                'resize_confirming', 'resize_reverting', 'rebuilding', 'rebuild_block_device_mapping',
                'rebuild_spawning', 'image_snapshot', 'image_uploading', 'shelving', 'shelving_image_uploading',
                'shelving_offloading', 'unshelving', 'deleting')),
            power_state INTEGER NOT NULL,
            host TEXT,
            availability_zone TEXT NOT NULL,
            flavor_id TEXT NOT NULL,
            flavor_name TEXT NOT NULL,
            vcpus INTEGER NOT NULL,
            memory_mib INTEGER NOT NULL,
            disk_gib INTEGER NOT NULL,
            claimed_vcpus INTEGER NOT NULL,
            claimed_memory_mib INTEGER NOT NULL,
            claimed_disk_gib INTEGER NOT NULL,
            image_id TEXT NOT NULL,
            image_name TEXT NOT NULL,
            key_name TEXT,
            launch_index INTEGER NOT NULL,
            reservation_id TEXT NOT NULL,
            config_drive INTEGER NOT NULL CHECK (config_drive IN (0, 1)),
            locked_by TEXT CHECK (locked_by IN ('owner', 'admin')),
            locked_reason TEXT,
            note TEXT,
            domain_type TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            launched_at INTEGER,
            deleted_at INTEGER,
            revision INTEGER NOT NULL,
            CHECK ((vm_state = 'deleted') = (deleted_at IS NOT NULL)),
            CHECK (locked_reason IS NULL OR locked_by IS NOT NULL)
        ) STRICT;

        INSERT INTO instances (id, number, name, description, project_id, project_name, user_id, user_name, vm_state,
            task_state, power_state, host, availability_zone, flavor_id, flavor_name, vcpus, memory_mib, disk_gib,
            claimed_vcpus, claimed_memory_mib, claimed_disk_gib, image_id, image_name, key_name, launch_index,
            reservation_id, config_drive, note, domain_type, created_at, updated_at, launched_at, deleted_at, revision)
        SELECT id, number, name, description, project_id, project_name, user_id, user_name, vm_state, task_state,
            power_state, host, availability_zone, flavor_id, flavor_name, vcpus, memory_mib, disk_gib, vcpus,
            memory_mib, disk_gib, image_id, image_name, key_name, launch_index, reservation_id, config_drive, note,
            domain_type, created_at, updated_at, launched_at, deleted_at, revision FROM kept_instances;
        INSERT INTO request_specs SELECT * FROM kept_specs;
        INSERT INTO instance_faults SELECT * FROM kept_faults;
        INSERT INTO instance_steps SELECT * FROM kept_steps;
        INSERT INTO instance_actions SELECT * FROM kept_actions;
        INSERT INTO instance_loads SELECT * FROM kept_loads;
        DROP TABLE kept_instances;
        DROP TABLE kept_specs;
        DROP TABLE kept_faults;
        DROP TABLE kept_steps;
        DROP TABLE kept_actions;
        DROP TABLE kept_loads;

        CREATE INDEX instances_by_project ON instances (project_id, created_at, number) WHERE deleted_at IS NULL;
        CREATE INDEX instances_by_age ON instances (created_at, number) WHERE deleted_at IS NULL;
        CREATE INDEX instances_by_host ON instances (host, claimed_vcpus, claimed_memory_mib, claimed_disk_gib,
            vm_state, launched_at) WHERE deleted_at IS NULL;
        CREATE INDEX instances_in_progress ON instances (number)
            WHERE task_state IS NOT NULL OR vm_state = 'building';
        CREATE INDEX instances_by_change ON instances (updated_at);

        CREATE TRIGGER compute_usages_launch AFTER INSERT ON instances WHEN new.deleted_at IS NULL BEGIN
            INSERT INTO compute_usages VALUES (new.project_id, 1, new.claimed_vcpus, new.claimed_memory_mib)
            ON CONFLICT (project_id) DO UPDATE SET instances = instances + 1, cores = cores + new.claimed_vcpus,
                memory_mib = memory_mib + new.claimed_memory_mib;
        END;
        CREATE TRIGGER compute_usages_delete AFTER UPDATE OF deleted_at ON instances
        WHEN old.deleted_at IS NULL AND new.deleted_at IS NOT NULL BEGIN
            UPDATE compute_usages SET instances = instances - 1, cores = cores - old.claimed_vcpus,
                memory_mib = memory_mib - old.claimed_memory_mib
            WHERE project_id = old.project_id;
        END;
        CREATE TRIGGER compute_usages_resize AFTER UPDATE OF claimed_vcpus, claimed_memory_mib ON instances
        WHEN new.deleted_at IS NULL AND (old.claimed_vcpus <> new.claimed_vcpus
            OR old.claimed_memory_mib <> new.claimed_memory_mib) BEGIN
            UPDATE compute_usages SET cores = cores + new.claimed_vcpus - old.claimed_vcpus,
                memory_mib = memory_mib + new.claimed_memory_mib - old.claimed_memory_mib
            WHERE project_id = old.project_id;
        END;

        -- What only the work on an instance needs, as JSON: nova's instance_extra and instance_system_metadata.
        CREATE TABLE instance_extra (
            instance_id TEXT PRIMARY KEY NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
            data TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE instance_metadata (
            instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (instance_id, name)
        ) STRICT, WITHOUT ROWID;

        -- The steps of an action, nova's instance_actions_events.
        CREATE TABLE instance_action_events (
            action_id INTEGER NOT NULL REFERENCES instance_actions (id) ON DELETE CASCADE,
            event TEXT NOT NULL,
            host TEXT,
            started_at INTEGER NOT NULL,
            finished_at INTEGER,
            outcome TEXT NOT NULL CHECK (outcome IN ('running', 'success', 'error')),
            PRIMARY KEY (action_id, event),
            CHECK ((outcome = 'running') = (finished_at IS NULL))
        ) STRICT, WITHOUT ROWID;
        """)
}
