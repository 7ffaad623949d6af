/// The one word nova's API and Horizon show for an instance, derived from vm_state and task_state
/// (Compute API guide, "Server concepts": status).
public enum InstanceStatus: String, Sendable, CaseIterable {
    case build = "BUILD"
    case active = "ACTIVE"
    case reboot = "REBOOT"
    case hardReboot = "HARD_REBOOT"
    case shutoff = "SHUTOFF"
    case error = "ERROR"
    case deleted = "DELETED"
}

extension InstanceState {
    /// An instance that is being deleted keeps its status until it is gone, as in nova; the task says the rest.
    public var status: InstanceStatus {
        switch (vm, task) {
        case (.building, _): .build
        case (.active, .rebooting): .reboot
        case (.active, .rebootingHard), (.stopped, .rebootingHard): .hardReboot
        case (.active, _): .active
        case (.stopped, _): .shutoff
        case (.error, _): .error
        case (.deleted, _): .deleted
        }
    }

    /// The states a status can be derived from, so that a list can be filtered by status in SQL.
    static func states(of status: InstanceStatus) -> [InstanceState] {
        reachable.filter { $0.status == status }
    }
}
