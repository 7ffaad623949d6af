import Database

extension IdentitySchema {
    /// The roles manager and service for clouds that were made without them, trusts that are passed on, and which endpoints
    /// a project is shown.
    ///
    /// A role manager that somebody holds already is the operator's own, and is not made to imply anything.
    static let delegation = Migration(
        "identity/0007-delegation",
        """
        INSERT INTO roles (id, name, immutable)
            SELECT lower(hex(randomblob(16))), n.column1, 1 FROM (VALUES ('manager'), ('service')) AS n
            WHERE EXISTS (SELECT 1 FROM roles WHERE name = 'admin' AND domain_id IS NULL)
                AND NOT EXISTS (SELECT 1 FROM roles AS r WHERE r.name = n.column1 AND r.domain_id IS NULL);
        INSERT INTO role_inferences (prior_role_id, implied_role_id)
            SELECT prior.id, implied.id FROM roles AS prior JOIN roles AS implied
            ON (prior.name = 'admin' AND implied.name = 'manager')
                OR (prior.name = 'manager' AND implied.name = 'member')
            WHERE prior.domain_id IS NULL AND implied.domain_id IS NULL
                AND NOT EXISTS (
                    SELECT 1 FROM role_assignments AS a JOIN roles AS held ON held.id = a.role_id
                    WHERE held.name = 'manager' AND held.domain_id IS NULL)
            ON CONFLICT DO NOTHING;

        ALTER TABLE trusts ADD COLUMN redelegated_trust_id TEXT REFERENCES trusts (id) ON DELETE CASCADE;
        CREATE INDEX trusts_by_redelegated_trust ON trusts (redelegated_trust_id);

        CREATE TABLE project_endpoints (
            project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
            endpoint_id TEXT NOT NULL REFERENCES endpoints (id) ON DELETE CASCADE,
            PRIMARY KEY (project_id, endpoint_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX project_endpoints_by_endpoint ON project_endpoints (endpoint_id);

        CREATE TABLE project_endpoint_groups (
            project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
            endpoint_group_id TEXT NOT NULL REFERENCES endpoint_groups (id) ON DELETE CASCADE,
            PRIMARY KEY (project_id, endpoint_group_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX project_endpoint_groups_by_group ON project_endpoint_groups (endpoint_group_id);
        """)
}
