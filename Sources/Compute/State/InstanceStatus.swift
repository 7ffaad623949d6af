/// The one word nova's API and Horizon show for an instance, derived from vm_state and task_state
/// (Compute API guide, "Server concepts": status).
public enum InstanceStatus: String, Sendable, CaseIterable {
    case build = "BUILD"
    case active = "ACTIVE"
    case paused = "PAUSED"
    case suspended = "SUSPENDED"
    case reboot = "REBOOT"
    case hardReboot = "HARD_REBOOT"
    case shutoff = "SHUTOFF"
    case rescue = "RESCUE"
    case resize = "RESIZE"
    case verifyResize = "VERIFY_RESIZE"
    case revertResize = "REVERT_RESIZE"
    case rebuild = "REBUILD"
    case shelved = "SHELVED"
    case shelvedOffloaded = "SHELVED_OFFLOADED"
    case error = "ERROR"
    case deleted = "DELETED"
}

extension InstanceState {
    /// An instance that is being deleted keeps its status until it is gone, as in nova; the task says the rest.
    public var status: InstanceStatus {
        switch task {
        case .rebooting: .reboot
        case .rebootingHard: .hardReboot
        case .resizePrep, .resizeMigrating, .resizeFinish: .resize
        case .resizeReverting: .revertResize
        case .rebuilding, .rebuildBlockDeviceMapping, .rebuildSpawning: .rebuild
        default: vm.status
        }
    }

    /// The states a status can be derived from, so that a list can be filtered by status in SQL.
    static func states(of status: InstanceStatus) -> [InstanceState] {
        reachable.filter { $0.status == status }
    }
}

extension VMState {
    /// The status of an instance to which nothing is done that has a status of its own.
    fileprivate var status: InstanceStatus {
        switch self {
        case .building: .build
        case .active: .active
        case .paused: .paused
        case .suspended: .suspended
        case .stopped: .shutoff
        case .rescued: .rescue
        case .resized: .verifyResize
        case .shelved: .shelved
        case .shelvedOffloaded: .shelvedOffloaded
        case .error: .error
        case .deleted: .deleted
        }
    }
}
