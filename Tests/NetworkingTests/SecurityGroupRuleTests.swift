import ServiceCore
import Testing

@testable import Networking

/// Neutron's rules for the values of a rule, as a table: what is typed, and what comes of it.
@Suite struct SecurityGroupRuleTests {
    struct Typed: Sendable, CustomTestStringConvertible {
        var etherType = "IPv4"
        var name: String?
        var min: String?
        var max: String?
        var prefix: String?
        var group: String?
        let outcome: String

        var testDescription: String { outcome }
    }

    private static func typed(
        _ etherType: String = "IPv4", _ name: String? = nil, _ min: String? = nil, _ max: String? = nil,
        prefix: String? = nil, group: String? = nil, gives outcome: String
    ) -> Typed {
        Typed(etherType: etherType, name: name, min: min, max: max, prefix: prefix, group: group, outcome: outcome)
    }

    static let cases = [
        typed("IPv4", gives: "all IPv4"),
        typed("ipv6", "", gives: "all IPv6"),
        typed("IPv4", "any", gives: "all IPv4"),
        typed("IPv5", gives: "ethertype invalid_ethertype"),
        typed("IPv4", "tcp", "22", "23", gives: "tcp 6 IPv4 22-23"),
        typed("IPv4", "UDP", "53", "53", gives: "udp 17 IPv4 53-53"),
        typed("IPv4", "sctp", "1", "65535", gives: "sctp 132 IPv4 1-65535"),
        typed("IPv4", "33", "1", "2", gives: "33 33 IPv4 1-2"),
        typed("IPv4", "udplite", "1", "2", gives: "udplite 136 IPv4 1-2"),
        typed("IPv4", "tcp", gives: "tcp 6 IPv4"),
        typed("IPv4", "tcp", "0", "22", gives: "port_range_min invalid_port"),
        typed("IPv4", "tcp", "22", "65536", gives: "port_range_max invalid_port"),
        typed("IPv4", "tcp", "x", "22", gives: "port_range_min invalid_port"),
        typed("IPv4", "tcp", "23", "22", gives: "port_range_max invalid_port_range"),
        typed("IPv4", "tcp", "22", nil, gives: "port_range_max port_range_incomplete"),
        typed("IPv4", "tcp", nil, "22", gives: "port_range_min port_range_incomplete"),
        typed("IPv4", nil, "22", "22", gives: "port_range_min protocol_required"),
        typed("IPv4", "vrrp", "1", "1", gives: "port_range_min ports_without_meaning"),
        typed("IPv4", "vrrp", gives: "vrrp 112 IPv4"),
        typed("IPv4", "0255", gives: "255 255 IPv4"),
        typed("IPv4", "256", gives: "protocol invalid_protocol"),
        typed("IPv4", "-1", gives: "protocol invalid_protocol"),
        typed("IPv4", "http", "80", "80", gives: "protocol invalid_protocol"),
        typed("IPv4", "icmp", gives: "icmp 1 IPv4"),
        typed("IPv4", "icmp", "8", nil, gives: "icmp 1 IPv4 8-"),
        typed("IPv4", "icmp", "8", "0", gives: "icmp 1 IPv4 8-0"),
        typed("IPv4", "icmp", "0", "0", gives: "icmp 1 IPv4 0-0"),
        typed("IPv4", "icmp", "256", nil, gives: "port_range_min invalid_icmp_type"),
        typed("IPv4", "icmp", "8", "256", gives: "port_range_max invalid_icmp_code"),
        typed("IPv4", "icmp", nil, "0", gives: "port_range_max icmp_type_missing"),
        typed("IPv6", "icmp", "128", nil, gives: "ipv6-icmp 58 IPv6 128-"),
        typed("IPv6", "icmpv6", gives: "ipv6-icmp 58 IPv6"),
        typed("IPv6", "58", gives: "58 58 IPv6"),
        typed("IPv6", "1", gives: "protocol protocol_of_other_ethertype"),
        typed("IPv4", "58", gives: "protocol protocol_of_other_ethertype"),
        typed("IPv4", "ipv6-icmp", gives: "protocol protocol_of_other_ethertype"),
        typed("IPv4", "ipv6-route", gives: "protocol protocol_of_other_ethertype"),
        typed("IPv4", prefix: "0.0.0.0/0", gives: "all IPv4 0.0.0.0/0"),
        typed("IPv4", prefix: "10.0.0.1", gives: "all IPv4 10.0.0.1/32"),
        typed("IPv6", prefix: "2001:db8::1/64", gives: "all IPv6 2001:db8::1/64"),
        typed("IPv6", prefix: "10.0.0.0/8", gives: "remote_ip_prefix prefix_of_other_ethertype"),
        typed("IPv4", prefix: "::/0", gives: "remote_ip_prefix prefix_of_other_ethertype"),
        typed("IPv4", prefix: "10.0.0.0/33", gives: "remote_ip_prefix prefix_wrong"),
        typed("IPv4", prefix: "everybody", gives: "remote_ip_prefix not_a_cidr"),
        typed("IPv4", prefix: "10.0.0.0/8", group: "g", gives: "remote_group_id remote_group_and_prefix"),
    ]

    @Test(arguments: cases) func `a rule is what neutron makes of it, or is refused by field`(typed: Typed) {
        var new = NewSecurityGroupRule(groupID: ID("group"), direction: "ingress")
        new.etherType = typed.etherType
        new.protocolName = typed.name
        new.portRangeMin = typed.min
        new.portRangeMax = typed.max
        new.remoteIPPrefix = typed.prefix
        new.remoteGroupID = typed.group
        var checker = SecurityGroupRuleChecker()
        let content = checker.content(of: new)
        let faults = checker.faults.violations.map { "\($0.field) \($0.code)" }
        #expect((faults.isEmpty ? content.map(Self.text) ?? "" : faults.joined(separator: ", ")) == typed.outcome)
    }

    private static func text(_ content: SecurityGroupRuleContent) -> String {
        var parts = [content.protocolName ?? "all"]
        if let number = content.protocolNumber { parts.append("\(number)") }
        parts.append(content.etherType.rawValue)
        if let min = content.portRangeMin { parts.append("\(min)-\(content.portRangeMax.map(String.init) ?? "")") }
        if let prefix = content.remoteIPPrefix { parts.append(prefix.description) }
        return parts.joined(separator: " ")
    }

    @Test func `all faults of a rule are named at once`() {
        var new = NewSecurityGroupRule(groupID: ID("group"), direction: "sideways")
        new.etherType = "IPX"
        new.protocolName = "chaos"
        new.remoteIPPrefix = "here"
        new.description = String(repeating: "d", count: 256)
        var checker = SecurityGroupRuleChecker()
        #expect(checker.content(of: new) == nil)
        #expect(
            checker.faults.violations.map(\.field) == [
                "description", "direction", "ethertype", "protocol", "remote_ip_prefix",
            ])
    }
}
