public import Database

/// The tables of Identity.
public enum IdentitySchema {
    /// All steps, in order.
    public static let migrations = people + [grants, catalog, credentials, limits, delegation, configuration]

    private static let people = [
        Migration(
            "identity/0001-people",
            """
            CREATE TABLE domains (
                id TEXT PRIMARY KEY NOT NULL,
                name TEXT NOT NULL COLLATE NOCASE UNIQUE,
                description TEXT NOT NULL DEFAULT '',
                enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1))
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE projects (
                id TEXT PRIMARY KEY NOT NULL,
                domain_id TEXT NOT NULL REFERENCES domains (id),
                name TEXT NOT NULL COLLATE NOCASE,
                description TEXT NOT NULL DEFAULT '',
                enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
                UNIQUE (domain_id, name)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX projects_by_name ON projects (name, id);

            CREATE TABLE users (
                id TEXT PRIMARY KEY NOT NULL,
                domain_id TEXT NOT NULL REFERENCES domains (id),
                name TEXT NOT NULL COLLATE NOCASE,
                email TEXT NOT NULL DEFAULT '',
                description TEXT NOT NULL DEFAULT '',
                enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
                default_project_id TEXT REFERENCES projects (id) ON DELETE SET NULL,
                password_hash TEXT NOT NULL,
                password_changed_at INTEGER NOT NULL,
                token_generation INTEGER NOT NULL DEFAULT 0,
                UNIQUE (domain_id, name)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX users_by_name ON users (name, id);
            CREATE INDEX users_by_default_project ON users (default_project_id);

            CREATE TABLE roles (
                id TEXT PRIMARY KEY NOT NULL,
                name TEXT NOT NULL COLLATE NOCASE UNIQUE,
                description TEXT NOT NULL DEFAULT ''
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE role_assignments (
                user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
                scope TEXT NOT NULL CHECK (scope IN ('project', 'domain', 'system')),
                project_id TEXT REFERENCES projects (id) ON DELETE CASCADE,
                domain_id TEXT REFERENCES domains (id) ON DELETE CASCADE,
                CHECK ((scope = 'project') = (project_id IS NOT NULL)),
                CHECK ((scope = 'domain') = (domain_id IS NOT NULL))
            ) STRICT;
            CREATE UNIQUE INDEX role_assignments_once ON role_assignments
                (user_id, scope, coalesce(project_id, domain_id, ''), role_id);
            CREATE INDEX role_assignments_by_project ON role_assignments (project_id, user_id);
            CREATE INDEX role_assignments_by_domain ON role_assignments (domain_id);
            CREATE INDEX role_assignments_by_role ON role_assignments (role_id);
            """),
        Migration(
            "identity/0002-logins",
            """
            CREATE TABLE login_failures (
                domain TEXT NOT NULL,
                user_name TEXT NOT NULL,
                failures INTEGER NOT NULL,
                last_failed_at INTEGER NOT NULL,
                blocked_until INTEGER NOT NULL,
                PRIMARY KEY (domain, user_name)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX login_failures_by_age ON login_failures (last_failed_at);

            CREATE TABLE revocations (
                audit_id TEXT PRIMARY KEY NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX revocations_by_expiry ON revocations (expires_at);
            """),
    ]
}
