public import ServiceCore

/// Who may do what. Ownership comes on top: these levels count in the project that owns the resource, administrators
/// may change every project's.
public enum NetworkingPolicy {
    /// The rules.
    public static let policy = Policy(
        [
            PolicyRule(name: get, least: .reader, description: "See networks, subnets and ports"),
            PolicyRule(name: createNetwork, least: .member, description: "Create networks"),
            PolicyRule(name: shareNetwork, least: .admin, description: "Share a network with every project"),
            PolicyRule(name: setExternal, least: .admin, description: "Make a network lead out of the cloud"),
            PolicyRule(name: provider, least: .admin, description: "See and choose how a network is carried"),
            PolicyRule(name: updateNetwork, least: .member, description: "Edit networks"),
            PolicyRule(name: deleteNetwork, least: .member, description: "Delete networks"),
            PolicyRule(name: createSubnet, least: .member, description: "Create subnets"),
            PolicyRule(name: updateSubnet, least: .member, description: "Edit subnets"),
            PolicyRule(name: deleteSubnet, least: .member, description: "Delete subnets"),
            PolicyRule(name: createPort, least: .member, description: "Create ports"),
            PolicyRule(name: updatePort, least: .member, description: "Edit ports"),
            PolicyRule(name: deletePort, least: .member, description: "Delete ports"),
            PolicyRule(
                name: shapePort, least: .member,
                description: "Choose addresses, allow further ones, switch port security off (network owner)"),
            PolicyRule(name: changeMAC, least: .admin, description: "Give a port another MAC address"),
            PolicyRule(name: createSecurityGroup, least: .member, description: "Create security groups"),
            PolicyRule(name: updateSecurityGroup, least: .member, description: "Edit security groups"),
            PolicyRule(name: deleteSecurityGroup, least: .member, description: "Delete security groups"),
            PolicyRule(name: createSecurityGroupRule, least: .member, description: "Add rules to security groups"),
            PolicyRule(name: deleteSecurityGroupRule, least: .member, description: "Remove rules from security groups"),
            PolicyRule(name: createRouter, least: .member, description: "Create routers"),
            PolicyRule(name: updateRouter, least: .member, description: "Edit routers, set and clear their gateways"),
            PolicyRule(name: deleteRouter, least: .member, description: "Delete routers"),
            PolicyRule(name: addRouterInterface, least: .member, description: "Join routers to subnets"),
            PolicyRule(name: removeRouterInterface, least: .member, description: "Part routers from subnets"),
            PolicyRule(name: routerSNAT, least: .admin, description: "Switch a router's SNAT off or on"),
            PolicyRule(name: routerAddress, least: .admin, description: "Choose a router's external addresses"),
            PolicyRule(name: createFloatingIP, least: .member, description: "Allocate floating IPs"),
            PolicyRule(name: updateFloatingIP, least: .member, description: "Associate and disassociate floating IPs"),
            PolicyRule(name: deleteFloatingIP, least: .member, description: "Release floating IPs"),
            PolicyRule(name: floatingAddress, least: .admin, description: "Choose the address of a floating IP"),
            PolicyRule(name: agents, least: .admin, description: "See the network agents"),
            PolicyRule(
                name: updateAgent, least: .admin, description: "Let a network agent take work, or no more of it"),
            PolicyRule(name: createRBACPolicy, least: .member, description: "Share with other projects"),
            PolicyRule(name: deleteRBACPolicy, least: .member, description: "Share with other projects no longer"),
            PolicyRule(name: tag, least: .member, description: "Tag what belongs to the project"),
            PolicyRule(name: createSubnetPool, least: .member, description: "Create subnet pools and address scopes"),
            PolicyRule(name: updateSubnetPool, least: .member, description: "Edit subnet pools and address scopes"),
            PolicyRule(name: deleteSubnetPool, least: .member, description: "Delete subnet pools and address scopes"),
            PolicyRule(
                name: shareSubnetPool, least: .admin, description: "Share subnet pools, and choose the default ones"),
            PolicyRule(name: bindPort, least: .admin, description: "Choose the host a port is bound to"),
            PolicyRule(name: getBinding, least: .admin, description: "See the host a port is bound to"),
            PolicyRule(name: otherProject, least: .admin, description: "Create in the name of another project"),
            PolicyRule(name: availability, least: .admin, description: "See how many addresses all networks have"),
            PolicyRule(name: getQuota, least: .admin, description: "See other projects' network quotas"),
            PolicyRule(name: updateQuota, least: .admin, description: "Set a project's network quotas"),
        ], isOfProjects: true)

    static let get = "network:get"
    static let createNetwork = "network:create_network"
    static let shareNetwork = "network:create_network:shared"
    static let setExternal = "network:create_network:router:external"
    static let provider = "network:create_network:provider"
    static let updateNetwork = "network:update_network"
    static let deleteNetwork = "network:delete_network"
    static let createSubnet = "network:create_subnet"
    static let updateSubnet = "network:update_subnet"
    static let deleteSubnet = "network:delete_subnet"
    static let createPort = "network:create_port"
    static let updatePort = "network:update_port"
    static let deletePort = "network:delete_port"
    static let shapePort = "network:create_port:mac_address"
    static let changeMAC = "network:update_port:mac_address"
    static let createSecurityGroup = "network:create_security_group"
    static let updateSecurityGroup = "network:update_security_group"
    static let deleteSecurityGroup = "network:delete_security_group"
    static let createSecurityGroupRule = "network:create_security_group_rule"
    static let deleteSecurityGroupRule = "network:delete_security_group_rule"
    static let createRouter = "network:create_router"
    static let updateRouter = "network:update_router"
    static let deleteRouter = "network:delete_router"
    static let addRouterInterface = "network:add_router_interface"
    static let removeRouterInterface = "network:remove_router_interface"
    static let routerSNAT = "network:create_router:external_gateway_info:enable_snat"
    static let routerAddress = "network:create_router:external_gateway_info:external_fixed_ips"
    static let createFloatingIP = "network:create_floatingip"
    static let updateFloatingIP = "network:update_floatingip"
    static let deleteFloatingIP = "network:delete_floatingip"
    static let floatingAddress = "network:create_floatingip:floating_ip_address"
    static let agents = "network:get_agent"
    static let updateAgent = "network:update_agent"
    static let createRBACPolicy = "network:create_rbac_policy"
    static let deleteRBACPolicy = "network:delete_rbac_policy"
    static let availability = "network:get_network_ip_availability"
    static let tag = "network:update_tags"
    static let createSubnetPool = "network:create_subnetpool"
    static let updateSubnetPool = "network:update_subnetpool"
    static let deleteSubnetPool = "network:delete_subnetpool"
    static let shareSubnetPool = "network:create_subnetpool:shared"
    static let bindPort = "network:create_port:binding:host_id"
    static let getBinding = "network:get_port:binding:host_id"
    static let otherProject = "network:create_network:project_id"
    static let getQuota = "network:get_quota"
    static let updateQuota = "network:update_quota"
}
