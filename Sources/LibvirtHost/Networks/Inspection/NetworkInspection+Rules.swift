import ComputeHost

/// The filters, as nft lists them.
extension NetworkInspection {
    /// What is loaded for the port, or for the whole network, held against what should be.
    func rules(_ network: NetworkSpec, port: PortSpec?) -> [NetworkCheck] {
        do throws(HostError) {
            let ruleset = try filters.ruleset(for: network)
            let wanted = try filters.tables.wanted(ruleset.tables, from: ruleset.text())
            let loaded = try filters.tables.loaded(ruleset.tables, in: host)
            guard let port else { return [whole(ruleset, wanted, loaded)] }
            let comparison = FilterComparison(
                wanted: NftListing(wanted), loaded: NftListing(loaded ?? ""), ruleset: ruleset)
            return [antispoofing(port, comparison), groups(port, comparison)]
        } catch {
            return [
                NetworkCheck(
                    .rules, name: network.bridgeName, expected: "rules of \(network.bridgeName)", found: nil,
                    isRight: false, evidence: [error.reason])
            ]
        }
    }

    private func whole(_ ruleset: FilterRuleset, _ wanted: String, _ loaded: String?) -> NetworkCheck {
        let name = ruleset.network.bridgeName
        let chains = NftListing(wanted).chains
        let found = loaded.map { NftListing($0).chains }
        let wrong = found.map { found in chains.filter { found[$0.key] != $0.value }.count }
        return NetworkCheck(
            .rules, name: name, expected: "\(chains.count) chains as the network says",
            found: wrong.map { "\(found?.count ?? 0) chains, \($0) of them missing or changed" },
            isRight: loaded == wanted,
            evidence: ruleset.tables.flatMap {
                Evidence(host).of("nft", ["list", "table", $0.family, $0.name]) {
                    $0.contains("counter") || $0.contains("chain ")
                }
            })
    }

    private func antispoofing(_ port: PortSpec, _ comparison: FilterComparison) -> NetworkCheck {
        let id = port.portID.prefix(10)
        let chains = ["bridge s\(id)", "bridge n\(id)", "bridge forward"]
        let expected: String
        switch comparison.treatment(of: port) {
        case .guarded:
            let addresses = port.fixedIPs.map(\.address)
            let others = port.allowedAddressPairs.isEmpty ? "" : " and \(port.allowedAddressPairs.count) allowed pairs"
            expected = "only \(port.macAddress) with \(addresses.joined(separator: ", "))\(others)"
        case .open: expected = "off: the port has no port security"
        case .closed: expected = "closed: nothing passes"
        }
        return check(.antispoofing, name: "s\(id)", expected, chains, comparison)
    }

    private func groups(_ port: PortSpec, _ comparison: FilterComparison) -> NetworkCheck {
        let id = port.portID.prefix(10)
        let groups = comparison.ruleset.network.securityGroups.filter { port.securityGroupIDs.contains($0.groupID) }
        let treatment = comparison.treatment(of: port)
        let expected: String
        switch treatment {
        case .guarded:
            let rules = groups.flatMap(\.rules)
            let inwards = rules.count { $0.direction == .ingress }
            expected = "\(inwards) rules in, \(rules.count - inwards) out, of \(groups.count) groups"
        case .open: expected = "none: the port has no port security"
        case .closed: expected = "closed: nothing passes"
        }
        var chains: [String] = []
        for family in FilterRuleset.Family.allCases {
            let table = comparison.ruleset.design == .bridgeConntrack ? "bridge" : family.rawValue
            let own = ["i\(id)", "o\(id)"] + groups.flatMap { ["gi-\($0.groupID)", "go-\($0.groupID)"] }
            chains += (own + ["always-in", "always-out"]).map { "\(table) \(comparison.ruleset.name($0, family))" }
            chains += groups.flatMap(\.rules).compactMap { rule in
                guard case .group(let remote) = rule.remote, rule.etherType == family.etherType else { return nil }
                return "\(table) \(comparison.ruleset.name("members-\(remote)", family))"
            }
            chains += ["egress", "ingress", "zone"].map { "\(table) \($0)" }
        }
        return check(.rules, name: "i\(id), o\(id)", expected, chains, comparison)
    }

    private func check(
        _ subject: NetworkCheck.Subject, name: String, _ expected: String, _ chains: [String],
        _ comparison: FilterComparison
    ) -> NetworkCheck {
        let own = chains.filter { comparison.wanted.chains[$0] != nil || comparison.loaded.chains[$0] != nil }
        let wrong = own.filter { comparison.wanted.chains[$0] != comparison.loaded.chains[$0] }
        let bridge = comparison.ruleset.network.bridgeName
        // Base chains and what all ports share are compared, and not shown.
        let shown = Set(own).filter { chain in
            let word = chain.split(separator: " ")[1]
            return !["forward", "egress", "ingress", "zone"].contains(word) && !word.hasPrefix("always-")
        }
        var evidence: [String] = []
        var dropped: [String: Int] = [:]
        for chain in shown.sorted() {
            let words = chain.split(separator: " ").map(String.init)
            let kind = words[1].hasPrefix("members-") ? "set" : "chain"
            let lines = Evidence(host).of("nft", ["list", kind, words[0], bridge, words[1]])
            evidence += lines
            for (reason, packets) in NftListing.drops(lines) { dropped[reason, default: 0] += packets }
        }
        var found: String? = wrong.isEmpty ? expected : "missing or changed: \(wrong.joined(separator: ", "))"
        var isRight = wrong.isEmpty
        if comparison.loaded.chains.isEmpty { (found, isRight) = (nil, false) }
        if subject == .rules, comparison.ruleset.design == .bridgeNetfilter {
            let switches = (try? BridgeNetfilter.missing(in: host)) ?? []
            if !switches.isEmpty {
                (found, isRight) = ("never asked: \(switches.joined(separator: ", ")) is 0", false)
            }
        }
        return NetworkCheck(
            subject, name: name, expected: expected, found: found, isRight: isRight,
            evidence: evidence, dropped: dropped)
    }
}

/// A network's filters as they are and as they should be.
struct FilterComparison {
    enum Treatment { case guarded, open, closed }

    let wanted: NftListing
    let loaded: NftListing
    let ruleset: FilterRuleset

    func treatment(of port: PortSpec) -> Treatment {
        if ruleset.closedTaps.contains(port.tapName) { return .closed }
        return port.portSecurityEnabled ? .guarded : .open
    }
}

/// What nft lists, taken apart.
struct NftListing {
    /// The lines of each chain and set, by family and name: `ip forward`.
    private(set) var chains: [String: [Substring]] = [:]

    init(_ text: String) {
        var family = ""
        var name: String?
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if line.hasPrefix("table "), words.count >= 3 {
                family = String(words[1])
            } else if words.count == 3, words[2] == "{", ["chain", "set", "map"].contains(words[0]) {
                name = "\(family) \(words[1])"
                chains[name ?? "", default: []] = []
            } else if line == "\t}" {
                name = nil
            } else if let name {
                chains[name, default: []].append(line)
            }
        }
    }

    /// How many packets the rules in these lines have dropped, by what is written on each rule.
    static func drops(_ lines: [String]) -> [String: Int] {
        var drops: [String: Int] = [:]
        for line in lines {
            guard let found = line.firstMatch(of: /counter packets ([0-9]+) bytes [0-9]+ drop comment "([^"]*)"/),
                let packets = Int(found.1)
            else { continue }
            drops[String(found.2), default: 0] += packets
        }
        return drops
    }
}
