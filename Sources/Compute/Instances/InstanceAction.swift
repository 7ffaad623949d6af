public import ServiceCore

/// What an owner can do to an instance.
public enum InstanceAction: String, Sendable, CaseIterable {
    case start
    case stop
    case softReboot = "soft_reboot"
    case hardReboot = "hard_reboot"
    case rename
    case viewLog = "view_log"
    case delete

    /// The action in Horizon's words.
    public var label: Message {
        switch self {
        case .start: Message("Start Instance")
        case .stop: Message("Shut Off Instance")
        case .softReboot: Message("Soft Reboot Instance")
        case .hardReboot: Message("Hard Reboot Instance")
        case .rename: Message("Edit Instance")
        case .viewLog: Message("View Log")
        case .delete: Message("Delete Instance")
        }
    }

    /// The event that asks for it; nil for what does not change the state.
    var event: InstanceEvent? {
        switch self {
        case .start: .startRequested
        case .stop: .stopRequested
        case .softReboot: .softRebootRequested
        case .hardReboot: .hardRebootRequested
        case .delete: .deleteRequested
        case .rename, .viewLog: nil
        }
    }

    /// The name of the policy rule, nova's own.
    var rule: String {
        switch self {
        case .start: "compute:start"
        case .stop: "compute:stop"
        case .softReboot, .hardReboot: "compute:reboot"
        case .rename: "compute:update"
        case .viewLog: "compute:get_console_output"
        case .delete: "compute:delete"
        }
    }

    /// nova's name in the action log.
    var logName: String {
        switch self {
        case .softReboot, .hardReboot: "reboot"
        case .rename: "update"
        default: rawValue
        }
    }
}

/// Whether an action can be asked for now, and if not, why.
public struct ActionAvailability: Sendable {
    public let action: InstanceAction
    public let allowed: Bool
    public let reason: Message?
}

/// One line of an instance's action log.
public struct InstanceActionRecord: Sendable {
    /// nova's name of the action: create, start, stop, reboot, delete, …
    public let action: String
    public let requestID: String
    public let userID: String
    public let userName: String
    public let startedAt: Timestamp
    public let finishedAt: Timestamp?
    public let outcome: Outcome
    /// Why it failed, in the words of the fault.
    public let message: Message?

    /// How the action went, so far.
    public enum Outcome: String, Sendable { case running, success, error }
}
