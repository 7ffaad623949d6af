import Networking
import ServiceCore

/// What groups let through, in words: "TCP 22 (SSH) from anywhere". Rules that differ in nothing but the version of IP
/// are said once.
struct RuleWords {
    let wording: Wording
    /// What the groups that rules name are called.
    let names: [ID<SecurityGroup>: String]

    init(_ groups: [SecurityGroup], _ wording: Wording) {
        self.wording = wording
        names = Dictionary(groups.map { ($0.id, $0.displayName) }) { first, _ in first }
    }

    /// A line for each thing that passes in one direction.
    func lines(_ rules: [SecurityGroupRule], _ direction: TrafficDirection) -> [Cell.Line] {
        var sentences: [(text: String, versions: Set<EtherType>, isCIDR: Bool)] = []
        for rule in rules where rule.direction == direction {
            let text = sentence(rule)
            if let index = sentences.firstIndex(where: { $0.text == text }) {
                sentences[index].versions.insert(rule.etherType)
            } else {
                sentences.append((text, [rule.etherType], rule.remoteIPPrefix.map { !$0.isEverything } ?? false))
            }
        }
        return sentences.map { sentence in
            // A block of addresses says by itself which version it is of.
            let version = sentence.isCIDR || sentence.versions.count > 1 ? nil : sentence.versions.first?.rawValue
            return Cell.Line(text: sentence.text, note: version)
        }
    }

    /// One rule, whatever its version of IP.
    func sentence(_ rule: SecurityGroupRule) -> String {
        let isIncoming = rule.direction == .ingress
        var arguments = ["what": what(rule)]
        if let id = rule.remoteGroupID {
            guard id != rule.groupID else {
                return wording(
                    isIncoming
                        ? Message("{what} from members of this group", arguments)
                        : Message("{what} to members of this group", arguments))
            }
            arguments["remote"] = name(of: id)
            return wording(
                isIncoming
                    ? Message("{what} from members of {remote}", arguments)
                    : Message("{what} to members of {remote}", arguments))
        }
        guard let prefix = rule.remoteIPPrefix, !prefix.isEverything else {
            return wording(
                isIncoming
                    ? Message("{what} from anywhere", arguments) : Message("{what} to anywhere", arguments))
        }
        arguments["remote"] = prefix.description
        return wording(
            isIncoming ? Message("{what} from {remote}", arguments) : Message("{what} to {remote}", arguments))
    }

    func name(of group: ID<SecurityGroup>) -> String { names[group] ?? "(\(group.text.prefix(13)))" }

    /// "TCP 22 (SSH)", "UDP 5000 – 5010", "ICMP type 8", "All TCP".
    private func what(_ rule: SecurityGroupRule) -> String {
        guard let number = rule.content.protocolNumber else { return wording(Message("Anything")) }
        let name = rule.shortProtocol
        if number == 1 || number == 58 { return icmp(name, rule) }
        guard let first = rule.portRangeMin, let last = rule.portRangeMax else {
            return rule.hasPorts
                ? wording(Message("All {protocol}", ["protocol": name]))
                : wording(Message("{protocol}", ["protocol": name]))
        }
        guard first == last else { return "\(name) \(first) – \(last)" }
        let service = RuleTemplate.service(of: rule.protocolName, port: first).map { " (\($0))" }
        return "\(name) \(first)" + (service ?? "")
    }

    private func icmp(_ name: String, _ rule: SecurityGroupRule) -> String {
        guard let type = rule.portRangeMin else { return wording(Message("All {protocol}", ["protocol": name])) }
        var arguments = ["protocol": name, "type": "\(type)"]
        guard let code = rule.portRangeMax else { return wording(Message("{protocol} type {type}", arguments)) }
        arguments["code"] = "\(code)"
        return wording(Message("{protocol} type {type} code {code}", arguments))
    }
}

extension SecurityGroupRule {
    /// "TCP", "ICMP" for both versions' ICMP, or a number with a word before it that is the same in every language.
    fileprivate var shortProtocol: String {
        guard let name = protocolName else { return "" }
        if content.protocolNumber == 58 { return "ICMP" }
        return Int(name) == nil ? name.uppercased() : "IP \(name)"
    }

    /// TCP, UDP, DCCP, SCTP and UDP-Lite.
    fileprivate var hasPorts: Bool { [6, 17, 33, 132, 136].contains(content.protocolNumber ?? 0) }
}

extension RemotePrefix {
    /// All addresses of its version.
    var isEverything: Bool { prefix == 0 }
}
