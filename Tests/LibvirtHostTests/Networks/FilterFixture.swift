import ComputeHost

@testable import LibvirtHost

/// A network with guests that a test makes in a lab, described as a service would.
struct FilterFixture {
    var network: NetworkSpec
    let lab: PacketLab
    let filters: PortFilters
    private(set) var guests: [LabGuest] = []

    static let group = "aaaaaaaa-0000-4000-8000-000000000001"
    static let other = "aaaaaaaa-0000-4000-8000-000000000002"

    /// - Parameter guests: how many, each with a MAC address, an IPv4 and an IPv6 address after its number from 1.
    init(guests count: Int = 2, number: Int = 1, lab: PacketLab? = nil, rules: [SecurityGroupRuleSpec] = []) throws {
        let lab = try lab ?? PacketLab()
        self.lab = lab
        filters = PortFilters(namespace: lab.host)
        network = Self.network(guests: count, number: number, rules: rules)
        try lab.add(network)
        try apply()
        for port in network.ports { guests.append(try lab.add(port, to: network)) }
    }

    static func network(guests: Int, number: Int = 1, rules: [SecurityGroupRuleSpec] = []) -> NetworkSpec {
        let id = "3\(number)b9ef50-354b-457b-8ea2-8498ec64835b"
        let ports = (1...guests).map { guest in
            var port = PortSpec(
                portID: "6a7\(number)0b2\(guest)-2900-4000-8000-000000000001", networkID: id,
                instanceID: "00000000-0000-4000-8000-00000000000\(guest)", macAddress: "fa:16:3e:00:00:0\(guest)",
                fixedIPs: [
                    FixedAddress(subnetID: "4", address: "10.0.0.\(guest)", prefixLength: 24),
                    FixedAddress(subnetID: "6", address: "2001:db8::\(guest)", prefixLength: 64),
                ])
            port.securityGroupIDs = [group]
            return port
        }
        var network = NetworkSpec(networkID: id, subnets: [], ports: ports)
        network.securityGroups = [SecurityGroupSpec(groupID: group, rules: rules)]
        return network
    }

    /// Has the kernel take what the network is now.
    func apply() throws { try filters.apply(network) }

    mutating func setRules(_ rules: [SecurityGroupRuleSpec]) throws {
        network.securityGroups[0].rules = rules
        try apply()
    }

    func packet(_ sender: Int, _ receiver: Int, isIPv6: Bool = false, _ load: Load) -> Packet {
        let prefix = isIPv6 ? "2001:db8::" : "10.0.0."
        return Packet(
            sourceMAC: mac(sender), destinationMAC: mac(receiver), source: prefix + "\(sender)",
            destination: prefix + "\(receiver)", load: load)
    }

    func mac(_ guest: Int) -> String { guest == 0 ? LabGuest.outsideMAC : "fa:16:3e:00:00:0\(guest)" }

    /// Guest 0 is what is outside.
    func guest(_ number: Int) throws -> LabGuest { number == 0 ? try lab.outside(of: network) : guests[number - 1] }

    func passes(_ frame: Frame, _ sender: Int, _ receiver: Int, expected: Bool) throws -> Bool {
        try lab.passes(frame, from: guest(sender), to: guest(receiver), on: network, expected: expected)
    }

    func passes(_ sender: Int, _ receiver: Int, isIPv6: Bool = false, _ load: Load, expected: Bool) throws -> Bool {
        try passes(packet(sender, receiver, isIPv6: isIPv6, load).frame, sender, receiver, expected: expected)
    }
}

extension SecurityGroupRuleSpec {
    static func inward(
        _ number: Int? = nil, _ first: Int? = nil, _ last: Int? = nil, _ type: EtherType = .ipv4,
        from remote: Remote = .anybody
    ) -> Self {
        Self(
            ruleID: "r", direction: .ingress, etherType: type, ipProtocol: number, portRangeMin: first,
            portRangeMax: last,
            remote: remote)
    }

    static func outward(
        _ number: Int? = nil, _ first: Int? = nil, _ last: Int? = nil, _ type: EtherType = .ipv4,
        to remote: Remote = .anybody
    ) -> Self {
        Self(
            ruleID: "r", direction: .egress, etherType: type, ipProtocol: number, portRangeMin: first,
            portRangeMax: last,
            remote: remote)
    }

    /// What neutron's default group lets out.
    static let everythingOut = [Self.outward(), .outward(nil, nil, nil, .ipv6)]
}
