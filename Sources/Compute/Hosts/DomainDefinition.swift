import ComputeHost
public import ServiceCore

/// The definition of an instance's domain as its hypervisor holds it, and what in it is not as it is to be.
public struct DomainDefinition: Sendable {
    /// libvirt's XML.
    public let xml: String
    /// In the order of the definition.
    public let differences: [Difference]

    /// One thing that is not as it is to be.
    public struct Difference: Sendable {
        /// What differs.
        public let what: Message
        /// How it is to be; nil when it is not to be there.
        public let expected: String?
        /// How it is; nil when it is not there.
        public let found: String?
        /// Whether it is so in the guest that runs, and gone with its next start.
        public let isRunning: Bool
    }

    init(_ drift: DomainDrift) {
        xml = drift.xml
        differences = drift.differences.map {
            Difference(
                what: $0.kind.label($0.name), expected: $0.expected, found: $0.found, isRunning: $0.place == .running)
        }
    }
}

extension DomainDifference.Kind {
    fileprivate func label(_ name: String) -> Message {
        switch self {
        case .domainType: Message("Virtualization")
        case .vcpus: Message("vCPUs")
        case .memory: Message("RAM (MB)")
        case .disk: Message("Disk {name}", ["name": name])
        case .interface: Message("Interface {name}", ["name": name])
        case .display: Message("Screen")
        case .console: Message("Serial port")
        case .device: Message("Device {name}", ["name": name])
        }
    }
}

extension ComputeService {
    /// The definition of the instance's domain and its differences, for administrators; nil when the host has none.
    /// - Throws: `ServiceError`: conflict before a host has been chosen; unavailable when the host does not answer.
    public func definition(of id: ID<Instance>, as context: RequestContext) throws -> DomainDefinition? {
        try domainDefinition(of: id, as: context).map(DomainDefinition.init)
    }
}
