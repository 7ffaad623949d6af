CREATE TABLE image_properties (
    image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (image_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE image_seeds (
    name TEXT PRIMARY KEY NOT NULL,
    image_id TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE images (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'saving', 'active', 'killed')),
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'private', 'shared', 'community')),
    project_id TEXT NOT NULL,
    disk_format TEXT NOT NULL,
    container_format TEXT NOT NULL,
    size INTEGER,
    virtual_size INTEGER,
    min_disk INTEGER NOT NULL CHECK (min_disk >= 0),
    min_ram INTEGER NOT NULL CHECK (min_ram >= 0),
    checksum TEXT,
    sha512 TEXT,
    protected INTEGER NOT NULL CHECK (protected IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
, instance_id TEXT) STRICT;

CREATE INDEX images_by_age ON images (created_at, id);

CREATE INDEX images_by_project ON images (project_id, created_at, id);
