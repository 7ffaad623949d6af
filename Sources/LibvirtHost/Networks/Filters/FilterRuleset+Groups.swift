import ComputeHost

/// What groups let pass, and where packets are judged by it.
extension FilterRuleset {
    /// The groups that guarded ports have, in the order of their identifiers.
    func usedGroups(by ports: [FilteredPort]) -> [SecurityGroupSpec] {
        let used = Set(ports.flatMap(\.groupIDs))
        return network.securityGroups.filter { used.contains($0.groupID) }.sorted { $0.groupID < $1.groupID }
    }

    /// The addresses of each group that a rule names as the remote side.
    func memberSets(of groups: [SecurityGroupSpec], _ family: Family) throws(HostError) -> [NftSet] {
        var named: Set<String> = []
        for case .group(let id) in groups.flatMap(\.rules).filter({ $0.etherType == family.etherType }).map(\.remote) {
            named.insert(id)
        }
        var sets: [NftSet] = []
        for group in network.securityGroups.sorted(by: { $0.groupID < $1.groupID }) where named.contains(group.groupID)
        {
            var blocks: [IPBlock] = []
            for member in Set(group.members).sorted() {
                guard let block = IPBlock(member) else {
                    throw .failed("\"\(member.prefix(80))\" of group \(group.groupID) is no address", remedy: nil)
                }
                if block.isIPv6 == (family == .ip6) { blocks.append(block) }
            }
            sets.append(
                NftSet(
                    name: name("members-\(group.groupID)", family), type: family.addressType,
                    elements: blocks.map(\.text), hasBlocks: blocks.contains { !$0.isAddress }))
        }
        return sets
    }

    /// Two chains a group: what it lets in, and what it lets out.
    func groupChains(_ groups: [SecurityGroupSpec], _ family: Family) throws(HostError) -> [NftChain] {
        var chains: [NftChain] = []
        for group in groups {
            for direction in [SecurityGroupRuleSpec.Direction.ingress, .egress] {
                var rules: [String] = []
                for rule in group.rules where rule.direction == direction && rule.etherType == family.etherType {
                    for text in try texts(of: rule, family) where !rules.contains(text) { rules.append(text) }
                }
                chains.append(NftChain(chain(of: group.groupID, direction, family), rules))
            }
        }
        return chains
    }

    private func chain(of groupID: String, _ direction: SecurityGroupRuleSpec.Direction, _ family: Family) -> String {
        name((direction == .ingress ? "gi-" : "go-") + groupID, family)
    }

    /// Two chains a port: what always passes, then what its groups let pass, and nothing more.
    func portChains(
        _ ports: [FilteredPort], _ groups: [SecurityGroupSpec], _ family: Family
    ) -> [NftChain] {
        let known = Set(groups.map(\.groupID))
        let always = [
            NftChain(name("always-in", family), alwaysIn(family)),
            NftChain(name("always-out", family), alwaysOut(family)),
        ]
        return ports.isEmpty
            ? []
            : always
                + ports.flatMap { port in
                    let groupIDs = Set(port.groupIDs).intersection(known).sorted()
                    return [
                        NftChain(
                            name("i\(port.shortID)", family),
                            ["jump \(name("always-in", family))"]
                                + groupIDs.map { "jump \(chain(of: $0, .ingress, family))" } + [Self.drop("ingress")]),
                        NftChain(
                            name("o\(port.shortID)", family),
                            ["jump \(name("always-out", family))"]
                                + groupIDs.map { "jump \(chain(of: $0, .egress, family))" } + [Self.drop("egress")]),
                    ]
                }
    }

    /// Answers of DHCP servers, and what IPv6 cannot do without (RFC 4890, section 4.4). No guest sends the former.
    private func alwaysIn(_ family: Family) -> [String] {
        switch family {
        case .ip: ["meta l4proto udp ct original proto-src 67 ct original proto-dst 68 accept"]
        case .ip6:
            [
                "icmpv6 type { mld-listener-query, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept",
                "meta l4proto udp ct original proto-src 547 ct original proto-dst 546 accept",
            ]
        }
    }

    /// Questions to DHCP servers and the metadata service, and what IPv6 cannot do without.
    private func alwaysOut(_ family: Family) -> [String] {
        switch family {
        case .ip:
            [
                "meta l4proto udp ct original proto-src 68 ct original proto-dst 67 accept",
                "meta l4proto tcp ct original ip daddr 169.254.169.254 ct original proto-dst 80 accept",
            ]
        case .ip6:
            [
                "icmpv6 type { mld-listener-report, mld-listener-done, nd-router-solicit, nd-neighbor-solicit, "
                    + "nd-neighbor-advert, mld2-listener-report } accept",
                "meta l4proto udp ct original proto-src 546 ct original proto-dst 547 accept",
            ]
        }
    }

    // MARK: The judgement

    /// The base chains in which every packet of a guarded port is judged, with br_netfilter.
    func judgement(of ports: [FilteredPort], _ family: Family) -> [NftChain] {
        let zone = NftChain(
            "zone", hook: "type filter hook prerouting priority raw",
            ["iifname \(Self.quoted(network.bridgeName)) ct zone set \(zone)"])
        let first = ["iifname != \(Self.quoted(network.bridgeName)) accept", "meta mark 0x00000000 accept"]
        let sender = "meta mark & 0xffff0000"
        let receiver = "meta mark & 0x0000ffff"
        func chains(_ letter: String, isSender: Bool) -> [(String, String)] {
            ports.map { (Self.mark(isSender ? $0.number << 16 : $0.number), "goto \(letter)\($0.shortID)") }
        }
        return [
            zone,
            judge(
                "egress", priority: "filter", first + known(family),
                original: NftMap.rule(sender, chains("o", isSender: true)),
                reply: NftMap.rule("ct direction reply \(receiver)", chains("o", isSender: false))),
            judge(
                "ingress", priority: "filter + 1", first + known(family),
                original: NftMap.rule(receiver, chains("i", isSender: false)),
                reply: NftMap.rule("ct direction reply \(sender)", chains("i", isSender: true))),
        ]
    }

    /// The same in family bridge, where a packet's two ports are known without a mark.
    func judgement(of ports: [FilteredPort]) -> [NftChain] {
        guard !ports.isEmpty else { return [] }
        let guarded = ports.map { Self.quoted($0.tap) }.joined(separator: ", ")
        let first = [
            "ether type != { ip, ip6 } accept", "iifname != { \(guarded) } oifname != { \(guarded) } accept",
        ]
        return [("egress", "o", "filter + 10"), ("ingress", "i", "filter + 11")].map { name, letter, priority in
            let sides = letter == "o" ? ["iifname", "oifname"] : ["oifname", "iifname"]
            var rules = first
            for family in Family.allCases { rules += known(family).map { "meta protocol \(family.rawValue) \($0)" } }
            for (prefix, side) in [("ct direction reply ", sides[1]), ("", sides[0])] {
                for family in Family.allCases {
                    let chains = ports.map {
                        (Self.quoted($0.tap), "goto \(self.name(letter + $0.shortID, family))")
                    }
                    rules += [NftMap.rule("\(prefix)meta protocol \(family.rawValue) \(side)", chains)].compactMap {
                        $0
                    }
                }
                if !prefix.isEmpty { rules.append("ct direction reply accept") }
            }
            return NftChain(name, hook: "type filter hook forward priority \(priority)", rules)
        }
    }

    private func judge(
        _ name: String, priority: String, _ first: [String], original: String?, reply: String?
    ) -> NftChain {
        let reply = reply.map { [$0, "ct direction reply accept"] } ?? []
        return NftChain(
            name, hook: "type filter hook forward priority \(priority)", first + reply + (original.map { [$0] } ?? []))
    }

    /// Errors that belong to a conversation pass; what belongs to none and begins none does not. Of ICMP only requests
    /// begin a conversation: its other messages are left to the rules.
    private func known(_ family: Family) -> [String] {
        [
            "ct state related accept",
            "meta l4proto != \(family == .ip ? "icmp" : "ipv6-icmp") ct state invalid \(Self.drop("invalid"))",
        ]
    }
}
