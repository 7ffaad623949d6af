public import ServiceCore

/// Why a host was taken or not.
public struct HostVerdict: Hashable, Sendable {
    /// Which host.
    public let host: String
    /// Everything that speaks against it; empty when it could take the instance.
    let refusals: [HostRefusal]
    /// How much speaks for it, compared with the other accepted hosts; nil when it was refused.
    public internal(set) var weight: Double?
    /// The same in full, with figures and names: for administrators.
    public var reasons: [Message] { refusals.map(\.message) }
    /// Whether it could take the instance.
    public var isAccepted: Bool { refusals.isEmpty }
}

/// The scheduler's answer for one instance.
public struct SchedulingDecision: Hashable, Sendable {
    /// Nil when no host could take it.
    public let chosen: String?
    /// One for each host, in the order of the hosts.
    public let verdicts: [HostVerdict]

    /// The verdicts for operators, a line for each host: "node2: Too little RAM: asks 4096 MB, free 1200 MB."
    public var details: String {
        guard !verdicts.isEmpty else { return "There is no host." }
        return verdicts.map { verdict in
            verdict.host + ": "
                + (verdict.isAccepted ? "accepted" : verdict.reasons.map(\.english).joined(separator: " "))
        }.joined(separator: "\n")
    }
}
