public import Database

/// The tables of Images.
public enum ImagesSchema {
    /// In the order in which they are applied.
    public static let migrations = [
        Migration(
            "images/0001-images",
            """
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
            ) STRICT;

            CREATE INDEX images_by_age ON images (created_at, id);
            CREATE INDEX images_by_project ON images (project_id, created_at, id);

            CREATE TABLE image_properties (
                image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (image_id, name)
            ) STRICT, WITHOUT ROWID;

            -- Images the program brought along. A row outlives its image, so that a deleted one is not brought again.
            CREATE TABLE image_seeds (
                name TEXT PRIMARY KEY NOT NULL,
                image_id TEXT NOT NULL,
                created_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            """),
        Migration(
            "images/0002-snapshots",
            """
            -- The instance whose disk is being copied into the image: the work of a job, which a start does not end.
            ALTER TABLE images ADD COLUMN instance_id TEXT;
            """),
        Migration("images/0003-members-and-imports", membersAndImports),
        Migration("images/0004-metadata-definitions", metadefs),
    ]
}
