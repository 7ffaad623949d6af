import Database

extension IdentitySchema {
    /// Projects and domains that nobody may change, the configuration of single domains (a secret option is sealed), and
    /// the consumers of OAuth.
    static let configuration = Migration(
        "identity/0008-configuration",
        """
        ALTER TABLE projects ADD COLUMN immutable INTEGER NOT NULL DEFAULT 0 CHECK (immutable IN (0, 1));
        ALTER TABLE domains ADD COLUMN immutable INTEGER NOT NULL DEFAULT 0 CHECK (immutable IN (0, 1));

        CREATE TABLE domain_options (
            domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
            group_name TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (domain_id, group_name, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE consumers (
            id TEXT PRIMARY KEY NOT NULL,
            description TEXT,
            sealed_secret TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """)
}
