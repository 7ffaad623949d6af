import ComputeHost

/// What single guests are told: neutron's `extra_dhcp_opts`, by a tag that their lines in the file of hosts set. dnsmasq
/// prefers it to the tag of a range, so that a port's router comes instead of its subnet's.
extension DnsmasqPlan {
    static func tag(_ port: PortSpec) -> String { "port-" + port.portID }

    /// The lines of a port whose addresses are in some of `subnets`. What dnsmasq does not understand it leaves out and
    /// says so in the system's log.
    static func options(of port: PortSpec, in subnets: [SubnetSpec]) -> [String] {
        let own = subnets.filter { subnet in port.fixedIPs.contains { $0.subnetID == subnet.subnetID } }
        return port.dhcpOptions.filter { option in own.contains { $0.isIPv6 == option.isIPv6 } }.map { option in
            // "tag:ipxe,67" is option 67 for guests with both tags.
            let comma = option.name.hasPrefix("tag:") ? option.name.lastIndex(of: ",") : nil
            let tags = comma.map { option.name[...$0] } ?? ""
            let name = comma.map { option.name[option.name.index(after: $0)...] } ?? option.name[...]
            let isNumber = name.utf8.allSatisfy { (48...57).contains($0) }
            let kind = option.isIPv6 ? "option6:" : isNumber ? "" : "option:"
            return "tag:\(tag(port)),\(tags)\(kind)\(name)" + (option.value.isEmpty ? "" : "," + option.value)
        }
    }
}

extension PortSpec {
    /// Whether it has options of the subnet's version.
    func hasOptions(for subnet: SubnetSpec) -> Bool { dhcpOptions.contains { $0.isIPv6 == subnet.isIPv6 } }
}
