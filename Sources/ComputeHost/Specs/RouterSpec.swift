/// A router as the host that it is on needs it.
public struct RouterSpec: Codable, Hashable, Sendable {
    /// A floating IP that a port behind the router has.
    public struct FloatingIP: Codable, Hashable, Sendable {
        /// The floating IP's UUID.
        public var floatingIPID: String
        /// The address outside.
        public var floatingAddress: String
        /// The address inside.
        public var fixedAddress: String

        /// Takes each value as it is.
        public init(floatingIPID: String, floatingAddress: String, fixedAddress: String) {
            self.floatingIPID = floatingIPID
            self.floatingAddress = floatingAddress
            self.fixedAddress = fixedAddress
        }
    }

    /// The router's UUID.
    public var routerID: String
    /// Whether its owner wants it to carry traffic.
    public var adminStateUp = true
    /// Its ports on the networks inside; each has the address that guests have as their gateway.
    public var interfaces: [PortSpec]
    /// Its port on the external network.
    public var gateway: PortSpec?
    /// Whether guests without a floating IP go out under the gateway's address.
    public var enableSNAT = true
    /// Each of an address behind one of `interfaces`.
    public var floatingIPs: [FloatingIP] = []
    /// The IPv6 subnets inside whose guests it tells that it is their way out (neutron's `ipv6_ra_mode`); it has an
    /// address on each.
    public var advertisedSubnets: [SubnetSpec] = []
    /// Routes that people added.
    public var routes: [RouteSpec] = []
    /// Counts the changes of this specification.
    public var generation: Int

    /// Takes each value as it is.
    public init(routerID: String, interfaces: [PortSpec], gateway: PortSpec? = nil, generation: Int = 1) {
        self.routerID = routerID
        self.interfaces = interfaces
        self.gateway = gateway
        self.generation = generation
    }

    /// Neutron's name for the router's namespace.
    public var namespace: String { "qrouter-" + routerID }
}
