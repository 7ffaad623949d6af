import ComputeHost

/// What is decided about frames, before anything is known of connections: who a guest says it is, what no guest may say,
/// and which two ports a packet passes.
extension FilterRuleset {
    /// One chain for each guarded port that all it sends goes through. What comes back from it is genuine.
    func spoofingChains(_ ports: [FilteredPort]) -> [NftChain] {
        ports.flatMap { port in
            [
                NftChain("n\(port.shortID)", neighborRules(port)),
                NftChain("s\(port.shortID)", spoofingRules(port)),
            ]
        }
    }

    /// The base chains of family bridge: isolation from the host, and the way of every frame.
    func frameChains(_ ports: [FilteredPort]) -> [NftChain] {
        let marks = ports.map { NftChain("t\($0.shortID)", ["meta mark set meta mark | \(Self.mark($0.number))"]) }
        // A bridge with guests is no way to the host: Linux answers ARP for all its addresses on every interface.
        let toHost = NftChain(
            "input", hook: "type filter hook input priority filter",
            ["iifname @ports counter drop comment \"to the host\""])
        let fromHost = NftChain(
            "output", hook: "type filter hook output priority filter",
            ["oifname @ports counter drop comment \"from the host\""])
        let forward = NftChain("forward", hook: "type filter hook forward priority filter", forwardRules(ports))
        let zone = NftChain(
            "zone", hook: "type filter hook prerouting priority -300",
            ["meta ibrname \(Self.quoted(network.bridgeName)) ct zone set \(zone)"])
        return design == .bridgeConntrack ? [zone, toHost, fromHost, forward] : marks + [toHost, fromHost, forward]
    }

    private func forwardRules(_ ports: [FilteredPort]) -> [String] {
        var rules = ["iifname != @ports oifname != @ports accept"]
        let closed = closedTaps.map(Self.quoted).joined(separator: ", ")
        if !closed.isEmpty {
            rules += [
                "iifname { \(closed) } counter drop comment \"closed\"",
                "oifname { \(closed) } counter drop comment \"closed\"",
            ]
        }
        guard !ports.isEmpty else { return rules }
        let names = ports.map { (Self.quoted($0.tap), $0) }
        let guarded = names.map(\.0).joined(separator: ", ")
        rules += [NftMap.rule("iifname", names.map { ($0, "jump s\($1.shortID)") })].compactMap { $0 }
        // What has no rules of its own must not be a way around them: a tag in front of a packet, for one.
        rules.append("oifname { \(guarded) } ether type != { arp, ip, ip6 } counter drop comment \"ethertype\"")
        guard design == .bridgeNetfilter else { return rules }
        rules += ["meta protocol != { ip, ip6 } accept", "meta mark set 0x00000000"]
        rules += [
            NftMap.rule("meta mark set iifname", names.map { ($0, Self.mark($1.number << 16)) }, kind: "map"),
            NftMap.rule("oifname", names.map { ($0, "jump t\($1.shortID)") }),
        ].compactMap { $0 }
        return rules
    }

    static func mark(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    private func spoofingRules(_ port: FilteredPort) -> [String] {
        var rules = [
            "ether saddr != \(Self.oneOf(port.macs.map(\.text))) \(Self.drop("mac"))",
            // First: the rules below look behind a VLAN's tag.
            "ether type != { arp, ip, ip6 } \(Self.drop("ethertype"))",
        ]
        rules += addressResolutionRules(port)
        rules += [
            "ether type ip udp sport 67 \(Self.drop("dhcp server"))",
            "ip saddr 0.0.0.0 udp sport 68 udp dport 67 return",
        ]
        rules += addresses(port, isIPv6: false).map {
            "ether saddr \($0.mac.text)\(Self.isFrom("ip saddr", $0.block)) return"
        }
        rules.append("ether type ip \(Self.drop("ip"))")
        rules += [
            "icmpv6 type nd-router-advert \(Self.drop("router advertisement"))",
            "ether type ip6 udp sport 547 \(Self.drop("dhcp server"))",
            "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } jump n\(port.shortID)",
            // An address is asked for before it is used (RFC 4862, section 5.4).
            "ip6 saddr :: icmpv6 type { mld-listener-report, mld-listener-done, nd-router-solicit, nd-neighbor-solicit, "
                + "mld2-listener-report } return",
        ]
        rules += addresses(port, isIPv6: true).map {
            "ether saddr \($0.mac.text)\(Self.isFrom("ip6 saddr", $0.block)) return"
        }
        return rules + [Self.drop("ip")]
    }

    private func addressResolutionRules(_ port: FilteredPort) -> [String] {
        let allowed = addresses(port, isIPv6: false).map { mac, block in
            "ether saddr \(mac.text) arp saddr ether \(mac.text)\(Self.isFrom("arp saddr ip", block)) return"
        }
        // A probe for an address that is not used yet tells nobody anything (RFC 5227, section 2.1.1).
        let probes = port.macs.map { "ether saddr \($0.text) arp saddr ether \($0.text) arp saddr ip 0.0.0.0 return" }
        return probes + allowed + ["ether type arp \(Self.drop("arp"))"]
    }

    /// Neighbour discovery says which MAC address an address has in its body, which the other rules do not look at
    /// (RFC 4861, section 4.3 and 4.4: the target from bit 64 on, then options).
    private func neighborRules(_ port: FilteredPort) -> [String] {
        var rules: [String] = []
        for mac in port.macs {
            for (type, option) in [("nd-neighbor-solicit", "0x101"), ("nd-neighbor-advert", "0x201")] {
                rules.append(
                    "ether saddr \(mac.text) icmpv6 type \(type) @th,192,16 \(option) @th,208,48 != \(mac.number) "
                        + Self.drop("ndp"))
            }
        }
        rules += [
            "icmpv6 type nd-neighbor-solicit return",
            // The option may not hide behind another.
            "ip6 length > 24 @th,192,16 != 0x201 \(Self.drop("ndp"))",
        ]
        rules += addresses(port, isIPv6: true).map { mac, block in
            let target = block.isEverything ? "" : " @th,64,\(block.prefixLength) \(block.prefixNumber)"
            return "ether saddr \(mac.text)\(target) return"
        }
        return rules + [Self.drop("ndp")]
    }

    private func addresses(_ port: FilteredPort, isIPv6: Bool) -> [(mac: MACAddress, block: IPBlock)] {
        port.addresses.filter { $0.block.isIPv6 == isIPv6 }
    }

    private static func isFrom(_ field: String, _ block: IPBlock) -> String {
        // The field must be there even where every value is right.
        block.isEverything
            ? " ether type \(field.hasPrefix("arp") ? "arp" : block.isIPv6 ? "ip6" : "ip")" : " \(field) \(block.text)"
    }

    static func drop(_ reason: String) -> String { "counter drop comment \"\(reason)\"" }

    static func oneOf(_ values: [String]) -> String {
        values.count == 1 ? values[0] : "{ \(values.joined(separator: ", ")) }"
    }
}
