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
    /// What could be done.
    public let action: InstanceAction
    /// Whether it can be asked for now.
    public let allowed: Bool
    /// Why not; nil when it can.
    public let reason: Message?
}

/// One line of an instance's action log.
public struct InstanceActionRecord: Sendable {
    /// nova's name of the action: create, start, stop, reboot, delete, …
    public let action: String
    /// The request that asked.
    public let requestID: String
    /// Who asked.
    public let userID: String
    /// The name of who asked.
    public let userName: String
    /// When it was asked for.
    public let startedAt: Timestamp
    /// When it was over; nil while it runs.
    public let finishedAt: Timestamp?
    /// How far it is.
    public let outcome: Outcome
    /// Why it failed, in the words of the fault.
    public let message: Message?

    /// How far an action is.
    public enum Outcome: String, Sendable { case running, success, error }
}
