import ServiceCore

/// Neutron's rules for the values of a security group's rule: what was typed becomes a content, or faults.
struct SecurityGroupRuleChecker {
    private(set) var faults = Faults()

    /// The content of a rule; the remote group is still to be looked for.
    mutating func content(of new: NewSecurityGroupRule) -> SecurityGroupRuleContent? {
        faults.checkLength(new.description, "description")
        let direction = TrafficDirection(rawValue: new.direction.lowercased())
        if direction == nil {
            faults.add(
                Place("direction"), "invalid_direction", "'{value}' is neither ingress nor egress.",
                value: new.direction)
        }
        let etherType = EtherType.allCases.first { $0.rawValue.lowercased() == new.etherType.lowercased() }
        if etherType == nil {
            faults.add(
                Place("ethertype"), "invalid_ethertype", "'{value}' is neither IPv4 nor IPv6.", value: new.etherType)
        }
        let name = protocolName(new.protocolName, etherType)
        let ports = ports(new, name.flatMap(IPProtocol.number(of:)))
        let prefix = prefix(new.remoteIPPrefix, etherType)
        let remoteGroup = Self.typed(new.remoteGroupID).map { ID<SecurityGroup>($0) }
        if Self.typed(new.remoteIPPrefix) != nil, let remoteGroup {
            faults.add(
                Place("remote_group_id"), "remote_group_and_prefix",
                "The other side is a CIDR or a security group, not both.", value: remoteGroup.text)
        }
        guard let direction, let etherType else { return nil }
        return SecurityGroupRuleContent(
            direction: direction, etherType: etherType, protocolName: name, portRangeMin: ports.min,
            portRangeMax: ports.max, remoteIPPrefix: prefix, remoteGroupID: remoteGroup)
    }

    /// What was typed, if anything was.
    private static func typed(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    private mutating func protocolName(_ text: String?, _ etherType: EtherType?) -> String? {
        guard let text = Self.typed(text)?.lowercased(), text != "any" else { return nil }
        let place = Place("protocol")
        // A number is kept as people write it, without a plus sign or zeros in front.
        let name = Int(text).map(String.init) ?? text
        guard let number = IPProtocol.number(of: name) else {
            faults.add(
                place, "invalid_protocol", "'{value}' is not an IP protocol: use a name such as tcp, or 0 to 255.",
                value: text)
            return nil
        }
        switch etherType {
        case .ipv4 where IPProtocol.ofIPv6.contains(number):
            faults.add(place, "protocol_of_other_ethertype", "'{value}' is a protocol of IPv6 only.", value: text)
        case .ipv6 where name == "icmp" || name == "icmpv6":
            // Neutron's canonical name of what people mean by it.
            return "ipv6-icmp"
        case .ipv6 where number == IPProtocol.icmp:
            faults.add(place, "protocol_of_other_ethertype", "'{value}' is a protocol of IPv4 only.", value: text)
        default: break
        }
        return name
    }

    private mutating func ports(_ new: NewSecurityGroupRule, _ number: Int?) -> (min: Int?, max: Int?) {
        let typed = (min: Self.typed(new.portRangeMin), max: Self.typed(new.portRangeMax))
        guard let first = typed.min ?? typed.max else { return (nil, nil) }
        let place = Place(typed.min == nil ? "port_range_max" : "port_range_min")
        guard let number else {
            // A protocol that is wrong has been named already.
            if faults.violations.contains(where: { $0.field == "protocol" }) { return (nil, nil) }
            faults.add(place, "protocol_required", "Ports need a protocol that has them.", value: first)
            return (nil, nil)
        }
        switch number {
        case IPProtocol.icmp, IPProtocol.icmpv6: return icmp(typed.min, typed.max)
        case _ where IPProtocol.withPorts.contains(number): return portRange(typed.min, typed.max)
        default:
            faults.add(
                place, "ports_without_meaning", "The protocol {protocol} has no ports.", value: first,
                [
                    "protocol": new.protocolName ?? ""
                ])
            return (nil, nil)
        }
    }

    private mutating func icmp(_ type: String?, _ code: String?) -> (min: Int?, max: Int?) {
        guard let type else {
            faults.add(
                Place("port_range_max"), "icmp_type_missing", "The ICMP code {value} needs a type.", value: code ?? "")
            return (nil, nil)
        }
        return (
            number(
                type, "port_range_min", 0...255, "invalid_icmp_type",
                Message("'{value}' is not an ICMP type from 0 to 255.")),
            code.flatMap {
                number(
                    $0, "port_range_max", 0...255, "invalid_icmp_code",
                    Message("'{value}' is not an ICMP code from 0 to 255."))
            }
        )
    }

    private mutating func portRange(_ lowest: String?, _ highest: String?) -> (min: Int?, max: Int?) {
        func missing(_ field: String, _ other: String?) {
            faults.add(
                Place(field), "port_range_incomplete", "A range of ports needs both ends.", value: other ?? "")
        }
        guard let lowest else {
            missing("port_range_min", highest)
            return (nil, nil)
        }
        guard let highest else {
            missing("port_range_max", lowest)
            return (nil, nil)
        }
        let message = Message("'{value}' is not a port from 1 to 65535.")
        let min = number(lowest, "port_range_min", 1...65_535, "invalid_port", message)
        let max = number(highest, "port_range_max", 1...65_535, "invalid_port", message)
        if let min, let max, min > max {
            faults.add(
                Place("port_range_max"), "invalid_port_range", "The last port, {value}, is below the first, {first}.",
                value: highest, ["first": String(min)])
        }
        return (min, max)
    }

    private mutating func number(
        _ text: String, _ field: String, _ range: ClosedRange<Int>, _ code: String, _ message: Message
    ) -> Int? {
        guard let number = Int(text), range.contains(number) else {
            faults.add(Place(field), code, message.text, value: text)
            return nil
        }
        return number
    }

    private mutating func prefix(_ text: String?, _ etherType: EtherType?) -> RemotePrefix? {
        guard let text = Self.typed(text) else { return nil }
        let place = Place("remote_ip_prefix")
        // As in neutron, an address alone is a block of one.
        let block = IPAddress(text).map { RemotePrefix(address: $0, prefix: $0.version.width) }
        guard let prefix = block ?? faults.cidr(text, place).flatMap({ _ in RemotePrefix(text) })
        else { return nil }
        if let etherType, etherType.version != prefix.address.version {
            faults.add(
                place, "prefix_of_other_ethertype", "'{value}' is not {ethertype}, as the rule is.", value: text,
                ["ethertype": etherType.rawValue])
        }
        return prefix
    }
}
