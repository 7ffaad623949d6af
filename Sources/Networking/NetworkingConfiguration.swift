/// What an operator may set.
public struct NetworkingConfiguration: Sendable {
    /// Networks a project may have; -1 is no limit. So for the others.
    public var networkQuota = 100
    /// Subnets a project may have.
    public var subnetQuota = 100
    /// Ports a project may have.
    public var portQuota = 500
    /// Security groups a project may have.
    public var securityGroupQuota = 10
    /// Security group rules a project may have.
    public var securityGroupRuleQuota = 100
    /// Routers a project may have.
    public var routerQuota = 10
    /// Floating IPs a project may have.
    public var floatingIPQuota = 50
    /// Subnet pools a project may have.
    public var subnetPoolQuota = -1
    /// RBAC policies a project may have.
    public var rbacPolicyQuota = 10
    /// Neutron's `max_dns_nameservers`.
    public var maxDNSNameservers = 5
    /// Neutron's `max_subnet_host_routes`.
    public var maxHostRoutes = 20
    /// Whether there are routers and floating IPs in this cloud.
    public var enableRouter = true
    /// Neutron's `max_routes` of a router.
    public var maxRoutes = 30
    /// Neutron's `max_allowed_address_pair`.
    public var maxAllowedAddressPairs = 10
    /// Allocation pools in one subnet; neutron has no limit, a form needs one.
    public var maxAllocationPools = 256
    /// MTU of new networks in bytes.
    public var defaultMTU = 1500

    /// Neutron's defaults.
    public init() {}
}
