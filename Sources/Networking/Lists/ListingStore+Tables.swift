import Database
import ServiceCore

/// What neutron's lists can be filtered and sorted by.
extension ListingStore {
    static let networks = ListingStore(
        resource: "Network", table: "networks n", id: "n.id",
        columns: standard("n", described: true).merging([
            "admin_state_up": Column("n.admin_state_up", .flag), "status": Column("n.status"),
            "router:external": Column("n.external", .flag), "mtu": Column("n.mtu", .integer),
            "port_security_enabled": Column("n.port_security_enabled", .flag),
            "availability_zone_hints": Column("n.availability_zone_hints"),
            "provider:network_type": Column("n.network_type"),
            "provider:physical_network": Column("coalesce(n.physical_network, '')"),
            "provider:segmentation_id": Column("coalesce(n.segmentation_id, 0)", .integer),
        ]) { $1 },
        conditions: tagged("n").merging([
            // What is shared with the caller's project alone is shared, to the caller.
            "shared": { values, projectID in
                let shared: SQL = """
                    EXISTS (SELECT 1 FROM rbac_policies WHERE object_type = 'network' AND object_id = n.id
                        AND target_project IN (\(projectID ?? "*"), '*') AND action = 'access_as_shared')
                    """
                return "(\(sql: shared)) IN (\(list: try values.map { try flag($0, "shared") }))"
            },
            "subnets": { values, _ in "n.id IN (SELECT network_id FROM subnets WHERE id IN (\(list: values)))" },
            "is_default": { values, _ in
                try values.map { try flag($0, "is_default") }.contains(false) ? "TRUE" : "FALSE"
            },
        ]) { $1 }, order: "n.name, n.id")

    static let subnets = ListingStore(
        resource: "Subnet", table: "subnets s", id: "s.id",
        columns: standard("s", described: true).merging([
            "network_id": Column("s.network_id"), "cidr": Column("s.cidr"),
            "gateway_ip": Column("coalesce(s.gateway_ip, '')", .address),
            "enable_dhcp": Column("s.enable_dhcp", .flag), "subnetpool_id": Column("coalesce(s.subnetpool_id, '')"),
            "ip_version": Column("iif(instr(s.cidr, ':') > 0, 6, 4)", .integer),
            "ipv6_address_mode": Column("coalesce(substr(s.ipv6_mode, instr(s.ipv6_mode, '/') + 1), '')"),
            "ipv6_ra_mode": Column(
                "replace(coalesce(substr(s.ipv6_mode, 1, instr(s.ipv6_mode, '/') - 1), ''), 'none', '')"),
        ]) { $1 },
        conditions: tagged("s").merging([
            "router:external": { values, _ in
                let flags = try values.map { try flag($0, "router:external") }
                return "(SELECT external FROM networks WHERE id = s.network_id) IN (\(list: flags))"
            }
        ]) { $1 }, order: "s.created_at, s.id")

    static let ports = ListingStore(
        resource: "Port", table: "ports p", id: "p.id",
        columns: standard("p", described: true).merging([
            "network_id": Column("p.network_id"), "mac_address": Column("p.mac_address", .macAddress),
            "admin_state_up": Column("p.admin_state_up", .flag), "status": Column("p.status"),
            "device_id": Column("p.device_id"), "device_owner": Column("p.device_owner"),
            "binding:host_id": Column("p.binding_host"), "binding:vnic_type": Column("p.vnic_type"),
            "port_security_enabled": Column("p.port_security_enabled", .flag),
        ]) { $1 },
        conditions: tagged("p").merging([
            "fixed_ips": { values, _ in try fixedIPs(values) },
            "security_groups": { values, _ in
                """
                p.id IN (SELECT port_id FROM securitygroupportbindings WHERE security_group_id IN (\(list: values)))
                """
            },
            "ip_allocation": { values, _ in values.contains("immediate") ? "TRUE" : "FALSE" },
        ]) { $1 }, order: "p.name, p.id")

    static let routers = ListingStore(
        resource: "Router", table: "routers r", id: "r.id",
        columns: standard("r", described: true).merging([
            "admin_state_up": Column("r.admin_state_up", .flag)
        ]) { $1 },
        conditions: tagged("r").merging([
            "status": { values, _ in values.contains("ACTIVE") ? "TRUE" : "FALSE" },
            "external_gateway_info": { values, _ in try gateways(values) },
        ]) { $1 }, order: "r.name, r.id")

    static let floatingIPs = ListingStore(
        resource: "Floating IP", table: "floatingips f", id: "f.id",
        columns: standard("f", named: false, described: true).merging([
            "floating_ip_address": Column("f.floating_ip_address", .address),
            "floating_network_id": Column("f.floating_network_id"), "status": Column("f.status"),
            "port_id": Column("coalesce(f.fixed_port_id, '')"), "router_id": Column("coalesce(f.router_id, '')"),
            "fixed_ip_address": Column("coalesce(f.fixed_ip_address, '')", .address),
        ]) { $1 }, conditions: tagged("f"), order: "f.floating_ip_address, f.id")

    static let securityGroups = ListingStore(
        resource: "Security group", table: "securitygroups g", id: "g.id",
        columns: standard("g", described: true).merging(["stateful": Column("g.stateful", .flag)]) { $1 },
        conditions: tagged("g").merging([
            "shared": { values, _ in
                let flags = try values.map { try flag($0, "shared") }
                return """
                    EXISTS (SELECT 1 FROM rbac_policies WHERE object_type = 'security_group' AND object_id = g.id)
                        IN (\(list: flags))
                    """
            }
        ]) { $1 }, order: "g.name, g.id")

    static let securityGroupRules = ListingStore(
        resource: "Security group rule", table: "securitygrouprules r", id: "r.id",
        columns: [
            "project_id": Column("r.project_id"), "tenant_id": Column("r.project_id"),
            "description": Column("r.description"), "security_group_id": Column("r.security_group_id"),
            "direction": Column("r.direction"), "ethertype": Column("r.ethertype"),
            "protocol": Column("coalesce(r.protocol, '')"),
            "port_range_min": Column("coalesce(r.port_range_min, -1)", .integer),
            "port_range_max": Column("coalesce(r.port_range_max, -1)", .integer),
            "remote_ip_prefix": Column("coalesce(r.remote_ip_prefix, '')"),
            "remote_group_id": Column("coalesce(r.remote_group_id, '')"),
            "created_at": Column("r.created_at", .integer),
            "updated_at": Column("r.updated_at", .integer), "revision_number": Column("r.revision_number", .integer),
        ], conditions: tagged("r"), order: "r.security_group_id, r.created_at, r.position")

    static let subnetPools = ListingStore(
        resource: "Subnet pool", table: "subnetpools s", id: "s.id",
        columns: standard("s", described: true).merging([
            "ip_version": Column("s.ip_version", .integer), "shared": Column("s.shared", .flag),
            "is_default": Column("s.is_default", .flag), "address_scope_id": Column("coalesce(s.address_scope_id, '')"),
            "min_prefixlen": Column("s.min_prefixlen", .integer), "max_prefixlen": Column("s.max_prefixlen", .integer),
            "default_prefixlen": Column("s.default_prefixlen", .integer),
            "default_quota": Column("coalesce(s.default_quota, -1)", .integer),
        ]) { $1 }, conditions: tagged("s"), order: "s.name, s.id")

    static let addressScopes = ListingStore(
        resource: "Address scope", table: "addressscopes a", id: "a.id",
        columns: [
            "project_id": Column("a.project_id"), "tenant_id": Column("a.project_id"), "name": Column("a.name"),
            "ip_version": Column("a.ip_version", .integer), "shared": Column("a.shared", .flag),
        ], order: "a.name, a.id")

    static let rbacPolicies = ListingStore(
        resource: "RBAC policy", table: "rbac_policies b", id: "b.id",
        columns: [
            "project_id": Column("b.project_id"), "tenant_id": Column("b.project_id"),
            "object_type": Column("b.object_type"), "object_id": Column("b.object_id"),
            "target_tenant": Column("b.target_project"), "action": Column("b.action"),
        ], order: "b.project_id, b.object_type, b.object_id, b.id")
}

extension ListingStore {
    /// What almost every table has.
    private static func standard(_ alias: SQL, named: Bool = true, described: Bool) -> [String: Column] {
        var columns = [
            "project_id": Column("\(sql: alias).project_id"), "tenant_id": Column("\(sql: alias).project_id"),
            "created_at": Column("\(sql: alias).created_at", .integer),
            "updated_at": Column("\(sql: alias).updated_at", .integer),
            "revision_number": Column("\(sql: alias).revision_number", .integer),
        ]
        if named { columns["name"] = Column("\(sql: alias).name") }
        if described { columns["description"] = Column("\(sql: alias).description") }
        return columns
    }

    /// Neutron's four filters by tags; each value is a list between commas.
    private static func tagged(_ alias: SQL) -> [String: Condition] {
        let any: @Sendable ([String]) -> SQL = { tags in
            "\(sql: alias).id IN (SELECT resource_id FROM tags WHERE tag IN (\(list: tags)))"
        }
        let all: @Sendable ([String]) -> SQL = { tags in
            tags.reduce("TRUE") { condition, tag in "\(sql: condition) AND \(sql: any([tag]))" }
        }
        let names: @Sendable ([String]) -> [String] = { $0.flatMap { $0.split(separator: ",").map(String.init) } }
        return [
            "tags": { values, _ in "(\(sql: all(names(values))))" },
            "tags-any": { values, _ in any(names(values)) },
            "not-tags": { values, _ in "NOT (\(sql: all(names(values))))" },
            "not-tags-any": { values, _ in "NOT \(sql: any(names(values)))" },
        ]
    }

    /// `fixed_ips=subnet_id=…`, `fixed_ips=ip_address=…`: of several, values of one name are alternatives, and of each
    /// name one must hold of the same address.
    private static func fixedIPs(_ values: [String]) throws -> SQL {
        var condition: SQL = "p.id IN (SELECT port_id FROM ipallocations WHERE TRUE"
        let pairs = try pairs(values, "fixed_ips", ["subnet_id", "ip_address", "ip_address_substr"])
        for (name, texts) in pairs.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "subnet_id": condition += " AND subnet_id IN (\(list: texts))"
            case "ip_address":
                condition += " AND ip_address IN (\(list: texts.map { IPAddress($0)?.description ?? $0 }))"
            default:
                let parts = texts.reduce("FALSE" as SQL) { "\(sql: $0) OR instr(ip_address, \($1)) > 0" }
                condition += " AND (\(sql: parts))"
            }
        }
        return condition + ")"
    }

    private static func gateways(_ values: [String]) throws -> SQL {
        let pairs = try pairs(values, "external_gateway_info", ["network_id"])
        return "r.gw_port_id IN (SELECT id FROM ports WHERE network_id IN (\(list: pairs["network_id"] ?? [])))"
    }

    private static func pairs(
        _ values: [String], _ attribute: String, _ names: [String]
    ) throws -> [String: [String]] {
        try values.reduce(into: [:]) { pairs, value in
            let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, names.contains(parts[0]) else {
                var faults = Faults()
                faults.add(
                    Place(attribute), "invalid_filter_value", "'{value}' is no value of this attribute.", value: value)
                throw ServiceError.invalid(faults.violations)
            }
            pairs[parts[0], default: []].append(parts[1])
        }
    }
}
