import ServiceCore

/// The rules of a subnet's network address, gateway and DHCP.
enum SubnetAddressRules {
    /// Reads the network address. `siblings` are the network's other subnets.
    static func cidr(
        _ text: String, expected: IPVersion?, siblings: [SubnetSummary], _ faults: inout Faults
    ) -> CIDR? {
        let place = Place("cidr")
        guard let cidr = faults.cidr(text, place) else { return nil }
        if let expected, cidr.version != expected {
            faults.add(
                place, "wrong_ip_version", "'{value}' is not an {version} network.", value: text,
                ["version": expected.name])
        }
        if cidr.prefix == 0 {
            faults.add(
                place, "prefix_zero", "'{value}' would be the whole Internet: the prefix length must not be 0.",
                value: text)
        } else if cidr.version == .v6, cidr.network.bits == 0 {
            faults.add(place, "unspecified_network", "'{value}' starts at the unspecified address.", value: text)
        }
        for sibling in siblings where sibling.cidr.overlaps(cidr) {
            faults.add(
                place, "overlapping_cidr", "'{value}' overlaps with another subnet of the network, {name} ({cidr}).",
                value: text,
                ["name": sibling.name.isEmpty ? sibling.id.text : sibling.name, "cidr": sibling.cidr.description])
        }
        return cidr
    }

    /// Reads the gateway. One outside the network address is accepted, as in neutron.
    static func gateway(_ input: GatewayInput, cidr: CIDR?, _ faults: inout Faults) -> IPAddress? {
        switch input {
        case .automatic: return cidr?.defaultGateway
        case .disabled: return nil
        case .address(let text):
            let place = Place("gateway_ip")
            guard let gateway = faults.address(text, place),
                faults.checkVersion(gateway.version, of: text, like: cidr, place)
            else { return nil }
            if let cidr, cidr.version == .v4, cidr.prefix < 31, gateway == cidr.network || gateway == cidr.last {
                faults.add(
                    place, "gateway_not_a_host", "{value} is the network or broadcast address of {cidr}.", value: text,
                    ["cidr": cidr.description])
            }
            return gateway
        }
    }

    /// Whether DHCP can be served on this network address.
    static func dhcp(_ cidr: CIDR, _ faults: inout Faults) {
        let place = Place("enable_dhcp")
        let longest = cidr.version.width - 2
        let arguments = ["longest": String(longest)]
        let text = cidr.description
        if cidr.prefix > longest {
            faults.add(
                place, "too_small_for_dhcp",
                "{value} is too small for DHCP: the prefix length may be at most {longest}.", value: text, arguments)
        }
        if Self.isMulticast(cidr.network) {
            faults.add(
                place, "multicast_with_dhcp", "{value} is a multicast network: DHCP cannot be enabled.", value: text)
        }
        if Self.isLoopback(cidr.network) {
            faults.add(
                place, "loopback_with_dhcp", "{value} is a loopback network: DHCP cannot be enabled.", value: text)
        }
        if cidr.version == .v4, cidr.network.bits == 0 {
            faults.add(
                place, "zero_network_with_dhcp", "{value} starts at 0.0.0.0: DHCP cannot be enabled.", value: text)
        }
    }

    /// The IPv6 mode fits the network address; guests that make their own addresses need a /64 (RFC 4862).
    static func ipv6Mode(_ mode: IPv6AddressMode?, cidr: CIDR, dhcp: Bool, _ faults: inout Faults) {
        guard let mode else { return }
        let place = Place("ipv6_modes")
        if cidr.version == .v4 {
            faults.add(
                place, "ipv6_mode_without_ipv6", "{cidr} is not IPv6.", value: mode.rawValue, ["cidr": cidr.description]
            )
        } else if mode.isSelfConfigured, cidr.prefix != 64 {
            faults.add(place, "ipv6_mode_needs_64", "{value} needs a prefix length of 64.", value: mode.rawValue)
        }
        if cidr.version == .v6, !dhcp {
            faults.add(place, "ipv6_mode_without_dhcp", "The IPv6 mode needs DHCP to be enabled.", value: mode.rawValue)
        }
    }

    private static func isMulticast(_ address: IPAddress) -> Bool {
        address.version == .v4 ? address.bits >> 28 == 0xe : address.bits >> 120 == 0xff
    }

    private static func isLoopback(_ address: IPAddress) -> Bool {
        address.version == .v4 ? address.bits >> 24 == 127 : address.bits == 1
    }
}
