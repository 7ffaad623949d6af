import ComputeHost
import Testing

@testable import LibvirtHost

/// Packets between guests: each kind of rule lets through what it says, and nothing else.
@Suite(.enabled(if: PacketLab.missing == nil, "\(PacketLab.missing ?? "")"))
struct RulePacketTests {
    typealias Rule = SecurityGroupRuleSpec

    struct Case: CustomTestStringConvertible, Sendable {
        let rule: Rule
        let isIPv6: Bool
        let passing: [Load]
        let stopped: [Load]
        let testDescription: String

        init(_ name: String, _ rule: Rule, passing: [Load], stopped: [Load]) {
            (testDescription, self.rule, self.passing, self.stopped) = (name, rule, passing, stopped)
            isIPv6 = rule.etherType == .ipv6
        }
    }

    static func ssh(_ port: UInt16 = 22) -> Load { .tcp(from: 40_000, to: port) }

    static let cases: [Case] = [
        Case(
            "tcp", .inward(6, 22, 22), passing: [ssh()],
            stopped: [ssh(21), ssh(23), .udp(from: 9, to: 22), .icmp(type: 8)]),
        Case(
            "a range of ports", .inward(6, 8_000, 8_010), passing: [ssh(8_000), ssh(8_010)],
            stopped: [ssh(7_999), ssh(8_011)]),
        Case("all ports of a protocol", .inward(6), passing: [ssh(1), ssh(65_535)], stopped: [.udp(from: 9, to: 9)]),
        Case("udp", .inward(17, 53, 53), passing: [.udp(from: 9, to: 53)], stopped: [.udp(from: 53, to: 9), ssh(53)]),
        Case(
            "icmp of every type", .inward(1), passing: [.icmp(type: 8), .icmp(type: 10), .icmp(type: 13)],
            stopped: [ssh()]),
        Case(
            "icmp of a type", .inward(1, 8), passing: [.icmp(type: 8)],
            stopped: [.icmp(type: 13), .icmp(type: 10), ssh()]),
        Case(
            "icmp of a code", .inward(1, 8, 1), passing: [.icmp(type: 8, code: 1)], stopped: [.icmp(type: 8, code: 0)]),
        Case(
            "icmp that is no request", .inward(1, 10, 0), passing: [.icmp(type: 10)],
            stopped: [.icmp(type: 8), .icmp(type: 9)]),
        Case("another protocol", .inward(112), passing: [.other(112)], stopped: [.other(47), .other(113), ssh()]),
        Case("sctp's number", .inward(132), passing: [], stopped: [ssh(), .other(99)]),
        Case(
            "every protocol", .inward(), passing: [ssh(), .udp(from: 9, to: 9), .icmp(type: 8), .other(99)], stopped: []
        ),
        Case(
            "tcp over IPv6", .inward(6, 22, 22, .ipv6), passing: [ssh()],
            stopped: [ssh(23), .udp(from: 9, to: 22), .icmp(type: 128)]),
        Case(
            "a range over IPv6", .inward(17, 5, 9, .ipv6), passing: [.udp(from: 1, to: 5), .udp(from: 1, to: 9)],
            stopped: [.udp(from: 1, to: 10)]),
        Case(
            "ICMPv6 of a type", .inward(58, 128, 0, .ipv6), passing: [.icmp(type: 128)],
            stopped: [.icmp(type: 139), ssh()]),
        Case("icmp for IPv6", .inward(1, nil, nil, .ipv6), passing: [.icmp(type: 128)], stopped: [ssh()]),
        Case(
            "every protocol of IPv6", .inward(nil, nil, nil, .ipv6), passing: [ssh(), .icmp(type: 128), .other(99)],
            stopped: []),
        Case("a block", .inward(6, 22, 22, from: .prefix("10.0.0.0/30")), passing: [ssh()], stopped: [ssh(23)]),
        Case("another block", .inward(6, 22, 22, from: .prefix("10.0.1.0/24")), passing: [], stopped: [ssh()]),
        Case("one address", .inward(nil, from: .prefix("10.0.0.1/32")), passing: [ssh(), .other(99)], stopped: []),
        Case(
            "a block of IPv6", .inward(6, 22, 22, .ipv6, from: .prefix("2001:db8::/64")), passing: [ssh()],
            stopped: [ssh(23)]),
        Case(
            "another block of IPv6", .inward(6, 22, 22, .ipv6, from: .prefix("2001:db9::/64")), passing: [],
            stopped: [ssh()]),
        Case(
            "everything of IPv4", .inward(6, 22, 22, from: .prefix("0.0.0.0/0")), passing: [ssh()], stopped: [ssh(23)]),
    ]

    @Test func `each kind of rule lets in what it says`() throws {
        var fixture = try FilterFixture()
        for test in Self.cases {
            try fixture.setRules([test.rule] + Rule.everythingOut)
            for (loads, expected) in [(test.passing, true), (test.stopped, false)] {
                for load in loads {
                    let passed = try fixture.passes(1, 2, isIPv6: test.isIPv6, load, expected: expected)
                    #expect(passed == expected, "\(test.testDescription): \(load)")
                }
            }
            // A rule of one protocol says nothing of the other.
            #expect(
                try !fixture.passes(1, 2, isIPv6: !test.isIPv6, Self.ssh(), expected: false), "\(test.testDescription)")
        }
    }

    @Test func `each kind of rule lets out what it says`() throws {
        var fixture = try FilterFixture()
        for test in Self.cases
        where ["tcp", "udp", "icmp of a type", "another protocol", "a range over IPv6"].contains(test.testDescription) {
            var rule = test.rule
            rule.direction = .egress
            try fixture.setRules([rule, .inward(), .inward(nil, nil, nil, .ipv6)])
            for (loads, expected) in [(test.passing, true), (test.stopped, false)] {
                for load in loads {
                    let passed = try fixture.passes(1, 2, isIPv6: test.isIPv6, load, expected: expected)
                    #expect(passed == expected, "\(test.testDescription): \(load)")
                }
            }
        }
        try fixture.setRules([.inward(), .outward(6, 80, 80, to: .prefix("10.0.0.2/32"))])
        #expect(try fixture.passes(1, 2, Self.ssh(80), expected: true))
        #expect(try !fixture.passes(2, 1, Self.ssh(80), expected: false))
    }

    @Test func `without a rule nothing comes in, and nothing goes out`() throws {
        var fixture = try FilterFixture(rules: Rule.everythingOut)
        #expect(try !fixture.passes(1, 2, Self.ssh(), expected: false))
        #expect(try !fixture.passes(0, 2, Self.ssh(), expected: false))
        #expect(try fixture.passes(1, 0, Self.ssh(), expected: true))
        fixture.network.ports[0].securityGroupIDs = []
        try fixture.apply()
        #expect(try !fixture.passes(1, 0, Self.ssh(), expected: false))
    }

    @Test func `a rule that names a group lets in who has it`() throws {
        var fixture = try FilterFixture(guests: 3)
        fixture.network.securityGroups = [
            SecurityGroupSpec(
                groupID: FilterFixture.group,
                rules: [
                    .inward(6, 22, 22, from: .group(FilterFixture.other)),
                    .inward(6, 22, 22, .ipv6, from: .group(FilterFixture.other)),
                    .inward(17, from: .group("aaaaaaaa-0000-4000-8000-00000000000f")),
                ] + Rule.everythingOut),
            SecurityGroupSpec(
                groupID: FilterFixture.other, rules: [], members: ["10.0.0.3", "2001:db8::3", "10.9.0.0/16"]),
        ]
        try fixture.apply()
        for isIPv6 in [false, true] {
            #expect(try fixture.passes(3, 2, isIPv6: isIPv6, Self.ssh(), expected: true))
            #expect(try !fixture.passes(1, 2, isIPv6: isIPv6, Self.ssh(), expected: false))
            #expect(try !fixture.passes(3, 2, isIPv6: isIPv6, Self.ssh(23), expected: false))
        }
        #expect(try !fixture.passes(3, 2, .udp(from: 9, to: 9), expected: false))
        fixture.network.securityGroups[1].members = []
        try fixture.apply()
        #expect(try !fixture.passes(3, 2, Self.ssh(), expected: false))
    }

    @Test func `a port has the rules of all its groups`() throws {
        var fixture = try FilterFixture(rules: [.inward(6, 22, 22)] + Rule.everythingOut)
        fixture.network.securityGroups.append(
            SecurityGroupSpec(groupID: FilterFixture.other, rules: [.inward(6, 80, 80)]))
        fixture.network.ports[1].securityGroupIDs.append(FilterFixture.other)
        try fixture.apply()
        #expect(try fixture.passes(1, 2, Self.ssh(), expected: true))
        #expect(try fixture.passes(1, 2, Self.ssh(80), expected: true))
        #expect(try !fixture.passes(2, 1, Self.ssh(80), expected: false))
    }

    @Test func `answers pass without a rule, and errors that belong to a conversation`() throws {
        var fixture = try FilterFixture(rules: Rule.everythingOut)
        fixture.network.ports[1].securityGroupIDs = [FilterFixture.other]
        let rules: [Rule] = [.inward(), .inward(nil, nil, nil, .ipv6)]
        fixture.network.securityGroups.append(SecurityGroupSpec(groupID: FilterFixture.other, rules: rules))
        try fixture.apply()
        for isIPv6 in [false, true] {
            let conversations: [(Load, Load)] = [
                (.tcp(from: 4_000, to: 22), .tcp(from: 22, to: 4_000, flags: 0x12)),
                (.udp(from: 4_000, to: 53), .udp(from: 53, to: 4_000)),
                (.icmp(type: isIPv6 ? 128 : 8), .icmp(type: isIPv6 ? 129 : 0)),
                (.other(99), .other(99)),
            ]
            for (_, answer) in conversations {
                #expect(try !fixture.passes(2, 1, isIPv6: isIPv6, answer, expected: false), "\(answer) first")
            }
            for (question, answer) in conversations {
                #expect(try fixture.passes(1, 2, isIPv6: isIPv6, question, expected: true), "\(question)")
                #expect(try fixture.passes(2, 1, isIPv6: isIPv6, answer, expected: true), "\(answer)")
            }
        }
        let question = fixture.packet(1, 2, .udp(from: 4_000, to: 9)).frame
        #expect(try fixture.passes(question, 1, 2, expected: true))
        #expect(try fixture.passes(unreachable(question, fixture), 2, 1, expected: true))
        let unasked = fixture.packet(1, 2, .udp(from: 4_001, to: 9)).frame
        #expect(try !fixture.passes(unreachable(unasked, fixture), 2, 1, expected: false))
    }

    /// "Port unreachable", about a packet of guest 1's.
    private func unreachable(_ about: Frame, _ fixture: FilterFixture) -> Frame {
        var frame = fixture.packet(2, 1, .icmp(type: 3, code: 3)).frame
        let start = 14 + 20
        frame.bytes = frame.bytes[..<start] + [3, 3, 0, 0, 0, 0, 0, 0] + about.bytes[14..<42]
        var sum: UInt32 = 0
        for index in stride(from: start, to: frame.bytes.count, by: 2) {
            sum += UInt32(frame.bytes[index]) << 8 + UInt32(frame.bytes[index + 1])
        }
        while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
        frame.bytes.replaceSubrange(start + 2..<start + 4, with: two(~UInt16(sum)))
        var head = Array(frame.bytes[14..<34])
        head.replaceSubrange(2..<4, with: two(UInt16(frame.bytes.count - 14)))
        head.replaceSubrange(10..<12, with: [0, 0])
        var headSum: UInt32 = 0
        for index in stride(from: 0, to: 20, by: 2) { headSum += UInt32(head[index]) << 8 + UInt32(head[index + 1]) }
        while headSum > 0xffff { headSum = headSum & 0xffff + headSum >> 16 }
        head.replaceSubrange(10..<12, with: two(~UInt16(headSum)))
        frame.bytes.replaceSubrange(14..<34, with: head)
        return frame
    }

    @Test func `a rule that goes takes the conversations with it that it let in`() throws {
        var fixture = try FilterFixture(rules: [.inward(6, 22, 22), .inward(6, 80, 80)] + Rule.everythingOut)
        for port in [UInt16(22), 80] {
            #expect(try fixture.passes(1, 2, .tcp(from: 4_000, to: port), expected: true))
            #expect(try fixture.passes(2, 1, .tcp(from: port, to: 4_000, flags: 0x12), expected: true))
            #expect(try fixture.passes(1, 2, .tcp(from: 4_000, to: port, flags: 0x10), expected: true))
        }
        try fixture.setRules([.inward(6, 80, 80)] + Rule.everythingOut)
        #expect(try !fixture.passes(1, 2, .tcp(from: 4_000, to: 22, flags: 0x18), expected: false))
        #expect(try !fixture.passes(2, 1, .tcp(from: 22, to: 4_000, flags: 0x10), expected: false))
        #expect(try fixture.passes(1, 2, .tcp(from: 4_000, to: 80, flags: 0x18), expected: true))
        #expect(try fixture.passes(2, 1, .tcp(from: 80, to: 4_000, flags: 0x10), expected: true))
    }

    @Test func `equal addresses of two networks are not taken for each other`() throws {
        let lab = try PacketLab()
        let rules: [Rule] = [.inward(17, 53, 53)] + Rule.everythingOut
        let first = try FilterFixture(number: 1, lab: lab, rules: rules)
        let second = try FilterFixture(number: 2, lab: lab, rules: rules)
        #expect(try first.passes(1, 2, .udp(from: 4_000, to: 53), expected: true))
        // In the first network this is an answer.
        #expect(try !second.passes(2, 1, .udp(from: 53, to: 4_000), expected: false))
        #expect(try first.passes(2, 1, .udp(from: 53, to: 4_000), expected: true))
    }
}
