public import ComputeHost
public import ServiceCore

extension InstanceStatus {
    /// The status in Horizon's words.
    public var label: Message {
        switch self {
        case .build: Message("Build")
        case .active: Message("Active")
        case .reboot: Message("Reboot")
        case .hardReboot: Message("Hard Reboot")
        case .shutoff: Message("Shutoff")
        case .error: Message("Error")
        case .deleted: Message("Deleted")
        }
    }
}

extension TaskState {
    /// The task in Horizon's words.
    public var label: Message {
        switch self {
        case .scheduling: Message("Scheduling")
        case .networking: Message("Networking")
        case .blockDeviceMapping: Message("Block Device Mapping")
        case .spawning: Message("Spawning")
        case .poweringOff: Message("Powering Off")
        case .poweringOn: Message("Powering On")
        case .rebooting: Message("Rebooting")
        case .rebootingHard: Message("Rebooting Hard")
        case .deleting: Message("Deleting")
        }
    }
}

extension PowerState {
    /// The power state in Horizon's words.
    public var label: Message {
        switch self {
        case .noState: Message("No State")
        case .running: Message("Running")
        case .paused: Message("Paused")
        case .shutdown: Message("Shut Down")
        case .crashed: Message("Crashed")
        case .suspended: Message("Suspended")
        }
    }

    /// The state as far as it can move an instance; nil when it cannot.
    var observed: ObservedPower? {
        switch self {
        case .running: .running
        case .shutdown: .off
        case .crashed: .crashed
        case .noState, .paused, .suspended: nil
        }
    }
}
