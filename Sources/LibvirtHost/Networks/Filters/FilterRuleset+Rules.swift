import ComputeHost

/// One rule of a group in nft's words.
extension FilterRuleset {
    /// The protocols that have ports: TCP, UDP, DCCP, SCTP, UDP-Lite.
    private static let withPorts: Set<Int> = [6, 17, 33, 132, 136]
    /// The types of ICMP and ICMPv6 that the kernel takes for the beginning of a conversation; a type that it does not
    /// follow is judged packet by packet.
    private static let requests: [Family: Set<Int>] = [.ip: [8, 13, 15, 17], .ip6: [128, 139]]

    /// - Returns: nothing for a rule about a group that is not known here, which lets nothing pass.
    func texts(of rule: SecurityGroupRuleSpec, _ family: Family) throws(HostError) -> [String] {
        guard let remote = try remote(of: rule, family) else { return [] }
        for number in [rule.ipProtocol, rule.portRangeMin, rule.portRangeMax].compactMap({ $0 })
        where !(0...65_535).contains(number) {
            throw .failed("\(number) of rule \(rule.ruleID.prefix(36)) is out of range", remedy: nil)
        }
        guard var number = rule.ipProtocol else { return [remote.isEmpty ? "accept" : remote + " accept"] }
        // Neutron takes ICMP in a rule for IPv6 as ICMPv6.
        if family == .ip6, number == 1 { number = 58 }
        var words = ["meta l4proto \(number)"]
        if !remote.isEmpty { words.append(remote) }
        if Self.withPorts.contains(number) {
            words += ports(rule)
        } else if number == family.icmp, let type = rule.portRangeMin {
            words = message(type, code: rule.portRangeMax, words, family, remote)
        }
        return [(words + ["accept"]).joined(separator: " ")]
    }

    private func ports(_ rule: SecurityGroupRuleSpec) -> [String] {
        guard rule.portRangeMin != nil || rule.portRangeMax != nil else { return [] }
        let first = rule.portRangeMin ?? 0
        let last = rule.portRangeMax ?? 65_535
        return ["ct original proto-dst " + (first == last ? "\(first)" : "\(first)-\(last)")]
    }

    /// A conversation of ICMP is known by its first message's type and code, where others have the port.
    private func message(
        _ type: Int, code: Int?, _ words: [String], _ family: Family, _ remote: String
    ) -> [String] {
        if Self.requests[family]?.contains(type) == true {
            let first = type * 256 + (code ?? 0)
            return words + ["ct original proto-dst " + (code == nil ? "\(first)-\(first + 255)" : "\(first)")]
        }
        let name = family == .ip ? "icmp" : "icmpv6"
        let address = remote.replacing("ct original ", with: "")
        let code = code.map { ["\(name) code \($0)"] } ?? []
        return (address.isEmpty ? [] : [address]) + ["\(name) type \(type)"] + code
    }

    /// Who may be on the other side; empty for anybody, nil for nobody.
    private func remote(of rule: SecurityGroupRuleSpec, _ family: Family) throws(HostError) -> String? {
        let field = "ct original \(family.rawValue) " + (rule.direction == .ingress ? "saddr" : "daddr")
        switch rule.remote {
        case .anybody: return ""
        case .prefix(let text):
            guard let block = IPBlock(text), block.isIPv6 == (family == .ip6) else {
                throw .failed("\"\(text.prefix(80))\" of rule \(rule.ruleID.prefix(36)) is no block", remedy: nil)
            }
            return block.isEverything ? "" : "\(field) \(block.text)"
        case .group(let id):
            guard network.securityGroups.contains(where: { $0.groupID == id }) else { return nil }
            return "\(field) @\(name("members-\(id)", family))"
        }
    }
}
