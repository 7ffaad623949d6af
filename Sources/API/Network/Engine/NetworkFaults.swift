import HTTP
import ServiceCore

/// What neutron calls a refusal, and with which status it answers. Our codes are its names in another spelling, where
/// nothing else is said here.
enum NetworkFaults {
    /// What neutron says first of a refused value, where its clients read the words; ours follow.
    static func words(for refusal: ServiceError) -> String? {
        guard let violation = refusal.violations.first, let words = words[violation.code] else { return nil }
        return Message(words, ["value": String(violation.value.prefix(80))]).english
    }

    /// The answer to a refusal of the service.
    static func answer(to refusal: ServiceError) -> (status: Status, type: String) {
        switch refusal.kind {
        case .notFound where refusal.code == "not_found":
            return (.notFound, kinds[refusal.message.arguments["resource"] ?? ""] ?? "HTTPNotFound")
        case .invalid:
            let code = refusal.violations.first?.code ?? refusal.code
            if let conflict = conflicts[code] { return (.conflict, conflict) }
            if code == "security_group_not_found" { return (.notFound, "SecurityGroupNotFound") }
            return (.badRequest, invalid(code, refusal.violations.first?.field))
        case .forbidden: return (.forbidden, "PolicyNotAuthorized")
        case .conflict where refusal.code == "revision_conflict":
            return (.preconditionFailed, "RevisionNumberConstraintFailed")
        default:
            return (Dialect.network.status(of: refusal.kind), names[refusal.code] ?? refusal.code.upperCamelCase)
        }
    }

    private static func invalid(_ code: String, _ field: String?) -> String {
        if code == "wrong_ip_version", field?.hasPrefix("allocation_pools") == true { return "InvalidAllocationPool" }
        return invalids[code] ?? "InvalidInput"
    }

    private static let kinds = [
        "Network": "NetworkNotFound", "Subnet": "SubnetNotFound", "Port": "PortNotFound", "Router": "RouterNotFound",
        "Floating IP": "FloatingIPNotFound", "Security group": "SecurityGroupNotFound",
        "Security group rule": "SecurityGroupRuleNotFound", "Subnet pool": "SubnetPoolNotFound",
        "Address scope": "AddressScopeNotFound", "RBAC policy": "RbacPolicyNotFound", "Tag": "TagNotFound",
        "Agent": "AgentNotFound", "Router interface": "RouterInterfaceNotFound", "Resource": "TagResourceNotFound",
    ]

    /// What our services find invalid and neutron a conflict.
    private static let conflicts = [
        "gateway_in_pool": "GatewayConflictWithAllocationPools", "overlapping_pools": "OverlappingAllocationPools",
    ]

    private static let words = [
        "invalid_port": "Invalid value for port {value}.",
        "invalid_port_range": "For TCP/UDP protocols, port_range_min must be <= port_range_max.",
        "port_range_incomplete": "For TCP/UDP protocols, port_range_min must be <= port_range_max.",
        "invalid_icmp_type": "Invalid value for ICMP type (port-range-min) {value}.",
        "invalid_icmp_code": "Invalid value for ICMP code (port-range-max) {value}.",
        "icmp_type_missing":
            "ICMP code (port-range-max) {value} is provided but ICMP type (port-range-min) is missing.",
        "prefix_of_other_ethertype": "Conflicting value ethertype for CIDR {value}.",
    ]

    private static let names = [
        "ip_address_in_use": "IpAddressAlreadyAllocated", "shared_network_in_use": "InvalidSharedSetting",
        "segment_in_use": "SegmentationIdInUse", "security_group_default_exists": "SecurityGroupDefaultAlreadyExists",
        "router_interface_in_use_by_floating_ip": "RouterInterfaceInUseByFloatingIP",
        "external_gateway_for_floating_ip_not_found": "ExternalGatewayForFloatingIPNotFound",
        "floating_ip_port_already_associated": "FloatingIPPortAlreadyAssociated",
        "subnet_pool_exhausted": "SubnetAllocationError", "rbac_policy_exists": "DuplicateRbacPolicy",
        "default_subnet_pool_exists": "DefaultSubnetPoolExists",
        "address_scope_prefix_conflict": "AddressScopePrefixConflict",
        "network_hosted_by_dhcp_agent": "NetworkHostedByDHCPAgent", "router_hosted_by_l3_agent": "RouterHostedByL3Agent",
        "router_not_hosted_by_l3_agent": "RouterNotHostedByL3Agent",
    ]

    private static let invalids = [
        "reversed_pool": "InvalidAllocationPool", "mixed_ip_versions": "InvalidAllocationPool",
        "pool_out_of_range": "OutOfBoundsAllocationPool", "invalid_ip_for_subnet": "InvalidIpForSubnet",
        "subnet_not_on_network": "InvalidInput", "too_many_dns_nameservers": "DNSNameServersExhausted",
        "too_many_host_routes": "HostRoutesExhausted", "too_many_routes": "RoutesExhausted",
        "nexthop_is_router": "InvalidRoutes", "nexthop_not_connected": "InvalidRoutes",
        "invalid_port_range": "SecurityGroupInvalidPortRange", "invalid_port": "SecurityGroupInvalidPortValue",
        "port_range_incomplete": "SecurityGroupInvalidPortRange",
        "invalid_icmp_type": "SecurityGroupInvalidIcmpValue", "invalid_icmp_code": "SecurityGroupInvalidIcmpValue",
        "icmp_type_missing": "SecurityGroupMissingIcmpType", "invalid_protocol": "SecurityGroupRuleInvalidProtocol",
        "protocol_required": "SecurityGroupProtocolRequiredWithPorts",
        "protocol_of_other_ethertype": "SecurityGroupEthertypeConflictWithProtocol",
        "prefix_of_other_ethertype": "SecurityGroupRuleParameterConflict",
        "invalid_ethertype": "SecurityGroupRuleInvalidEtherType",
        "remote_group_and_prefix": "SecurityGroupRemoteGroupAndRemoteIpPrefix",
        "unknown_filter": "HTTPBadRequest", "unknown_sort_key": "HTTPBadRequest",
        "invalid_filter_value": "HTTPBadRequest", "unknown_quota": "HTTPBadRequest",
        "prefix_removed": "IllegalSubnetPoolPrefixUpdate", "prefixes_missing": "EmptySubnetPoolPrefixList",
        "prefix_lengths_crossed": "IllegalSubnetPoolPrefixBounds",
        "default_prefix_length_outside": "IllegalSubnetPoolPrefixBounds",
        "unknown_availability_zone": "AvailabilityZoneNotFound", "invalid_object_type": "RbacInvalidObjectType",
    ]
}

extension String {
    /// `network_in_use` as `NetworkInUse`.
    fileprivate var upperCamelCase: String {
        split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
