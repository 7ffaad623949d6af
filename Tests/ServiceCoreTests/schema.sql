CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    resource TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'running', 'succeeded', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    claim INTEGER NOT NULL DEFAULT 0,
    run_after INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER,
    error_code TEXT,
    error_text TEXT,
    request_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK ((state IN ('succeeded', 'failed')) = (finished_at IS NOT NULL))
) STRICT;

CREATE INDEX jobs_by_finish ON jobs (finished_at, id);

CREATE INDEX jobs_by_kind ON jobs (kind, finished_at, id);

CREATE INDEX jobs_by_resource ON jobs (resource, finished_at, id);

CREATE TRIGGER recent_changes_insert AFTER INSERT ON recent_changes BEGIN
    DELETE FROM recent_changes WHERE version <= new.version - 4096;
END;

CREATE TABLE recent_changes (
    version INTEGER PRIMARY KEY NOT NULL,
    resource TEXT NOT NULL
) STRICT;
