public import ComputeHost
public import Images
public import Networking
public import ServiceCore

/// A virtual machine of a project, with the flavor as it was when it was launched.
public struct Instance: Sendable {
    public let id: ID<Instance>
    /// The running number behind the domain's name, `instance-%08x`.
    public let number: Int
    public var name: String
    public var description: String
    public let projectID: String
    public let projectName: String
    public let userID: String
    public let userName: String
    public var state: InstanceState
    public var powerState: PowerState
    /// Nil until the scheduler has chosen.
    public var host: String?
    public let availabilityZone: String
    public let flavor: InstanceFlavor
    public let imageID: ID<Image>
    public let imageName: String
    public let keyName: String?
    /// The place among those launched by one request, from 0.
    public let launchIndex: Int
    /// What one launch request made has one reservation id, as in nova (`r-…`).
    public let reservationID: String
    public let configDrive: Bool
    public let createdAt: Timestamp
    public var updatedAt: Timestamp
    public var launchedAt: Timestamp?
    /// What last went wrong; it stays until an action succeeds.
    public var fault: InstanceFault?
    /// Something the owner should know, such as that the guest is emulated.
    public var note: Message?
    /// `kvm`, `qemu`, `test` or `simulated`; nil until the domain has been started.
    public var domainType: String?
    /// Counts the changes of the row; a report from the host is applied only to the row it was compared with.
    var revision: Int
    /// By network, in the order of the interfaces; gathered from Networking, empty until ports are bound.
    public var addresses: [InstanceAddress] = []

    public var vmState: VMState { state.vm }
    public var taskState: TaskState? { state.task }
    public var status: InstanceStatus { state.status }
    /// nova's default `instance_name_template`.
    public var domainName: String { DomainName.text(for: number) }
    /// Nothing but locking is missing here until the action exists; nova's attribute is shown all the same.
    public var locked: Bool { false }
}

/// The size an instance was launched with. A flavor that is changed or deleted later does not change it.
public struct InstanceFlavor: Hashable, Sendable {
    public let id: String
    public let name: String
    public let vcpus: Int
    public let memoryMiB: Int
    public let diskGiB: Int
}

/// Why the last thing that was tried did not work: nova's fault (code, message, details), and what to do about it.
public struct InstanceFault: Hashable, Sendable {
    /// An HTTP status, as in nova: 500, or 409 when there was no room.
    public let code: Int
    /// The phase of the launch that failed; nil for other actions.
    public let phase: LaunchPhase?
    public let message: Message
    /// What helps, when it is known.
    public let remedy: Message?
    /// The cause in the words of the host or the service that refused, for operators.
    public let details: String
    public let createdAt: Timestamp
}
