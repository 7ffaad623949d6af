import ServiceCore

/// One thing that speaks against a host.
struct HostRefusal: Hashable, Sendable {
    let kind: Kind
    /// With figures and names: for administrators.
    let message: Message

    init(_ kind: Kind, _ message: Message) {
        self.kind = kind
        self.message = message
    }

    /// What it is about.
    enum Kind: String, Codable, Sendable, CaseIterable {
        case named, down, disabled, zone, aggregate, architecture, hypervisor, affinity, antiAffinity
        case vcpus, memory, disk
        /// Of what was written before kinds were.
        case unknown

        /// What owners are told, who are not to learn what hosts there are, what is on them and how much is free.
        var summary: Message {
            switch self {
            case .named: Message("The launch names another host.")
            case .down: Message("The host does not answer.")
            case .disabled: Message("The host is disabled.")
            case .zone: Message("In another availability zone.")
            case .aggregate: Message("Not what the flavor wants.")
            case .architecture: Message("Not the architecture the image needs.")
            case .hypervisor: Message("Not the hypervisor type the image needs.")
            case .affinity: Message("Affinity: the server group is elsewhere.")
            case .antiAffinity: Message("Anti-affinity: enough of the server group is there.")
            case .vcpus: Message("Too few vCPUs.")
            case .memory: Message("Too little RAM.")
            case .disk: Message("Too little disk.")
            case .unknown: Message("The host does not fit.")
            }
        }
    }
}
