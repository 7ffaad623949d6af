import Database

extension IdentitySchema {
    /// Trees of projects, tags, groups, roles of a domain, roles that imply others, and roles held by groups or inherited.
    /// The tables of roles are made anew, because a rule of a column cannot be taken away.
    static let grants = Migration(
        "identity/0003-grants",
        """
        ALTER TABLE projects ADD COLUMN parent_id TEXT REFERENCES projects (id);
        ALTER TABLE projects ADD COLUMN extra TEXT NOT NULL DEFAULT '';
        CREATE INDEX projects_by_parent ON projects (parent_id);
        ALTER TABLE users ADD COLUMN extra TEXT NOT NULL DEFAULT '';
        ALTER TABLE users ADD COLUMN options TEXT NOT NULL DEFAULT '';

        CREATE TABLE project_tags (
            project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
            tag TEXT NOT NULL,
            PRIMARY KEY (project_id, tag)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE groups (
            id TEXT PRIMARY KEY NOT NULL,
            domain_id TEXT NOT NULL REFERENCES domains (id),
            name TEXT NOT NULL COLLATE NOCASE,
            description TEXT NOT NULL DEFAULT '',
            extra TEXT NOT NULL DEFAULT '',
            UNIQUE (domain_id, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX groups_by_name ON groups (name, id);

        CREATE TABLE group_members (
            group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            PRIMARY KEY (user_id, group_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX group_members_by_group ON group_members (group_id);

        DROP INDEX role_assignments_once;
        DROP INDEX role_assignments_by_project;
        DROP INDEX role_assignments_by_domain;
        DROP INDEX role_assignments_by_role;
        ALTER TABLE roles RENAME TO old_roles;
        ALTER TABLE role_assignments RENAME TO old_role_assignments;

        CREATE TABLE roles (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL COLLATE NOCASE,
            description TEXT NOT NULL DEFAULT '',
            domain_id TEXT REFERENCES domains (id) ON DELETE CASCADE,
            immutable INTEGER NOT NULL DEFAULT 0 CHECK (immutable IN (0, 1))
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX roles_by_name ON roles (name, coalesce(domain_id, ''));
        CREATE INDEX roles_by_domain ON roles (domain_id, name);
        INSERT INTO roles (id, name, description, immutable)
            SELECT id, name, description, lower(name) IN ('admin', 'member', 'reader') FROM old_roles;

        CREATE TABLE role_inferences (
            prior_role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
            implied_role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE
        ) STRICT;
        CREATE UNIQUE INDEX role_inferences_by_prior ON role_inferences (prior_role_id, implied_role_id);
        CREATE INDEX role_inferences_by_implied ON role_inferences (implied_role_id);
        INSERT INTO role_inferences (prior_role_id, implied_role_id)
            SELECT prior.id, implied.id FROM roles AS prior JOIN roles AS implied
            ON (prior.name = 'admin' AND implied.name = 'member')
                OR (prior.name = 'member' AND implied.name = 'reader');

        CREATE TABLE role_assignments (
            user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
            group_id TEXT REFERENCES groups (id) ON DELETE CASCADE,
            role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
            scope TEXT NOT NULL CHECK (scope IN ('project', 'domain', 'system')),
            project_id TEXT REFERENCES projects (id) ON DELETE CASCADE,
            domain_id TEXT REFERENCES domains (id) ON DELETE CASCADE,
            inherited INTEGER NOT NULL DEFAULT 0 CHECK (inherited IN (0, 1)),
            actor_id TEXT NOT NULL GENERATED ALWAYS AS (coalesce(user_id, group_id)) STORED,
            target_id TEXT NOT NULL GENERATED ALWAYS AS (coalesce(project_id, domain_id, 'system')) STORED,
            CHECK ((user_id IS NULL) <> (group_id IS NULL)),
            CHECK ((scope = 'project') = (project_id IS NOT NULL)),
            CHECK ((scope = 'domain') = (domain_id IS NOT NULL)),
            CHECK (scope <> 'system' OR inherited = 0)
        ) STRICT;
        CREATE UNIQUE INDEX role_assignments_once ON role_assignments (actor_id, target_id, inherited, role_id);
        CREATE INDEX role_assignments_by_target ON role_assignments (target_id, inherited);
        CREATE INDEX role_assignments_by_user ON role_assignments (user_id);
        CREATE INDEX role_assignments_by_group ON role_assignments (group_id);
        CREATE INDEX role_assignments_by_project ON role_assignments (project_id);
        CREATE INDEX role_assignments_by_domain ON role_assignments (domain_id);
        CREATE INDEX role_assignments_by_role ON role_assignments (role_id);
        INSERT INTO role_assignments (user_id, role_id, scope, project_id, domain_id)
            SELECT user_id, role_id, scope, project_id, domain_id FROM old_role_assignments;

        DROP TABLE old_role_assignments;
        DROP TABLE old_roles;
        """)
}
