import Database

extension IdentitySchema {
    /// Limits and what they fall back to, policies that others keep here, filters of the catalogue, and settings of a
    /// domain that others read.
    static let limits = Migration(
        "identity/0006-limits",
        """
        CREATE TABLE registered_limits (
            id TEXT PRIMARY KEY NOT NULL,
            service_id TEXT NOT NULL REFERENCES catalog_services (id),
            region_id TEXT REFERENCES regions (id),
            resource_name TEXT NOT NULL,
            default_limit INTEGER NOT NULL,
            description TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX registered_limits_once
            ON registered_limits (service_id, coalesce(region_id, ''), resource_name);
        CREATE INDEX registered_limits_by_region ON registered_limits (region_id);

        CREATE TABLE limits (
            id TEXT PRIMARY KEY NOT NULL,
            registered_limit_id TEXT NOT NULL REFERENCES registered_limits (id),
            project_id TEXT REFERENCES projects (id) ON DELETE CASCADE,
            domain_id TEXT REFERENCES domains (id) ON DELETE CASCADE,
            resource_limit INTEGER NOT NULL,
            description TEXT,
            CHECK ((project_id IS NULL) <> (domain_id IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX limits_once ON limits (coalesce(project_id, domain_id), registered_limit_id);
        CREATE INDEX limits_by_registered_limit ON limits (registered_limit_id);
        CREATE INDEX limits_by_project ON limits (project_id);
        CREATE INDEX limits_by_domain ON limits (domain_id);

        CREATE TABLE policies (
            id TEXT PRIMARY KEY NOT NULL,
            type TEXT NOT NULL,
            blob TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE endpoint_groups (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            description TEXT,
            filters TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """)
}
