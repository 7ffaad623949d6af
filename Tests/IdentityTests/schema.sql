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

CREATE TABLE application_credential_roles (
    application_credential_id TEXT NOT NULL REFERENCES application_credentials (id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (application_credential_id, role_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX application_credential_roles_by_role ON application_credential_roles (role_id);

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

CREATE TABLE catalog_services (
    id TEXT PRIMARY KEY NOT NULL,
    type TEXT NOT NULL,
    name TEXT,
    description TEXT,
    enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX catalog_services_by_name ON catalog_services (name);

CREATE INDEX catalog_services_by_type ON catalog_services (type, id);

CREATE TABLE consumers (
    id TEXT PRIMARY KEY NOT NULL,
    description TEXT,
    sealed_secret TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE credentials (
    id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL,
    project_id TEXT,
    type TEXT NOT NULL,
    sealed_blob TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX credentials_by_project ON credentials (project_id);

CREATE INDEX credentials_by_user ON credentials (user_id, type);

CREATE TABLE domain_options (
    domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
    group_name TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (domain_id, group_name, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE domains (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    description TEXT NOT NULL DEFAULT '',
    enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1))
, immutable INTEGER NOT NULL DEFAULT 0 CHECK (immutable IN (0, 1))) STRICT, WITHOUT ROWID;

CREATE TABLE endpoint_groups (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    filters TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE endpoints (
    id TEXT PRIMARY KEY NOT NULL,
    service_id TEXT NOT NULL REFERENCES catalog_services (id) ON DELETE CASCADE,
    region_id TEXT REFERENCES regions (id),
    interface TEXT NOT NULL CHECK (interface IN ('public', 'internal', 'admin')),
    url TEXT NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX endpoints_by_region ON endpoints (region_id);

CREATE INDEX endpoints_by_service ON endpoints (service_id, id);

CREATE TABLE group_members (
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, group_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX group_members_by_group ON group_members (group_id);

CREATE TABLE groups (
    id TEXT PRIMARY KEY NOT NULL,
    domain_id TEXT NOT NULL REFERENCES domains (id),
    name TEXT NOT NULL COLLATE NOCASE,
    description TEXT NOT NULL DEFAULT '',
    extra TEXT NOT NULL DEFAULT '',
    UNIQUE (domain_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX groups_by_name ON groups (name, id);

CREATE TABLE limits (
    id TEXT PRIMARY KEY NOT NULL,
    registered_limit_id TEXT NOT NULL REFERENCES registered_limits (id),
    project_id TEXT REFERENCES projects (id) ON DELETE CASCADE,
    domain_id TEXT REFERENCES domains (id) ON DELETE CASCADE,
    resource_limit INTEGER NOT NULL,
    description TEXT,
    CHECK ((project_id IS NULL) <> (domain_id IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX limits_by_domain ON limits (domain_id);

CREATE INDEX limits_by_project ON limits (project_id);

CREATE INDEX limits_by_registered_limit ON limits (registered_limit_id);

CREATE UNIQUE INDEX limits_once ON limits (coalesce(project_id, domain_id), registered_limit_id);

CREATE TABLE login_failures (
    domain TEXT NOT NULL,
    user_name TEXT NOT NULL,
    failures INTEGER NOT NULL,
    last_failed_at INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    PRIMARY KEY (domain, user_name)
) STRICT, WITHOUT ROWID;

CREATE INDEX login_failures_by_age ON login_failures (last_failed_at);

CREATE TABLE policies (
    id TEXT PRIMARY KEY NOT NULL,
    type TEXT NOT NULL,
    blob TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE project_endpoint_groups (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    endpoint_group_id TEXT NOT NULL REFERENCES endpoint_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (project_id, endpoint_group_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX project_endpoint_groups_by_group ON project_endpoint_groups (endpoint_group_id);

CREATE TABLE project_endpoints (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    endpoint_id TEXT NOT NULL REFERENCES endpoints (id) ON DELETE CASCADE,
    PRIMARY KEY (project_id, endpoint_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX project_endpoints_by_endpoint ON project_endpoints (endpoint_id);

CREATE TABLE project_tags (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE projects (
    id TEXT PRIMARY KEY NOT NULL,
    domain_id TEXT NOT NULL REFERENCES domains (id),
    name TEXT NOT NULL COLLATE NOCASE,
    description TEXT NOT NULL DEFAULT '',
    enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)), parent_id TEXT REFERENCES projects (id), extra TEXT NOT NULL DEFAULT '', immutable INTEGER NOT NULL DEFAULT 0 CHECK (immutable IN (0, 1)),
    UNIQUE (domain_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX projects_by_name ON projects (name, id);

CREATE INDEX projects_by_parent ON projects (parent_id);

CREATE TABLE regions (
    id TEXT PRIMARY KEY NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    parent_region_id TEXT REFERENCES regions (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX regions_by_parent ON regions (parent_region_id);

CREATE TABLE registered_limits (
    id TEXT PRIMARY KEY NOT NULL,
    service_id TEXT NOT NULL REFERENCES catalog_services (id),
    region_id TEXT REFERENCES regions (id),
    resource_name TEXT NOT NULL,
    default_limit INTEGER NOT NULL,
    description TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX registered_limits_by_region ON registered_limits (region_id);

CREATE UNIQUE INDEX registered_limits_once
    ON registered_limits (service_id, coalesce(region_id, ''), resource_name);

CREATE TABLE revocations (
    audit_id TEXT PRIMARY KEY NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX revocations_by_expiry ON revocations (expires_at);

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

CREATE INDEX role_assignments_by_domain ON role_assignments (domain_id);

CREATE INDEX role_assignments_by_group ON role_assignments (group_id);

CREATE INDEX role_assignments_by_project ON role_assignments (project_id);

CREATE INDEX role_assignments_by_role ON role_assignments (role_id);

CREATE INDEX role_assignments_by_target ON role_assignments (target_id, inherited);

CREATE INDEX role_assignments_by_user ON role_assignments (user_id);

CREATE UNIQUE INDEX role_assignments_once ON role_assignments (actor_id, target_id, inherited, role_id);

CREATE TABLE role_inferences (
    prior_role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    implied_role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX role_inferences_by_implied ON role_inferences (implied_role_id);

CREATE UNIQUE INDEX role_inferences_by_prior ON role_inferences (prior_role_id, implied_role_id);

CREATE TABLE roles (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    description TEXT NOT NULL DEFAULT '',
    domain_id TEXT REFERENCES domains (id) ON DELETE CASCADE,
    immutable INTEGER NOT NULL DEFAULT 0 CHECK (immutable IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX roles_by_domain ON roles (domain_id, name);

CREATE UNIQUE INDEX roles_by_name ON roles (name, coalesce(domain_id, ''));

CREATE TABLE trust_roles (
    trust_id TEXT NOT NULL REFERENCES trusts (id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (trust_id, role_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX trust_roles_by_role ON trust_roles (role_id);

CREATE TABLE trusts (
    id TEXT PRIMARY KEY NOT NULL,
    trustor_user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    trustee_user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    project_id TEXT REFERENCES projects (id) ON DELETE CASCADE,
    impersonation INTEGER NOT NULL CHECK (impersonation IN (0, 1)),
    expires_at INTEGER,
    remaining_uses INTEGER,
    redelegation_count INTEGER NOT NULL DEFAULT 0
, redelegated_trust_id TEXT REFERENCES trusts (id) ON DELETE CASCADE) STRICT, WITHOUT ROWID;

CREATE INDEX trusts_by_project ON trusts (project_id);

CREATE INDEX trusts_by_redelegated_trust ON trusts (redelegated_trust_id);

CREATE INDEX trusts_by_trustee ON trusts (trustee_user_id);

CREATE INDEX trusts_by_trustor ON trusts (trustor_user_id);

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
    token_generation INTEGER NOT NULL DEFAULT 0, extra TEXT NOT NULL DEFAULT '', options TEXT NOT NULL DEFAULT '',
    UNIQUE (domain_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX users_by_default_project ON users (default_project_id);

CREATE INDEX users_by_name ON users (name, id);
