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

CREATE TABLE aggregates (
    id INTEGER PRIMARY KEY NOT NULL,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE compute_limits (
    project_id TEXT NOT NULL,
    resource TEXT NOT NULL,
    hard_limit INTEGER NOT NULL CHECK (hard_limit >= -1),
    PRIMARY KEY (project_id, resource)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE compute_seeds (
    name TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE compute_usages (
    project_id TEXT PRIMARY KEY NOT NULL,
    instances INTEGER NOT NULL,
    cores INTEGER NOT NULL,
    memory_mib INTEGER NOT NULL
) STRICT;

CREATE TABLE console_auth_tokens (
    token_hash TEXT PRIMARY KEY NOT NULL,
    console_type TEXT NOT NULL,
    instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    project_id TEXT,
    session_hash TEXT,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX console_auth_tokens_by_expiry ON console_auth_tokens (expires_at);

CREATE INDEX console_auth_tokens_by_instance ON console_auth_tokens (instance_id);

CREATE INDEX console_auth_tokens_by_user ON console_auth_tokens (user_id);

CREATE TABLE flavor_extra_specs (
    flavor_id TEXT NOT NULL REFERENCES flavors (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (flavor_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE flavor_projects (
    flavor_id TEXT NOT NULL REFERENCES flavors (id) ON DELETE CASCADE,
    project_id TEXT NOT NULL,
    PRIMARY KEY (flavor_id, project_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE flavors (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    vcpus INTEGER NOT NULL CHECK (vcpus > 0),
    memory_mib INTEGER NOT NULL CHECK (memory_mib > 0),
    disk_gib INTEGER NOT NULL CHECK (disk_gib >= 0),
    is_public INTEGER NOT NULL CHECK (is_public IN (0, 1))
, swap_mib INTEGER NOT NULL DEFAULT 0 CHECK (swap_mib >= 0), ephemeral_gib INTEGER NOT NULL DEFAULT 0 CHECK (ephemeral_gib >= 0), rxtx_factor REAL NOT NULL DEFAULT 1.0, description TEXT) STRICT;

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
, project_id TEXT) STRICT;

CREATE INDEX instance_actions_by_instance ON instance_actions (instance_id, id);

CREATE TABLE instance_extra (
    instance_id TEXT PRIMARY KEY NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    data TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER recent_changes_instance_faults_delete AFTER DELETE ON instance_faults BEGIN
    INSERT INTO recent_changes (resource) SELECT old.instance_id;
END;

CREATE TRIGGER recent_changes_instance_faults_insert AFTER INSERT ON instance_faults BEGIN
    INSERT INTO recent_changes (resource) SELECT new.instance_id;
END;

CREATE TRIGGER recent_changes_instance_faults_update AFTER UPDATE ON instance_faults BEGIN
    INSERT INTO recent_changes (resource) SELECT old.instance_id UNION SELECT new.instance_id;
END;

CREATE TABLE instance_faults (
    instance_id TEXT PRIMARY KEY NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    code INTEGER NOT NULL,
    phase TEXT,
    message TEXT NOT NULL,
    remedy TEXT,
    details TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE instance_loads (
    instance_id TEXT PRIMARY KEY NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    project_id TEXT NOT NULL,
    slot INTEGER NOT NULL,
    cpu BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE instance_measures (
    archive INTEGER NOT NULL,
    chunk INTEGER NOT NULL,
    instance_number INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (archive, chunk, instance_number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER recent_changes_instance_metadata_delete AFTER DELETE ON instance_metadata BEGIN
    INSERT INTO recent_changes (resource) SELECT old.instance_id;
END;

CREATE TRIGGER recent_changes_instance_metadata_insert AFTER INSERT ON instance_metadata BEGIN
    INSERT INTO recent_changes (resource) SELECT new.instance_id;
END;

CREATE TRIGGER recent_changes_instance_metadata_update AFTER UPDATE ON instance_metadata BEGIN
    INSERT INTO recent_changes (resource) SELECT old.instance_id UNION SELECT new.instance_id;
END;

CREATE TABLE instance_metadata (
    instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (instance_id, name)
) STRICT, WITHOUT ROWID;

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

CREATE TRIGGER recent_changes_instance_tags_delete AFTER DELETE ON instance_tags BEGIN
    INSERT INTO recent_changes (resource) SELECT old.instance_id;
END;

CREATE TRIGGER recent_changes_instance_tags_insert AFTER INSERT ON instance_tags BEGIN
    INSERT INTO recent_changes (resource) SELECT new.instance_id;
END;

CREATE TRIGGER recent_changes_instance_tags_update AFTER UPDATE ON instance_tags BEGIN
    INSERT INTO recent_changes (resource) SELECT old.instance_id UNION SELECT new.instance_id;
END;

CREATE TABLE instance_tags (
    instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (instance_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER compute_usages_delete AFTER UPDATE OF deleted_at ON instances
WHEN old.deleted_at IS NULL AND new.deleted_at IS NOT NULL BEGIN
    UPDATE compute_usages SET instances = instances - 1, cores = cores - old.claimed_vcpus,
        memory_mib = memory_mib - old.claimed_memory_mib
    WHERE project_id = old.project_id;
END;

CREATE TRIGGER compute_usages_launch AFTER INSERT ON instances WHEN new.deleted_at IS NULL BEGIN
    INSERT INTO compute_usages VALUES (new.project_id, 1, new.claimed_vcpus, new.claimed_memory_mib)
    ON CONFLICT (project_id) DO UPDATE SET instances = instances + 1, cores = cores + new.claimed_vcpus,
        memory_mib = memory_mib + new.claimed_memory_mib;
END;

CREATE TRIGGER compute_usages_resize AFTER UPDATE OF claimed_vcpus, claimed_memory_mib ON instances
WHEN new.deleted_at IS NULL AND (old.claimed_vcpus <> new.claimed_vcpus
    OR old.claimed_memory_mib <> new.claimed_memory_mib) BEGIN
    UPDATE compute_usages SET cores = cores + new.claimed_vcpus - old.claimed_vcpus,
        memory_mib = memory_mib + new.claimed_memory_mib - old.claimed_memory_mib
    WHERE project_id = old.project_id;
END;

CREATE TRIGGER recent_changes_instances_update AFTER UPDATE ON instances BEGIN
    INSERT INTO recent_changes (resource) SELECT old.id UNION SELECT new.id;
END;

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
    revision INTEGER NOT NULL, swap_mib INTEGER NOT NULL DEFAULT 0, ephemeral_gib INTEGER NOT NULL DEFAULT 0, flavor_specs TEXT NOT NULL DEFAULT '{}', access_ipv4 TEXT NOT NULL DEFAULT '', access_ipv6 TEXT NOT NULL DEFAULT '', disk_config TEXT NOT NULL DEFAULT 'MANUAL'
    CHECK (disk_config IN ('AUTO', 'MANUAL')), hostname TEXT,
    CHECK ((vm_state = 'deleted') = (deleted_at IS NOT NULL)),
    CHECK (locked_reason IS NULL OR locked_by IS NOT NULL)
) STRICT;

CREATE INDEX instances_by_age ON instances (created_at, number, id) WHERE deleted_at IS NULL;

CREATE INDEX instances_by_change ON instances (updated_at);

CREATE INDEX instances_by_host ON instances (host, claimed_vcpus, claimed_memory_mib, claimed_disk_gib,
    vm_state, launched_at) WHERE deleted_at IS NULL;

CREATE INDEX instances_by_project ON instances (project_id, created_at, number, id)
    WHERE deleted_at IS NULL;

CREATE INDEX instances_in_progress ON instances (number)
    WHERE task_state IS NOT NULL OR vm_state = 'building';

CREATE TABLE key_pairs (
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('ssh', 'x509')),
    public_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_at INTEGER NOT NULL, number INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX key_pairs_by_number ON key_pairs (number);

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

CREATE TRIGGER recent_changes_request_specs_update AFTER UPDATE OF requested_zone, user_data, placement ON request_specs BEGIN
    INSERT INTO recent_changes (resource) SELECT old.instance_id UNION SELECT new.instance_id;
END;

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
, placement TEXT, cards TEXT, files TEXT) STRICT;

CREATE TABLE server_group_members (
    instance_id TEXT PRIMARY KEY NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES server_groups (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX server_group_members_by_group ON server_group_members (group_id);

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

CREATE TABLE services (
    id INTEGER PRIMARY KEY NOT NULL,
    uuid TEXT NOT NULL UNIQUE,
    binary_name TEXT NOT NULL,
    host TEXT NOT NULL,
    zone TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    disabled_reason TEXT,
    updated_at INTEGER, forced_down INTEGER NOT NULL DEFAULT 0 CHECK (forced_down IN (0, 1)),
    UNIQUE (binary_name, host),
    CHECK (disabled = 1 OR disabled_reason IS NULL)
) STRICT;
