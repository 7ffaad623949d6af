import ComputeHost
import Database
import ServiceCore

/// What hosts must know of security groups.
struct SecurityGroupSpecs {
    private let groups = SecurityGroupStore()
    private let bindings = PortSecurityStore()

    /// The groups of some ports and those that their rules name as the other side; these with their members.
    func specs(of ports: [Port], in transaction: borrowing Transaction) throws -> [SecurityGroupSpec] {
        let own = try groups.find(Set(ports.flatMap(\.securityGroupIDs)), in: transaction)
        let remote = Set(own.flatMap { $0.rules.compactMap(\.remoteGroupID) })
        let others = try groups.find(remote.subtracting(own.map(\.id)), in: transaction)
        return try (own + others).sorted { $0.id.text < $1.id.text }.map { group in
            SecurityGroupSpec(
                groupID: group.id.text, rules: group.rules.map(SecurityGroupRuleSpec.init),
                members: remote.contains(group.id) ? try bindings.members(of: group.id, in: transaction) : [])
        }
    }
}

extension SecurityGroupRuleSpec {
    init(_ rule: SecurityGroupRule) {
        let remote: Remote =
            if let group = rule.remoteGroupID {
                .group(group.text)
            } else if let prefix = rule.remoteIPPrefix, prefix.prefix > 0 {
                .prefix(prefix.cidr.description)
            } else {
                .anybody
            }
        self.init(
            ruleID: rule.id.text, direction: rule.direction == .ingress ? .ingress : .egress,
            etherType: rule.etherType == .ipv4 ? .ipv4 : .ipv6, ipProtocol: rule.content.protocolNumber,
            portRangeMin: rule.portRangeMin, portRangeMax: rule.portRangeMax, remote: remote)
    }
}
