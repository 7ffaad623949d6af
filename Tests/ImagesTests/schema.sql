CREATE TABLE image_members (
    image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    member_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'rejected')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (image_id, member_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX image_members_by_member ON image_members (member_id, status, image_id);

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

CREATE TABLE image_tags (
    image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (image_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE image_tasks (
    id TEXT PRIMARY KEY NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('import', 'api_image_import')),
    status TEXT NOT NULL CHECK (status IN ('pending', 'processing', 'success', 'failure')),
    project_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    image_id TEXT,
    input TEXT NOT NULL,
    result TEXT,
    message TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT;

CREATE INDEX image_tasks_by_age ON image_tasks (created_at, id);

CREATE INDEX image_tasks_by_image ON image_tasks (image_id, created_at, id);

CREATE TABLE "images" (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (
        status IN ('queued', 'saving', 'uploading', 'importing', 'active', 'deactivated', 'killed')),
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'private', 'shared', 'community')),
    project_id TEXT NOT NULL,
    disk_format TEXT,
    container_format TEXT,
    size INTEGER,
    virtual_size INTEGER,
    min_disk INTEGER NOT NULL CHECK (min_disk >= 0),
    min_ram INTEGER NOT NULL CHECK (min_ram >= 0),
    checksum TEXT,
    sha512 TEXT,
    protected INTEGER NOT NULL CHECK (protected IN (0, 1)),
    hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
    -- The instance whose disk is being copied into the image: the work of a job, which a start does not end.
    instance_id TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX images_by_age ON images (created_at, id);

CREATE INDEX images_by_project ON images (project_id, created_at, id);

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
