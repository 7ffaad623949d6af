public import ServiceCore

/// What a caller may know of how a host was chosen for an instance.
public enum SchedulingReport: Sendable, Hashable {
    /// Every host by name, with all that was said about it: for administrators.
    case decision(SchedulingDecision)
    /// The same without the hosts: for owners.
    case summary(SchedulingSummary)

    /// Nil for owners.
    public var decision: SchedulingDecision? {
        if case .decision(let decision) = self { decision } else { nil }
    }
}

/// How many hosts were looked at and what was said about them. As in nova, owners are not told which hosts there are
/// and what they have.
public struct SchedulingSummary: Sendable, Hashable {
    /// Hosts about which the same was said.
    public struct Group: Sendable, Hashable {
        /// How many.
        public let count: Int
        /// The host that was chosen is a group of its own.
        public let isChosen: Bool
        /// What speaks against them; empty for hosts that could take the instance.
        public let reasons: [Message]
    }

    /// The chosen one first, then those that could have been, then the refused ones, the most frequent reasons first.
    public let groups: [Group]

    init(_ decision: SchedulingDecision) {
        let chosen = decision.verdicts.count { $0.host == decision.chosen }
        let rest = decision.verdicts.filter { $0.host != decision.chosen }
        let byReason = Dictionary(grouping: rest) { verdict in
            HostRefusal.Kind.allCases.filter { kind in verdict.refusals.contains { $0.kind == kind } }
        }
        let sorted = byReason.sorted { one, other in
            if one.key.isEmpty != other.key.isEmpty { return one.key.isEmpty }
            guard one.value.count == other.value.count else { return one.value.count > other.value.count }
            return one.key.map(\.rawValue).lexicographicallyPrecedes(other.key.map(\.rawValue))
        }
        groups =
            (chosen > 0 ? [Group(count: chosen, isChosen: true, reasons: [])] : [])
            + sorted.map { Group(count: $0.value.count, isChosen: false, reasons: $0.key.map(\.summary)) }
    }
}
