import ComputeHost

/// One thing that a guest's packets pass or that it needs to be reached, held against what its host has.
public struct PathStep: Hashable, Sendable {
    /// What is looked at, from the guest outwards.
    public enum Subject: String, Hashable, Sendable, CaseIterable {
        case tap, bridge, uplink, namespace, dhcpInterface, dhcpServer, reservation, lease, metadata, antispoofing,
            rules
        case gateway
    }

    /// What is looked at.
    public let subject: Subject
    /// Whether it is as it should be.
    public let isRight: Bool
    /// The thing's name on the host: a device, a namespace, a chain.
    public let name: String
    /// What should be there, in one line.
    public let expected: String
    /// What is there, in one line; nil when nothing is.
    public let found: String?
    /// The kernel's own words, as the usual program prints them, with the command first.
    public let evidence: [String]

    /// Nil for what has no place on the way.
    /// - Parameter isWhole: false leaves out all that tells of the host, for an owner.
    init?(_ check: NetworkCheck, isWhole: Bool) {
        guard let subject = Subject(rawValue: check.subject.rawValue) else { return nil }
        self.subject = subject
        isRight = check.isRight
        name = isWhole ? check.name : ""
        expected = isWhole ? check.expected : ""
        found = isWhole ? check.found : nil
        evidence = isWhole ? check.evidence : []
    }
}
