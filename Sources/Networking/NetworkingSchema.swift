public import Database

/// The tables of this service, under neutron's names. The tables the tutorials select from, `ipallocations` and
/// `ipallocationpools`, have exactly neutron's columns; what this program needs beside them stands in companions:
///
/// - `ipallocation_keys`: allocated addresses as fixed-width hexadecimal, which sorts as numbers do.
/// - `ipallocationpool_positions`: the order in which a subnet's pools are walked.
/// - `ipavailabilityranges`: the free stretches of each pool. An address is found, taken and given back in a few index
///   look-ups, however many addresses the pool has (neutron had a table of this name until its writers got in each
///   other's way; there is one writer here).
public enum NetworkingSchema {
    /// All steps, oldest first.
    public static let migrations = [
        Migration("networking/0001-networks", networks),
        Migration("networking/0002-ports", ports),
        Migration("networking/0003-addresses", addresses),
        Migration("networking/0004-quotas", quotas),
        Migration("networking/0005-usage", usage),
        Migration("networking/0006-all-quotas", allQuotas),
        Migration("networking/0007-security-groups", securityGroups),
        Migration("networking/0008-routers", routers),
        Migration("networking/0009-agents", agents),
        Migration("networking/0010-sharing", sharing),
        Migration("networking/0011-tags", tags),
        Migration("networking/0012-subnet-pools", subnetPools),
        Migration("networking/0013-pool-sharing", poolSharing),
        Migration("networking/0014-pool-tags", poolTags),
        Migration("networking/0015-network-faults", networkFaults),
        Migration("networking/0016-waiting-ports", waitingPorts),
        Migration("networking/0017-ipv6-modes", ipv6Modes),
        Migration("networking/0018-agent-bindings", agentBindings),
        Migration("networking/0019-extra-dhcp-opts", extraDHCPOptions),
        Migration("networking/0020-binding-profile", bindingProfile),
        Migration("networking/0021-changes", changes),
        Migration("networking/0022-rule-tags", ruleTags),
        Migration("networking/0023-agent-descriptions", agentDescriptions),
    ]

    /// All nine of neutron's pairs of IPv6 modes.
    private static let ipv6Modes = """
        ALTER TABLE subnets ADD COLUMN ipv6_modes TEXT CHECK (ipv6_modes IN ('slaac/slaac', 'none/slaac',
            'dhcpv6-stateful/dhcpv6-stateful', 'dhcpv6-stateless/dhcpv6-stateless', 'none/dhcpv6-stateful',
            'none/dhcpv6-stateless', 'slaac/none', 'dhcpv6-stateful/none', 'dhcpv6-stateless/none'));
        UPDATE subnets SET ipv6_modes = ipv6_mode;
        ALTER TABLE subnets DROP COLUMN ipv6_mode;
        ALTER TABLE subnets RENAME COLUMN ipv6_modes TO ipv6_mode;
        """

    private static let networks = """
        CREATE TABLE networks (
            id TEXT PRIMARY KEY NOT NULL,
            project_id TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            admin_state_up INTEGER NOT NULL CHECK (admin_state_up IN (0, 1)),
            status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'BUILD', 'DOWN', 'ERROR')),
            shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
            external INTEGER NOT NULL CHECK (external IN (0, 1)),
            mtu INTEGER NOT NULL CHECK (mtu BETWEEN 68 AND 65535),
            port_security_enabled INTEGER NOT NULL CHECK (port_security_enabled IN (0, 1)),
            availability_zone_hints TEXT NOT NULL,
            network_type TEXT NOT NULL CHECK (network_type IN ('local', 'flat', 'vlan', 'gre', 'vxlan', 'geneve')),
            physical_network TEXT,
            segmentation_id INTEGER,
            revision_number INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            CHECK ((network_type IN ('flat', 'vlan')) = (physical_network IS NOT NULL)),
            CHECK ((network_type IN ('local', 'flat')) = (segmentation_id IS NULL))
        ) STRICT;
        CREATE INDEX networks_by_project ON networks (project_id);
        CREATE INDEX networks_shared ON networks (shared) WHERE shared = 1;
        CREATE INDEX networks_external ON networks (external) WHERE external = 1;
        CREATE UNIQUE INDEX networks_flat ON networks (physical_network) WHERE network_type = 'flat';
        CREATE UNIQUE INDEX networks_vlan ON networks (physical_network, segmentation_id)
            WHERE network_type = 'vlan';
        CREATE UNIQUE INDEX networks_tunnel ON networks (network_type, segmentation_id)
            WHERE network_type IN ('gre', 'vxlan', 'geneve');

        CREATE TABLE subnets (
            id TEXT PRIMARY KEY NOT NULL,
            network_id TEXT NOT NULL REFERENCES networks (id),
            project_id TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            cidr TEXT NOT NULL,
            gateway_ip TEXT,
            enable_dhcp INTEGER NOT NULL CHECK (enable_dhcp IN (0, 1)),
            ipv6_mode TEXT CHECK (ipv6_mode IN ('slaac/slaac', 'none/slaac', 'dhcpv6-stateful/dhcpv6-stateful',
                'dhcpv6-stateless/dhcpv6-stateless')),
            revision_number INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            UNIQUE (network_id, cidr)
        ) STRICT;
        CREATE INDEX subnets_by_project ON subnets (project_id);

        CREATE TABLE dnsnameservers (
            subnet_id TEXT NOT NULL REFERENCES subnets (id) ON DELETE CASCADE,
            address TEXT NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (subnet_id, address)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE subnetroutes (
            subnet_id TEXT NOT NULL REFERENCES subnets (id) ON DELETE CASCADE,
            destination TEXT NOT NULL,
            nexthop TEXT NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (subnet_id, destination, nexthop)
        ) STRICT, WITHOUT ROWID;
        """

    private static let ports = """
        CREATE TABLE ports (
            id TEXT PRIMARY KEY NOT NULL,
            network_id TEXT NOT NULL REFERENCES networks (id),
            project_id TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            mac_address TEXT NOT NULL,
            admin_state_up INTEGER NOT NULL CHECK (admin_state_up IN (0, 1)),
            status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'BUILD', 'DOWN', 'ERROR')),
            device_id TEXT NOT NULL,
            device_owner TEXT NOT NULL,
            binding_host TEXT NOT NULL,
            vnic_type TEXT NOT NULL,
            port_security_enabled INTEGER NOT NULL CHECK (port_security_enabled IN (0, 1)),
            -- The card of an instance this port is bound to, and whether the binding made the port.
            nic_index INTEGER,
            made_for_instance INTEGER NOT NULL CHECK (made_for_instance IN (0, 1)),
            revision_number INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            UNIQUE (network_id, mac_address)
        ) STRICT;
        CREATE INDEX ports_by_project ON ports (project_id);
        CREATE INDEX ports_by_device ON ports (device_id);
        CREATE UNIQUE INDEX ports_by_card ON ports (device_id, nic_index) WHERE nic_index IS NOT NULL;
        CREATE UNIQUE INDEX ports_dhcp ON ports (network_id) WHERE device_owner = 'network:dhcp';
        """

    /// Ports on no host, of which a host that comes back takes its own.
    private static let waitingPorts = "CREATE INDEX ports_waiting ON ports (device_owner) WHERE binding_host = '';"

    private static let addresses = """
        CREATE TABLE ipallocations (
            port_id TEXT NOT NULL REFERENCES ports (id),
            ip_address TEXT NOT NULL,
            subnet_id TEXT NOT NULL REFERENCES subnets (id),
            network_id TEXT NOT NULL REFERENCES networks (id),
            UNIQUE (network_id, ip_address)
        ) STRICT;
        CREATE INDEX ipallocations_by_port ON ipallocations (port_id);
        CREATE INDEX ipallocations_by_subnet ON ipallocations (subnet_id);
        CREATE TABLE ipallocation_keys (
            subnet_id TEXT NOT NULL,
            address_key TEXT NOT NULL,
            network_id TEXT NOT NULL,
            ip_address TEXT NOT NULL,
            PRIMARY KEY (subnet_id, address_key),
            FOREIGN KEY (network_id, ip_address) REFERENCES ipallocations (network_id, ip_address) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX ipallocation_keys_by_address ON ipallocation_keys (network_id, ip_address);

        CREATE TABLE ipallocationpools (
            id TEXT PRIMARY KEY NOT NULL,
            subnet_id TEXT NOT NULL REFERENCES subnets (id) ON DELETE CASCADE,
            first_ip TEXT NOT NULL,
            last_ip TEXT NOT NULL
        ) STRICT;
        CREATE INDEX ipallocationpools_by_subnet ON ipallocationpools (subnet_id);
        CREATE TABLE ipallocationpool_positions (
            pool_id TEXT PRIMARY KEY NOT NULL REFERENCES ipallocationpools (id) ON DELETE CASCADE,
            position INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE ipavailabilityranges (
            allocation_pool_id TEXT NOT NULL REFERENCES ipallocationpools (id) ON DELETE CASCADE,
            first_key TEXT NOT NULL,
            last_key TEXT NOT NULL,
            PRIMARY KEY (allocation_pool_id, first_key),
            CHECK (first_key <= last_key)
        ) STRICT, WITHOUT ROWID;
        """

    private static let quotas = """
        CREATE TABLE quotas (
            project_id TEXT NOT NULL,
            resource TEXT NOT NULL CHECK (resource IN ('network', 'subnet', 'port')),
            hard_limit INTEGER NOT NULL CHECK (hard_limit >= -1),
            PRIMARY KEY (project_id, resource)
        ) STRICT, WITHOUT ROWID;
        -- What the first start has made once, so that it stays deleted when somebody deletes it.
        CREATE TABLE seeded_networks (
            name TEXT PRIMARY KEY NOT NULL,
            network_id TEXT NOT NULL,
            seeded_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// What a project has of each limited resource, kept by triggers: neutron's table of this name.
    private static let usage =
        """
        CREATE TABLE quotausages (
            project_id TEXT NOT NULL,
            resource TEXT NOT NULL CHECK (resource IN ('network', 'subnet', 'port')),
            in_use INTEGER NOT NULL,
            PRIMARY KEY (project_id, resource)
        ) STRICT, WITHOUT ROWID;
        """ + ["network", "subnet", "port"].map(counting).joined()
            + """

            -- All that a list of instances shows of their cards, so that the rows themselves need not be read.
            DROP INDEX ports_by_device;
            CREATE INDEX ports_by_device ON ports (device_id, nic_index, id, network_id, mac_address);
            DROP INDEX ipallocations_by_port;
            CREATE INDEX ipallocations_by_port ON ipallocations (port_id, ip_address, subnet_id);
            """

    private static func counting(_ resource: String) -> String {
        """

        INSERT INTO quotausages SELECT project_id, '\(resource)', count(*) FROM \(resource)s GROUP BY project_id;
        CREATE TRIGGER quotausages_\(resource)_insert AFTER INSERT ON \(resource)s BEGIN
            INSERT INTO quotausages VALUES (new.project_id, '\(resource)', 1)
            ON CONFLICT (project_id, resource) DO UPDATE SET in_use = in_use + 1;
        END;
        CREATE TRIGGER quotausages_\(resource)_delete AFTER DELETE ON \(resource)s BEGIN
            UPDATE quotausages SET in_use = in_use - 1
            WHERE project_id = old.project_id AND resource = '\(resource)';
        END;
        """
    }
}
