import Database

extension IdentitySchema {
    /// Secrets kept for people (sealed), application credentials with their roles and access rules, and trusts. Times of
    /// expiry are microseconds, because clients compare them with what they sent.
    static let credentials = Migration(
        "identity/0005-credentials",
        """
        CREATE TABLE credentials (
            id TEXT PRIMARY KEY NOT NULL,
            user_id TEXT NOT NULL,
            project_id TEXT,
            type TEXT NOT NULL,
            sealed_blob TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX credentials_by_user ON credentials (user_id, type);
        CREATE INDEX credentials_by_project ON credentials (project_id);

        CREATE TABLE application_credentials (
            id TEXT PRIMARY KEY NOT NULL,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT NOT NULL DEFAULT '',
            secret_hash TEXT NOT NULL,
            expires_at INTEGER,
            unrestricted INTEGER NOT NULL DEFAULT 0 CHECK (unrestricted IN (0, 1)),
            has_access_rules INTEGER NOT NULL DEFAULT 0 CHECK (has_access_rules IN (0, 1)),
            UNIQUE (user_id, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX application_credentials_by_project ON application_credentials (project_id);

        CREATE TABLE application_credential_roles (
            application_credential_id TEXT NOT NULL REFERENCES application_credentials (id) ON DELETE CASCADE,
            role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
            PRIMARY KEY (application_credential_id, role_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX application_credential_roles_by_role ON application_credential_roles (role_id);

        CREATE TABLE access_rules (
            id TEXT PRIMARY KEY NOT NULL,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            service TEXT NOT NULL,
            method TEXT NOT NULL,
            path TEXT NOT NULL,
            UNIQUE (user_id, service, method, path)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE application_credential_access_rules (
            application_credential_id TEXT NOT NULL REFERENCES application_credentials (id) ON DELETE CASCADE,
            access_rule_id TEXT NOT NULL REFERENCES access_rules (id) ON DELETE CASCADE,
            PRIMARY KEY (application_credential_id, access_rule_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX application_credential_access_rules_by_rule
            ON application_credential_access_rules (access_rule_id);

        CREATE TABLE trusts (
            id TEXT PRIMARY KEY NOT NULL,
            trustor_user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            trustee_user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            project_id TEXT REFERENCES projects (id) ON DELETE CASCADE,
            impersonation INTEGER NOT NULL CHECK (impersonation IN (0, 1)),
            expires_at INTEGER,
            remaining_uses INTEGER,
            redelegation_count INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX trusts_by_trustor ON trusts (trustor_user_id);
        CREATE INDEX trusts_by_trustee ON trusts (trustee_user_id);
        CREATE INDEX trusts_by_project ON trusts (project_id);

        CREATE TABLE trust_roles (
            trust_id TEXT NOT NULL REFERENCES trusts (id) ON DELETE CASCADE,
            role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
            PRIMARY KEY (trust_id, role_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX trust_roles_by_role ON trust_roles (role_id);
        """)
}
