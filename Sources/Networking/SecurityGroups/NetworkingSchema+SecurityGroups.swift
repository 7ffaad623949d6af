import Database

extension NetworkingSchema {
    /// Every service method's resources can be limited; see `LimitedResource`.
    static let allQuotas =
        """
        DROP TRIGGER quotausages_network_insert;
        DROP TRIGGER quotausages_network_delete;
        DROP TRIGGER quotausages_subnet_insert;
        DROP TRIGGER quotausages_subnet_delete;
        DROP TRIGGER quotausages_port_insert;
        DROP TRIGGER quotausages_port_delete;
        CREATE TABLE new_quotas (
            project_id TEXT NOT NULL,
            resource TEXT NOT NULL CHECK (resource IN ('network', 'subnet', 'port', 'security_group',
                'security_group_rule', 'router', 'floatingip', 'subnetpool', 'rbac_policy')),
            hard_limit INTEGER NOT NULL CHECK (hard_limit >= -1),
            PRIMARY KEY (project_id, resource)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO new_quotas SELECT project_id, resource, hard_limit FROM quotas;
        DROP TABLE quotas;
        ALTER TABLE new_quotas RENAME TO quotas;
        DROP TABLE quotausages;
        CREATE TABLE quotausages (
            project_id TEXT NOT NULL,
            resource TEXT NOT NULL,
            in_use INTEGER NOT NULL,
            PRIMARY KEY (project_id, resource)
        ) STRICT, WITHOUT ROWID;
        """ + counting("network", in: "networks") + counting("subnet", in: "subnets") + counting("port", in: "ports")

    /// Keeps count of a project's rows in a table.
    static func counting(_ resource: String, in table: String) -> String {
        """

        INSERT INTO quotausages SELECT project_id, '\(resource)', count(*) FROM \(table) GROUP BY project_id;
        CREATE TRIGGER quotausages_\(resource)_insert AFTER INSERT ON \(table) BEGIN
            INSERT INTO quotausages VALUES (new.project_id, '\(resource)', 1)
            ON CONFLICT (project_id, resource) DO UPDATE SET in_use = in_use + 1;
        END;
        CREATE TRIGGER quotausages_\(resource)_delete AFTER DELETE ON \(table) BEGIN
            UPDATE quotausages SET in_use = in_use - 1
            WHERE project_id = old.project_id AND resource = '\(resource)';
        END;
        """
    }

    /// Neutron's tables. `securitygroupportbindings` has the port's network too, so that the networks of a group are
    /// found without reading all its ports.
    static let securityGroups =
        """
        CREATE TABLE securitygroups (
            id TEXT PRIMARY KEY NOT NULL,
            project_id TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            stateful INTEGER NOT NULL CHECK (stateful IN (0, 1)),
            revision_number INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX securitygroups_by_project ON securitygroups (project_id, name, id);
        CREATE TABLE default_security_group (
            project_id TEXT PRIMARY KEY NOT NULL,
            security_group_id TEXT NOT NULL UNIQUE REFERENCES securitygroups (id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE securitygrouprules (
            position INTEGER PRIMARY KEY NOT NULL,
            id TEXT NOT NULL UNIQUE,
            security_group_id TEXT NOT NULL REFERENCES securitygroups (id) ON DELETE CASCADE,
            project_id TEXT NOT NULL,
            direction TEXT NOT NULL CHECK (direction IN ('ingress', 'egress')),
            ethertype TEXT NOT NULL CHECK (ethertype IN ('IPv4', 'IPv6')),
            protocol TEXT,
            port_range_min INTEGER,
            port_range_max INTEGER,
            remote_ip_prefix TEXT,
            remote_group_id TEXT REFERENCES securitygroups (id) ON DELETE CASCADE,
            description TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            CHECK (remote_ip_prefix IS NULL OR remote_group_id IS NULL)
        ) STRICT;
        CREATE INDEX securitygrouprules_by_group ON securitygrouprules (security_group_id, created_at, position);
        CREATE INDEX securitygrouprules_by_remote ON securitygrouprules (remote_group_id, security_group_id);
        CREATE TABLE securitygroupportbindings (
            port_id TEXT NOT NULL REFERENCES ports (id) ON DELETE CASCADE,
            security_group_id TEXT NOT NULL REFERENCES securitygroups (id),
            network_id TEXT NOT NULL,
            PRIMARY KEY (port_id, security_group_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX securitygroupportbindings_by_group ON securitygroupportbindings (security_group_id, network_id);
        CREATE TABLE allowedaddresspairs (
            port_id TEXT NOT NULL REFERENCES ports (id) ON DELETE CASCADE,
            mac_address TEXT NOT NULL,
            ip_address TEXT NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (port_id, mac_address, ip_address)
        ) STRICT, WITHOUT ROWID;
        """ + counting("security_group", in: "securitygroups")
        + counting("security_group_rule", in: "securitygrouprules") + defaultsOfExistingPorts

    /// Ports that were made before there were groups get their project's default group.
    private static let defaultsOfExistingPorts = """

        INSERT INTO securitygroups
        SELECT \(uuid), project_id, 'default', 'Default security group', 1, 1, now, now
        FROM (SELECT DISTINCT project_id, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) AS now FROM ports
              WHERE device_owner NOT LIKE 'network:%' AND port_security_enabled = 1);
        INSERT INTO default_security_group SELECT project_id, id FROM securitygroups;
        INSERT INTO securitygrouprules (id, security_group_id, project_id, direction, ethertype, remote_group_id,
            description, created_at)
        SELECT \(uuid), g.id, g.project_id, d.direction, d.ethertype, iif(d.direction = 'ingress', g.id, NULL), '',
            g.created_at
        FROM securitygroups g CROSS JOIN (SELECT 'ingress' AS direction, 'IPv4' AS ethertype UNION ALL
            SELECT 'ingress', 'IPv6' UNION ALL SELECT 'egress', 'IPv4' UNION ALL SELECT 'egress', 'IPv6') d;
        INSERT INTO securitygroupportbindings
        SELECT p.id, d.security_group_id, p.network_id FROM ports p
            JOIN default_security_group d ON d.project_id = p.project_id
        WHERE p.device_owner NOT LIKE 'network:%' AND p.port_security_enabled = 1;
        """

    /// A random UUID of version 4 (RFC 9562 section 5.4) for each row.
    static let uuid = """
        lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
            || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))
        """
}
