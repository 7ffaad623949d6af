extension ImagesSchema {
    /// What the Image API knows beside names and bytes: images that are imported, deactivated, hidden, of which neither
    /// format is known yet; members, tags, tasks. The table of images is made anew because its checks change.
    static let membersAndImports = """
        CREATE TABLE new_images (
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
        INSERT INTO new_images
        SELECT id, name, status, visibility, project_id, disk_format, container_format, size, virtual_size, min_disk,
            min_ram, checksum, sha512, protected, 0, instance_id, created_at, updated_at
        FROM images;

        -- Its rows would go with the table of images.
        CREATE TABLE kept_properties (image_id TEXT, name TEXT, value TEXT) STRICT;
        INSERT INTO kept_properties SELECT image_id, name, value FROM image_properties;
        DROP TABLE image_properties;
        DROP TABLE images;
        ALTER TABLE new_images RENAME TO images;
        CREATE INDEX images_by_age ON images (created_at, id);
        CREATE INDEX images_by_project ON images (project_id, created_at, id);

        CREATE TABLE image_properties (
            image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (image_id, name)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO image_properties SELECT image_id, name, value FROM kept_properties;
        DROP TABLE kept_properties;

        CREATE TABLE image_tags (
            image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
            tag TEXT NOT NULL,
            PRIMARY KEY (image_id, tag)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE image_members (
            image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
            member_id TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'rejected')),
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (image_id, member_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX image_members_by_member ON image_members (member_id, status, image_id);

        -- A task outlives its image, so that what became of it can be read.
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
        """
}
