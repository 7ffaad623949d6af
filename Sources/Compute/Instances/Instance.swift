public import ComputeHost
public import Images
public import Networking
public import ServiceCore

/// A virtual machine of a project, with the flavor as it was when it was launched.
public struct Instance: Sendable {
    /// A UUID; the domain's, too.
    public let id: ID<Instance>
    /// The running number behind the domain's name, `instance-%08x`.
    public let number: Int
    /// What the owner calls it; not unique.
    public var name: String
    /// Free text of the owner.
    public var description: String
    /// Whose it is.
    public let projectID: String
    /// The project's name when it was launched.
    public let projectName: String
    /// Who launched it.
    public let userID: String
    /// The name of who launched it.
    public let userName: String
    /// vm_state and task_state.
    public var state: InstanceState
    /// What the hypervisor last said.
    public var powerState: PowerState
    /// Nil until the scheduler has chosen.
    public var host: String?
    /// nova's zone of the host.
    public let availabilityZone: String
    /// Its size.
    public let flavor: InstanceFlavor
    /// What its disk was made from.
    public let imageID: ID<Image>
    /// The image's name when it was launched.
    public let imageName: String
    /// The keypair it was launched with.
    public let keyName: String?
    /// The place among those launched by one request, from 0.
    public let launchIndex: Int
    /// What one launch request made has one reservation id, as in nova (`r-…`).
    public let reservationID: String
    /// Whether a config drive was asked for; a guest on a user-mode network gets one anyway.
    public let configDrive: Bool
    /// When it was asked for.
    public let createdAt: Timestamp
    /// When its row last changed.
    public var updatedAt: Timestamp
    /// When it first ran.
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

    /// What the owner has.
    public var vmState: VMState { state.vm }
    /// What is being done; nil when nothing is.
    public var taskState: TaskState? { state.task }
    /// The one word for both.
    public var status: InstanceStatus { state.status }
    /// nova's default `instance_name_template`.
    public var domainName: String { DomainName.text(for: number) }
    /// Nothing but locking is missing here until the action exists; nova's attribute is shown all the same.
    public var locked: Bool { false }
}

/// The size an instance was launched with. A flavor that is changed or deleted later does not change it.
public struct InstanceFlavor: Hashable, Sendable {
    /// The flavor's id.
    public let id: String
    /// The flavor's name.
    public let name: String
    /// Virtual processors.
    public let vcpus: Int
    /// Memory in MiB.
    public let memoryMiB: Int
    /// Root disk in GiB; 0 means as large as the image.
    public let diskGiB: Int
}

/// Why the last thing that was tried did not work: nova's fault (code, message, details), and what to do about it.
public struct InstanceFault: Hashable, Sendable {
    /// An HTTP status, as in nova: 500, or 409 when there was no room.
    public let code: Int
    /// The phase of the launch that failed; nil for other actions.
    public let phase: LaunchPhase?
    /// What it means to the owner.
    public let message: Message
    /// What helps, when it is known.
    public let remedy: Message?
    /// The cause in the words of the host or the service that refused, for operators.
    public let details: String
    /// When it happened.
    public let createdAt: Timestamp
}
