import ComputeHost

/// The rules of a network's ports for nft: a pure function of what is wanted, with nothing of the kernel in it but the
/// number of the connection tracking zone.
///
/// Every packet is judged by the two ports that it passes: what the sender's groups let out and what the receiver's let
/// in. The judgement looks at the packet that began the conversation (`ct original`), whichever way this one goes, and
/// not at whether the conversation is known. So answers pass without a rule, and what was let in by a rule that has
/// gone since is cut at its next packet.
struct FilterRuleset: Sendable {
    let network: NetworkSpec
    let design: FilterDesign
    /// Keeps equal addresses of two networks apart (nft(8), `ct zone`); 1 to 65535.
    let zone: Int
    /// Guests' devices in the bridge that the network knows nothing of, such as that of a port just deleted: closed.
    var strangers: [String] = []

    /// A port with what its rules are made of.
    struct FilteredPort {
        let tap: String
        /// Neutron's way of naming chains: a letter and this.
        let shortID: String
        /// Its number among the guarded ports, from 1: what a packet of it is marked with.
        let number: Int
        /// The addresses that it may use, each with its MAC address, its own first.
        let addresses: [(mac: MACAddress, block: IPBlock)]
        let macs: [MACAddress]
        let groupIDs: [String]
    }

    /// The two protocols.
    enum Family: String, CaseIterable {
        case ip
        case ip6

        var etherType: SecurityGroupRuleSpec.EtherType { self == .ip ? .ipv4 : .ipv6 }
        var addressType: String { self == .ip ? "ipv4_addr" : "ipv6_addr" }
        /// IANA's number of its ICMP.
        var icmp: Int { self == .ip ? 1 : 58 }
    }

    /// The tables that the text makes.
    var tables: [NftTables.Name] {
        (design == .bridgeConntrack ? ["bridge"] : ["bridge", "ip", "ip6"])
            .map { NftTables.Name(family: $0, name: network.bridgeName) }
    }

    /// The rules, to be loaded whole: each table takes the place of the one before it in the same moment.
    ///
    /// - Throws: `.failed` when something in the specification is not what it should be; it then reaches no rule.
    func text() throws(HostError) -> String {
        try checkNames()
        let ports = try guardedPorts()
        let groups = usedGroups(by: ports)
        var bridge = table("bridge")
        bridge.sets = [NftSet(name: "ports", type: "ifname", elements: taps.map(Self.quoted))]
        bridge.chains = spoofingChains(ports) + frameChains(ports)
        if design == .bridgeConntrack {
            for family in Family.allCases {
                bridge.sets += try memberSets(of: groups, family)
                bridge.chains += try groupChains(groups, family) + portChains(ports, groups, family)
            }
            bridge.chains += judgement(of: ports)
            return bridge.text
        }
        var text = bridge.text
        for family in Family.allCases {
            var table = table(family.rawValue)
            table.sets = try memberSets(of: groups, family)
            table.chains =
                try groupChains(groups, family) + portChains(ports, groups, family) + judgement(of: ports, family)
            text += table.text
        }
        return text
    }

    private func table(_ family: String) -> NftTable {
        NftTable(family: family, name: network.bridgeName, comment: "Daybreak network \(network.networkID)")
    }

    static func quoted(_ name: String) -> String { "\"\(name)\"" }

    /// What a chain or a set is called: with one table for both protocols, the protocol is part of it.
    func name(_ name: String, _ family: Family) -> String {
        design == .bridgeConntrack ? "\(name)-\(family.rawValue)" : name
    }

    // MARK: The ports

    /// Everything that is put into the text is an identifier of ours, a number, or an address written anew.
    private func checkNames() throws(HostError) {
        let ids = [network.networkID] + network.ports.map(\.portID) + network.securityGroups.map(\.groupID)
        for id in ids where !Self.isIdentifier(id) {
            throw .failed("\"\(id.prefix(80))\" is no identifier that a rule can be named after", remedy: nil)
        }
    }

    static func isIdentifier(_ text: String) -> Bool {
        text.utf8.count == 36
            && text.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "-") || Character(UnicodeScalar(byte)).isHexDigit
            }
    }

    /// Ports in the order of their identifiers, so that the text does not depend on the order of rows.
    private var sortedPorts: [PortSpec] { network.ports.sorted { $0.portID < $1.portID } }

    /// The taps of all guests, guarded or not.
    var taps: [String] { sortedPorts.map(\.tapName) + strangers.sorted() }

    /// The taps that nothing passes.
    var closedTaps: [String] {
        sortedPorts.filter { !$0.adminStateUp || !network.adminStateUp }.map(\.tapName) + strangers.sorted()
    }

    private func guardedPorts() throws(HostError) -> [FilteredPort] {
        var ports: [FilteredPort] = []
        for port in sortedPorts where port.portSecurityEnabled && port.adminStateUp && network.adminStateUp {
            let addresses = try Self.addresses(of: port)
            var macs: [MACAddress] = []
            for address in addresses where !macs.contains(address.mac) { macs.append(address.mac) }
            ports.append(
                FilteredPort(
                    tap: port.tapName, shortID: String(port.portID.prefix(10)), number: ports.count + 1,
                    addresses: addresses, macs: macs, groupIDs: port.securityGroupIDs))
        }
        // A mark has 16 bits for each of the two ports.
        guard ports.count < 65_536 else { throw .failed("more than 65535 ports on one network", remedy: nil) }
        return ports
    }

    private static func addresses(of port: PortSpec) throws(HostError) -> [(mac: MACAddress, block: IPBlock)] {
        let pairs =
            port.fixedIPs.map { AddressPairSpec(ipAddress: $0.address, macAddress: port.macAddress) }
            + port.allowedAddressPairs
        guard let own = MACAddress(port.macAddress) else { throw malformed(port.macAddress, port) }
        var addresses: [(mac: MACAddress, block: IPBlock)] = [(own, IPBlock(linkLocalOf: own))]
        for pair in pairs {
            guard let block = IPBlock(pair.ipAddress) else { throw malformed(pair.ipAddress, port) }
            guard let mac = MACAddress(pair.macAddress) else { throw malformed(pair.macAddress, port) }
            for known in [block, IPBlock(linkLocalOf: mac)] where !addresses.contains(where: { $0 == (mac, known) }) {
                addresses.append((mac, known))
            }
        }
        return addresses
    }

    private static func malformed(_ text: String, _ port: PortSpec) -> HostError {
        .failed("\"\(text.prefix(80))\" of port \(port.portID) is no address", remedy: nil)
    }
}
