import Database

extension NetworkingSchema {
    static let sharing =
        """
        CREATE TABLE rbac_policies (
            id TEXT PRIMARY KEY NOT NULL,
            project_id TEXT NOT NULL,
            object_type TEXT NOT NULL CHECK (object_type IN ('network', 'security_group', 'subnetpool',
                'address_scope')),
            object_id TEXT NOT NULL,
            target_project TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('access_as_shared', 'access_as_external')),
            UNIQUE (object_type, object_id, target_project, action)
        ) STRICT;
        CREATE INDEX rbac_policies_by_target ON rbac_policies (object_type, target_project, object_id, action);
        CREATE INDEX rbac_policies_by_project ON rbac_policies (project_id, object_type, object_id, id);
        CREATE TRIGGER rbac_policies_networks_delete AFTER DELETE ON networks BEGIN
            DELETE FROM rbac_policies WHERE object_type = 'network' AND object_id = old.id;
        END;
        CREATE TRIGGER rbac_policies_securitygroups_delete AFTER DELETE ON securitygroups BEGIN
            DELETE FROM rbac_policies WHERE object_type = 'security_group' AND object_id = old.id;
        END;
        """ + flag("shared", "access_as_shared") + flag("external", "access_as_external")
            + """

            -- A network is external as soon as it leads out for anybody, shared when it is everybody's.
            CREATE TRIGGER rbac_policies_insert_shared AFTER INSERT ON rbac_policies
            WHEN new.object_type = 'network' AND new.action = 'access_as_shared' AND new.target_project = '*' BEGIN
                UPDATE networks SET shared = 1 WHERE id = new.object_id AND shared = 0;
            END;
            CREATE TRIGGER rbac_policies_delete_shared AFTER DELETE ON rbac_policies
            WHEN old.object_type = 'network' AND old.action = 'access_as_shared' AND old.target_project = '*' BEGIN
                UPDATE networks SET shared = 0 WHERE id = old.object_id AND shared = 1;
            END;
            CREATE TRIGGER rbac_policies_insert_external AFTER INSERT ON rbac_policies
            WHEN new.object_type = 'network' AND new.action = 'access_as_external' BEGIN
                UPDATE networks SET external = 1 WHERE id = new.object_id AND external = 0;
            END;
            CREATE TRIGGER rbac_policies_delete_external AFTER DELETE ON rbac_policies
            WHEN old.object_type = 'network' AND old.action = 'access_as_external' AND NOT EXISTS (
                SELECT 1 FROM rbac_policies WHERE object_type = 'network' AND object_id = old.object_id
                    AND action = 'access_as_external') BEGIN
                UPDATE networks SET external = 0 WHERE id = old.object_id AND external = 1;
            END;
            """ + counting("rbac_policy", in: "rbac_policies")

    /// A flag of a network that is set is a policy for every project; one that is cleared takes every such policy away.
    /// A network that a policy has made external for one project does not become so for all.
    private static func flag(_ column: String, _ action: String) -> String {
        """

        INSERT INTO rbac_policies SELECT \(uuid), project_id, 'network', id, '*', '\(action)' FROM networks
        WHERE \(column) = 1;
        CREATE TRIGGER rbac_policies_networks_insert_\(column) AFTER INSERT ON networks WHEN new.\(column) = 1 BEGIN
            INSERT INTO rbac_policies VALUES (\(uuid), new.project_id, 'network', new.id, '*', '\(action)');
        END;
        CREATE TRIGGER rbac_policies_networks_set_\(column) AFTER UPDATE OF \(column) ON networks
        WHEN old.\(column) = 0 AND new.\(column) = 1 AND NOT EXISTS (
            SELECT 1 FROM rbac_policies WHERE object_type = 'network' AND object_id = new.id AND action = '\(action)'
                AND (target_project = '*' OR action = 'access_as_external')) BEGIN
            INSERT INTO rbac_policies VALUES (\(uuid), new.project_id, 'network', new.id, '*', '\(action)');
        END;
        CREATE TRIGGER rbac_policies_networks_clear_\(column) AFTER UPDATE OF \(column) ON networks
        WHEN old.\(column) = 1 AND new.\(column) = 0 BEGIN
            DELETE FROM rbac_policies WHERE object_type = 'network' AND object_id = new.id AND action = '\(action)'
                AND (target_project = '*' OR action = 'access_as_external');
        END;
        """
    }

    /// A pool or a scope is `shared` when there is a policy about it for every project.
    static let poolSharing = [("subnetpool", "subnetpools"), ("address_scope", "addressscopes")].map { type, table in
        """

        INSERT INTO rbac_policies SELECT \(uuid), project_id, '\(type)', id, '*', 'access_as_shared' FROM \(table)
        WHERE shared = 1;
        CREATE TRIGGER rbac_policies_\(table)_insert AFTER INSERT ON \(table) WHEN new.shared = 1 BEGIN
            INSERT INTO rbac_policies VALUES (\(uuid), new.project_id, '\(type)', new.id, '*', 'access_as_shared');
        END;
        CREATE TRIGGER rbac_policies_\(table)_delete AFTER DELETE ON \(table) BEGIN
            DELETE FROM rbac_policies WHERE object_type = '\(type)' AND object_id = old.id;
        END;
        CREATE TRIGGER rbac_policies_insert_\(table) AFTER INSERT ON rbac_policies
        WHEN new.object_type = '\(type)' AND new.target_project = '*' BEGIN
            UPDATE \(table) SET shared = 1 WHERE id = new.object_id AND shared = 0;
        END;
        CREATE TRIGGER rbac_policies_delete_\(table) AFTER DELETE ON rbac_policies
        WHEN old.object_type = '\(type)' AND old.target_project = '*' BEGIN
            UPDATE \(table) SET shared = 0 WHERE id = old.object_id AND shared = 1;
        END;
        """
    }.joined()
}
