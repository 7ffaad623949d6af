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
    /// Nil until the scheduler has chosen. Others than administrators are not to know it: see ``InstanceInternals``.
    var host: String?
    /// nova's zone of the host.
    public var availabilityZone: String
    /// Its size.
    public var flavor: InstanceFlavor
    /// What host and quota keep for it: its size, and until a resize is over the larger of both sizes.
    var claim: HostResources
    /// What its disk was made from.
    public var imageID: ID<Image>
    /// The image's name when it was launched or rebuilt.
    public var imageName: String
    /// The keypair it was launched with.
    public var keyName: String?
    /// The place among those launched by one request, from 0.
    public let launchIndex: Int
    /// What one launch request made has one reservation id, as in nova (`r-…`).
    public let reservationID: String
    /// Whether a config drive was asked for, or must be because guests of this cloud reach no metadata service.
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
    /// Who locked it; nil when nobody did.
    public var lockedBy: InstanceLock?
    /// Why it was locked, when that was said.
    public var lockReason: String?
    /// Counts the changes of the row; a report from the host is applied only to the row it was compared with.
    var revision: Int
    /// By network, in the order of the interfaces; gathered from Networking, empty until ports are bound.
    public var addresses: [InstanceAddress] = []
    /// Free key-value pairs of the owner; gathered for who reads one instance, empty in lists and in jobs.
    public var metadata: [String: String] = [:]
    /// An address the owner wants shown, "" for none.
    public var accessIPv4 = ""
    /// An address the owner wants shown, "" for none.
    public var accessIPv6 = ""
    /// nova's `OS-DCF:diskConfig`; kept and shown, since guests grow their file systems themselves.
    public var diskConfig = DiskConfig.manual
    /// The guest's host name when it was chosen; nil when it follows from the name.
    public var hostname: String?
    /// When it was deleted; nil while it exists.
    public var deletedAt: Timestamp?

    /// What the owner has.
    public var vmState: VMState { state.vm }
    /// What is being done; nil when nothing is.
    public var taskState: TaskState? { state.task }
    /// The one word for both.
    public var status: InstanceStatus { state.status }
    /// nova's default `instance_name_template`.
    public var domainName: String { DomainName.text(for: number) }
    /// Whether a host has been chosen for it.
    public var isOnHost: Bool { host != nil }
    /// Whether only administrators may act on it.
    public var locked: Bool { lockedBy != nil }
}

/// Who sees to the partitions of an instance's disk (nova: `OS-DCF:diskConfig`).
public enum DiskConfig: String, Sendable, CaseIterable {
    case auto = "AUTO"
    case manual = "MANUAL"
}

/// Who locked an instance: somebody of its project, or an administrator of another (nova's `locked_by`).
public enum InstanceLock: String, Sendable, CaseIterable {
    case owner, admin
}

/// The size an instance was launched with. A flavor that is changed or deleted later does not change it.
public struct InstanceFlavor: Hashable, Codable, Sendable {
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
    /// Swap disk in MiB.
    public var swapMiB = 0
    /// Second disk in GiB.
    public var ephemeralGiB = 0
    /// The flavor's extra specs as they were.
    public var extraSpecs: [String: String] = [:]

    init(
        id: String, name: String, vcpus: Int, memoryMiB: Int, diskGiB: Int, swapMiB: Int = 0, ephemeralGiB: Int = 0,
        extraSpecs: [String: String] = [:]
    ) {
        self.id = id
        self.name = name
        self.vcpus = vcpus
        self.memoryMiB = memoryMiB
        self.diskGiB = diskGiB
        self.swapMiB = swapMiB
        self.ephemeralGiB = ephemeralGiB
        self.extraSpecs = extraSpecs
    }
}

extension InstanceFlavor {
    /// What was written before flavors had swap, a second disk and extra specs has none of them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try container.decode(String.self, forKey: .id), name: try container.decode(String.self, forKey: .name),
            vcpus: try container.decode(Int.self, forKey: .vcpus),
            memoryMiB: try container.decode(Int.self, forKey: .memoryMiB),
            diskGiB: try container.decode(Int.self, forKey: .diskGiB),
            swapMiB: try container.decodeIfPresent(Int.self, forKey: .swapMiB) ?? 0,
            ephemeralGiB: try container.decodeIfPresent(Int.self, forKey: .ephemeralGiB) ?? 0,
            extraSpecs: try container.decodeIfPresent([String: String].self, forKey: .extraSpecs) ?? [:])
    }

    /// A flavor as it is now.
    init(_ flavor: Flavor) {
        self.init(
            id: flavor.id, name: flavor.name, vcpus: flavor.vcpus, memoryMiB: flavor.memoryMiB,
            diskGiB: flavor.diskGiB, swapMiB: flavor.swapMiB, ephemeralGiB: flavor.ephemeralGiB,
            extraSpecs: flavor.extraSpecs)
    }

    /// What a host keeps for an instance of this size.
    var claim: HostResources { HostResources(vcpus: vcpus, memoryMiB: memoryMiB, diskGiB: diskGiB) }
}

extension HostResources {
    /// Enough for both.
    func covering(_ other: HostResources) -> HostResources {
        HostResources(
            vcpus: max(vcpus, other.vcpus), memoryMiB: max(memoryMiB, other.memoryMiB),
            diskGiB: max(diskGiB, other.diskGiB))
    }
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
    /// The cause in the words of the host or the service that refused; see ``InstanceInternals``.
    let details: String
    /// When it happened.
    public let createdAt: Timestamp
}
