/// What a host says about one domain now.
public struct DomainStatus: Codable, Hashable, Sendable {
    /// The instance's UUID, lower case.
    public var instanceID: String
    /// The hypervisor's name for the guest, `instance-0000002a`.
    public var domainName: String
    /// Whether the guest runs.
    public var power: PowerState
    /// How the guest's processors are provided: `kvm`, `qemu` (emulated), `test` or `simulated`.
    public var domainType: String
    /// Something the owner of the guest should know: that it is emulated because kvm failed, or what paused it.
    public var note: String?

    /// Takes each value as it is.
    public init(
        instanceID: String, domainName: String, power: PowerState, domainType: String, note: String? = nil
    ) {
        self.instanceID = instanceID
        self.domainName = domainName
        self.power = power
        self.domainType = domainType
        self.note = note
    }
}

/// Something that happened to a domain, whoever caused it.
///
/// `power` is the state after the event. Events are hints: one may be lost while the host restarts, so whoever keeps
/// state compares it with `Hypervisor.domains()` from time to time.
public struct DomainEvent: Codable, Hashable, Sendable {
    /// What happened to the domain.
    public enum Reason: String, Codable, Hashable, Sendable, CaseIterable {
        case defined
        case started
        /// The guest switched itself off, by itself or after an ACPI request.
        case stoppedInside
        /// Somebody ended the guest from outside.
        case destroyed
        case paused
        /// The hypervisor paused the guest because a disk could not be read or written.
        case pausedOnError
        case resumed
        /// The guest's memory was saved and the guest ended.
        case suspended
        case crashed
        case undefined
    }

    /// The instance's UUID, lower case.
    public var instanceID: String
    /// The hypervisor's name for the guest, `instance-0000002a`.
    public var domainName: String
    /// The state after the event.
    public var power: PowerState
    /// What happened.
    public var reason: Reason

    /// Takes each value as it is.
    public init(instanceID: String, domainName: String, power: PowerState, reason: Reason) {
        self.instanceID = instanceID
        self.domainName = domainName
        self.power = power
        self.reason = reason
    }
}
