import Database

extension NetworkingSchema {
    /// Neutron's tables, without the agents' columns.
    static let routers =
        """
        CREATE TABLE routers (
            id TEXT PRIMARY KEY NOT NULL,
            project_id TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            admin_state_up INTEGER NOT NULL CHECK (admin_state_up IN (0, 1)),
            gw_port_id TEXT REFERENCES ports (id),
            enable_snat INTEGER NOT NULL CHECK (enable_snat IN (0, 1)),
            revision_number INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX routers_by_project ON routers (project_id, name, id);
        CREATE UNIQUE INDEX routers_by_gateway ON routers (gw_port_id) WHERE gw_port_id IS NOT NULL;
        CREATE TABLE routerroutes (
            router_id TEXT NOT NULL REFERENCES routers (id) ON DELETE CASCADE,
            destination TEXT NOT NULL,
            nexthop TEXT NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (router_id, destination, nexthop)
        ) STRICT, WITHOUT ROWID;
        -- The few ports of routers among the many of a network.
        CREATE INDEX ports_of_routers ON ports (network_id, device_id)
            WHERE device_owner IN ('network:router_interface', 'network:router_gateway');

        CREATE TABLE floatingips (
            id TEXT PRIMARY KEY NOT NULL,
            project_id TEXT NOT NULL,
            description TEXT NOT NULL,
            floating_ip_address TEXT NOT NULL,
            floating_network_id TEXT NOT NULL REFERENCES networks (id),
            floating_port_id TEXT NOT NULL REFERENCES ports (id),
            fixed_port_id TEXT REFERENCES ports (id),
            fixed_ip_address TEXT,
            router_id TEXT REFERENCES routers (id),
            status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'DOWN', 'ERROR')),
            revision_number INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            CHECK ((fixed_port_id IS NULL) = (fixed_ip_address IS NULL)),
            CHECK ((fixed_port_id IS NULL) = (router_id IS NULL))
        ) STRICT;
        CREATE INDEX floatingips_by_project ON floatingips (project_id, floating_ip_address, id);
        CREATE INDEX floatingips_by_network ON floatingips (floating_network_id);
        CREATE UNIQUE INDEX floatingips_by_port ON floatingips (floating_port_id);
        CREATE INDEX floatingips_by_router ON floatingips (router_id);
        CREATE UNIQUE INDEX floatingips_by_fixed_address
            ON floatingips (fixed_port_id, fixed_ip_address, floating_network_id) WHERE fixed_port_id IS NOT NULL;
        """ + counting("router", in: "routers") + counting("floatingip", in: "floatingips")
}
