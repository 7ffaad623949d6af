import ComputeHost
import Testing

@testable import LibvirtHost

/// What a guest may say it is, and what always passes.
@Suite(.enabled(if: PacketLab.missing == nil, "\(PacketLab.missing ?? "")"))
struct SpoofingPacketTests {
    typealias Rule = SecurityGroupRuleSpec
    static let open: [Rule] = [.inward(), .inward(nil, nil, nil, .ipv6)] + Rule.everythingOut

    private func expect(
        _ fixture: FilterFixture, _ packet: Packet, passes expected: Bool, _ comment: Comment,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let passed = try fixture.passes(packet.frame, 1, 2, expected: expected)
        #expect(passed == expected, comment, sourceLocation: sourceLocation)
    }

    @Test func `a guest speaks under its own addresses only`() throws {
        let fixture = try FilterFixture(rules: Self.open)
        for isIPv6 in [false, true] {
            let own = fixture.packet(1, 2, isIPv6: isIPv6, .udp(from: 1, to: 2))
            try expect(fixture, own, passes: true, "its own")
            var packet = own
            packet.sourceMAC = "fa:16:3e:00:00:09"
            try expect(fixture, packet, passes: false, "another MAC address")
            packet = own
            packet.source = isIPv6 ? "2001:db8::9" : "10.0.0.9"
            try expect(fixture, packet, passes: false, "another address")
        }
        let own = fixture.packet(1, 2, .udp(from: 1, to: 2)).frame
        for (sender, receiver) in [(1, 2), (0, 2), (1, 0)] {
            let passed = try fixture.lab.passes(
                own.tagged(7), from: fixture.guest(sender), to: fixture.guest(receiver), on: fixture.network,
                arriving: own,
                expected: false)
            #expect(!passed, "in a VLAN, from \(sender) to \(receiver)")
        }
        let odd = Frame(from: fixture.mac(1), to: fixture.mac(2), type: 0x88cc, [UInt8](repeating: 1, count: 46))
        #expect(try !fixture.passes(odd, 1, 2, expected: false), "another kind of frame")
    }

    @Test func `ARP is believed for a guest's own address only`() throws {
        let fixture = try FilterFixture(rules: Self.open)
        var arp = AddressResolution(
            sourceMAC: fixture.mac(1), senderMAC: fixture.mac(1), sender: "10.0.0.1", target: "10.0.0.2")
        for isReply in [false, true] {
            arp.isReply = isReply
            #expect(try fixture.passes(arp.frame, 1, 2, expected: true))
            var false1 = arp
            false1.sender = "10.0.0.254"
            #expect(try !fixture.passes(false1.frame, 1, 2, expected: false), "another address")
            var false2 = arp
            false2.senderMAC = "fa:16:3e:00:00:09"
            #expect(try !fixture.passes(false2.frame, 1, 2, expected: false), "another MAC address inside")
            var false3 = arp
            false3.sourceMAC = "fa:16:3e:00:00:09"
            #expect(try !fixture.passes(false3.frame, 1, 2, expected: false), "another MAC address outside")
        }
        arp.sender = "0.0.0.0"
        #expect(try fixture.passes(arp.frame, 1, 2, expected: true), "a probe")
        let short = Frame(from: fixture.mac(1), to: fixture.mac(2), type: 0x0806, [0, 1, 8, 0, 6, 4, 0, 2])
        #expect(try !fixture.passes(short, 1, 2, expected: false), "cut short")
    }

    /// A neighbour advertisement or solicitation of guest 1.
    private func neighbor(
        _ fixture: FilterFixture, type: UInt8, from source: String, about target: String, option: [UInt8]
    ) -> Packet {
        let body: [UInt8] = [0x20, 0, 0, 0] + address(target) + option
        return Packet(
            sourceMAC: fixture.mac(1), destinationMAC: "33:33:00:00:00:01", source: source, destination: "ff02::1",
            load: .message(type: type, body))
    }

    @Test func `neighbour discovery is believed for a guest's own addresses only`() throws {
        // Even where no rule lets ICMPv6 through.
        let fixture = try FilterFixture()
        let mine = mac(fixture.mac(1))
        let theirs = mac(fixture.mac(2))
        for own in ["2001:db8::1", "fe80::f816:3eff:fe00:1"] {
            let good = neighbor(fixture, type: 136, from: own, about: own, option: [2, 1] + mine)
            try expect(fixture, good, passes: true, "advertises itself")
            let ask = neighbor(fixture, type: 135, from: own, about: "2001:db8::2", option: [1, 1] + mine)
            try expect(fixture, ask, passes: true, "asks")
            let wrongTarget = neighbor(fixture, type: 136, from: own, about: "2001:db8::2", option: [2, 1] + mine)
            try expect(fixture, wrongTarget, passes: false, "advertises another")
            let wrongMAC = neighbor(fixture, type: 136, from: own, about: own, option: [2, 1] + theirs)
            try expect(fixture, wrongMAC, passes: false, "with another MAC address")
            let hidden = neighbor(
                fixture, type: 136, from: own, about: own, option: [14, 1] + theirs + [2, 1] + theirs)
            try expect(fixture, hidden, passes: false, "with one behind another option")
            let wrongAsk = neighbor(fixture, type: 135, from: own, about: "2001:db8::2", option: [1, 1] + theirs)
            try expect(fixture, wrongAsk, passes: false, "asks with another MAC address")
        }
        let other = neighbor(fixture, type: 136, from: "2001:db8::2", about: "2001:db8::1", option: [2, 1] + mine)
        try expect(fixture, other, passes: false, "from another address")
        let search = neighbor(fixture, type: 135, from: "::", about: "2001:db8::1", option: [])
        try expect(fixture, search, passes: true, "looks whether its address is taken")
    }

    @Test func `no guest answers for DHCP servers or advertises routers`() throws {
        let fixture = try FilterFixture(rules: Self.open)
        try expect(fixture, fixture.packet(1, 2, .udp(from: 67, to: 68)), passes: false, "DHCP")
        try expect(fixture, fixture.packet(1, 2, isIPv6: true, .udp(from: 547, to: 546)), passes: false, "DHCPv6")
        var advertisement = fixture.packet(1, 2, isIPv6: true, .message(type: 134, [UInt8](repeating: 0, count: 12)))
        advertisement.source = "fe80::f816:3eff:fe00:1"
        try expect(fixture, advertisement, passes: false, "a router's advertisement")
    }

    @Test func `DHCP and the metadata service reach every guest`() throws {
        let fixture = try FilterFixture()
        var question = fixture.packet(1, 0, .udp(from: 68, to: 67))
        (question.source, question.destination, question.destinationMAC) = (
            "0.0.0.0", "255.255.255.255", "ff:ff:ff:ff:ff:ff"
        )
        #expect(try fixture.passes(question.frame, 1, 0, expected: true))
        #expect(try !fixture.passes(question.frame, 1, 2, expected: false), "other guests are not asked")
        let answer = fixture.packet(0, 1, .udp(from: 67, to: 68))
        #expect(try fixture.passes(answer.frame, 0, 1, expected: true))
        for (source, destination, from, to) in [(1, 0, UInt16(546), UInt16(547)), (0, 1, 547, 546)] {
            let packet = fixture.packet(source, destination, isIPv6: true, .udp(from: from, to: to))
            #expect(try fixture.passes(packet.frame, source, destination, expected: true))
        }
        var advertisement = fixture.packet(0, 1, isIPv6: true, .message(type: 134, [UInt8](repeating: 0, count: 12)))
        advertisement.source = "fe80::1"
        #expect(try fixture.passes(advertisement.frame, 0, 1, expected: true))
        var metadata = fixture.packet(1, 0, .tcp(from: 4_000, to: 80))
        metadata.destination = "169.254.169.254"
        #expect(try fixture.passes(metadata.frame, 1, 0, expected: true))
        var reply = fixture.packet(0, 1, .tcp(from: 80, to: 4_000, flags: 0x12))
        reply.source = "169.254.169.254"
        #expect(try fixture.passes(reply.frame, 0, 1, expected: true))
        reply.load = .tcp(from: 80, to: 4_001)
        #expect(try !fixture.passes(reply.frame, 0, 1, expected: false), "not asked for")
        metadata.load = .tcp(from: 4_000, to: 81)
        #expect(try !fixture.passes(metadata.frame, 1, 0, expected: false), "another port")
        metadata.destinationMAC = fixture.mac(2)
        metadata.load = .tcp(from: 4_000, to: 80)
        #expect(try !fixture.passes(metadata.frame, 1, 2, expected: false), "another guest")
    }

    @Test func `a port without port security is open`() throws {
        var fixture = try FilterFixture()
        fixture.network.ports[0].portSecurityEnabled = false
        try fixture.apply()
        var packet = fixture.packet(1, 0, .tcp(from: 1, to: 2))
        (packet.sourceMAC, packet.source) = ("fa:16:3e:00:00:09", "10.0.0.99")
        #expect(try fixture.passes(packet.frame, 1, 0, expected: true))
        #expect(try fixture.passes(fixture.packet(0, 1, .tcp(from: 1, to: 2)).frame, 0, 1, expected: true))
        #expect(try !fixture.passes(1, 2, .tcp(from: 1, to: 2), expected: false), "the other one is not")
        fixture.network.ports[0].portSecurityEnabled = true
        try fixture.apply()
        #expect(try !fixture.passes(packet.frame, 1, 0, expected: false))
    }

    @Test func `a port may use the addresses that it was allowed`() throws {
        var fixture = try FilterFixture(rules: Self.open)
        fixture.network.ports[0].allowedAddressPairs = [
            AddressPairSpec(ipAddress: "10.0.5.0/24", macAddress: "fa:16:3e:00:00:01"),
            AddressPairSpec(ipAddress: "10.0.0.50", macAddress: "fa:16:3e:00:00:50"),
            AddressPairSpec(ipAddress: "2001:db8:5::/47", macAddress: "fa:16:3e:00:00:01"),
        ]
        try fixture.apply()
        var packet = fixture.packet(1, 2, .udp(from: 1, to: 2))
        for (mac, source, expected) in [
            ("fa:16:3e:00:00:01", "10.0.5.77", true), ("fa:16:3e:00:00:50", "10.0.0.50", true),
            ("fa:16:3e:00:00:01", "10.0.0.50", false), ("fa:16:3e:00:00:50", "10.0.0.1", false),
            ("fa:16:3e:00:00:01", "10.0.6.1", false),
        ] {
            (packet.sourceMAC, packet.source) = (mac, source)
            try expect(fixture, packet, passes: expected, "\(mac) \(source)")
            let arp = AddressResolution(sourceMAC: mac, senderMAC: mac, sender: source, target: "10.0.0.2")
            #expect(try fixture.passes(arp.frame, 1, 2, expected: expected) == expected, "ARP of \(mac) \(source)")
        }
        for (target, expected) in [("2001:db8:5::7", true), ("2001:db8:4::7", true), ("2001:db8:6::7", false)] {
            let option = [2, 1] + mac(fixture.mac(1))
            let good = neighbor(fixture, type: 136, from: "2001:db8::1", about: target, option: option)
            try expect(fixture, good, passes: expected, "NDP of \(target)")
        }
        fixture.network.ports[0].allowedAddressPairs = [
            AddressPairSpec(ipAddress: "0.0.0.0/0", macAddress: "fa:16:3e:00:00:01"),
            AddressPairSpec(ipAddress: "::/0", macAddress: "fa:16:3e:00:00:01"),
        ]
        try fixture.apply()
        (packet.sourceMAC, packet.source) = ("fa:16:3e:00:00:01", "192.0.2.77")
        try expect(fixture, packet, passes: true, "any address")
        packet.sourceMAC = "fa:16:3e:00:00:09"
        try expect(fixture, packet, passes: false, "not any MAC address")
    }

    @Test func `nothing passes a port that is down, nor any port of a network that is`() throws {
        var fixture = try FilterFixture(rules: Self.open)
        #expect(try fixture.passes(1, 2, .udp(from: 1, to: 2), expected: true))
        let arp = AddressResolution(
            sourceMAC: fixture.mac(1), senderMAC: fixture.mac(1), sender: "10.0.0.1", target: "10.0.0.2"
        ).frame
        fixture.network.ports[1].adminStateUp = false
        try fixture.apply()
        #expect(try !fixture.passes(1, 2, .udp(from: 1, to: 2), expected: false))
        #expect(try !fixture.passes(arp, 1, 2, expected: false))
        #expect(try fixture.passes(1, 0, .udp(from: 1, to: 2), expected: true))
        fixture.network.ports[1].adminStateUp = true
        fixture.network.ports[1].portSecurityEnabled = false
        fixture.network.adminStateUp = false
        try fixture.apply()
        #expect(try !fixture.passes(arp, 1, 2, expected: false))
        #expect(try !fixture.passes(1, 0, .udp(from: 1, to: 2), expected: false))
    }

    @Test func `guests do not reach their host, nor it them`() throws {
        let fixture = try FilterFixture(rules: Self.open)
        fixture.guests.first?.forget()
        try fixture.lab.host.change(["address add 10.0.0.100/24 dev \(fixture.network.bridgeName)"])
        let question = AddressResolution(
            sourceMAC: fixture.mac(1), senderMAC: fixture.mac(1), sender: "10.0.0.1", target: "10.0.0.100")
        try fixture.guest(1).send(question.frame)
        let result = try CommandRunner().run(
            fixture.lab.host.command("nft", ["list", "chain", "bridge", fixture.network.bridgeName, "input"]))
        #expect(String(decoding: result.output, as: UTF8.self).contains("counter packets 1 "))
    }

    @Test func `a guest's device that belongs to no port is closed`() throws {
        let fixture = try FilterFixture(rules: Self.open)
        let stray = "tapdeadbeef-00"
        // As a hypervisor makes it; a cable of a router's is none of this.
        try CommandRunner().succeed(fixture.lab.host.command("ip", ["tuntap", "add", "dev", stray, "mode", "tap"]))
        try fixture.lab.host.change(["link set dev \(stray) master \(fixture.network.bridgeName) up"])
        #expect(try fixture.filters.ruleset(for: fixture.network).closedTaps == [stray])
        #expect(try fixture.filters.apply(fixture.network) == ["nft rules of \(fixture.network.bridgeName)"])
        #expect(try fixture.filters.apply(fixture.network).isEmpty)
    }
}
