public import ServiceCore

/// What an owner can do to an instance.
public enum InstanceAction: String, Sendable, CaseIterable {
    case start
    case stop
    case softReboot = "soft_reboot"
    case hardReboot = "hard_reboot"
    case pause
    case unpause
    case suspend
    case resume
    case lock
    case unlock
    case shelve
    case unshelve
    case rescue
    case unrescue
    case resize
    case confirmResize = "confirm_resize"
    case revertResize = "revert_resize"
    case rebuild
    case createImage = "create_image"
    case attachInterface = "attach_interface"
    case detachInterface = "detach_interface"
    case editSecurityGroups = "security_groups"
    case rename
    case updateMetadata = "update_metadata"
    case viewLog = "view_log"
    case console
    case delete
    case forceDelete = "force_delete"

    /// The action in Horizon's words.
    public var label: Message {
        switch self {
        case .start: Message("Start Instance")
        case .stop: Message("Shut Off Instance")
        case .softReboot: Message("Soft Reboot Instance")
        case .hardReboot: Message("Hard Reboot Instance")
        case .pause: Message("Pause Instance")
        case .unpause, .resume: Message("Resume Instance")
        case .suspend: Message("Suspend Instance")
        case .lock: Message("Lock Instance")
        case .unlock: Message("Unlock Instance")
        case .shelve: Message("Shelve Instance")
        case .unshelve: Message("Unshelve Instance")
        case .rescue: Message("Rescue Instance")
        case .unrescue: Message("Unrescue Instance")
        case .resize: Message("Resize Instance")
        case .confirmResize: Message("Confirm Resize/Migrate")
        case .revertResize: Message("Revert Resize/Migrate")
        case .rebuild: Message("Rebuild Instance")
        case .createImage: Message("Create Snapshot")
        case .attachInterface: Message("Attach Interface")
        case .detachInterface: Message("Detach Interface")
        case .editSecurityGroups: Message("Edit Security Groups")
        case .rename: Message("Edit Instance")
        case .updateMetadata: Message("Update Metadata")
        case .viewLog: Message("View Log")
        case .console: Message("Console")
        case .delete: Message("Delete Instance")
        case .forceDelete: Message("Force Delete Instance")
        }
    }

    /// The event that asks for it; nil for what does not change the state.
    var event: InstanceEvent? {
        switch self {
        case .start: .startRequested
        case .stop: .stopRequested
        case .softReboot: .softRebootRequested
        case .hardReboot: .hardRebootRequested
        case .pause: .pauseRequested
        case .unpause: .unpauseRequested
        case .suspend: .suspendRequested
        case .resume: .resumeRequested
        case .shelve: .shelveRequested
        case .unshelve: .unshelveRequested
        case .rescue: .rescueRequested
        case .unrescue: .unrescueRequested
        case .resize: .resizeRequested
        case .confirmResize: .confirmResizeRequested
        case .revertResize: .revertResizeRequested
        case .rebuild: .rebuildRequested
        case .createImage: .snapshotRequested
        case .delete, .forceDelete: .deleteRequested
        case .lock, .unlock, .attachInterface, .detachInterface, .editSecurityGroups, .rename, .updateMetadata,
            .viewLog, .console:
            nil
        }
    }

    /// Whether it is all that has to be said: the rest takes a form and has a method of its own.
    var isPlain: Bool {
        switch self {
        case .start, .stop, .softReboot, .hardReboot, .pause, .unpause, .suspend, .resume, .lock, .unlock, .shelve,
            .unshelve, .unrescue, .confirmResize, .revertResize, .delete, .forceDelete:
            true
        case .rescue, .resize, .rebuild, .createImage, .attachInterface, .detachInterface, .editSecurityGroups,
            .rename, .updateMetadata, .viewLog, .console:
            false
        }
    }

    /// Whether a locked instance refuses it to all but administrators (nova/compute/api.py, `check_instance_lock`;
    /// snapshots, names and security groups are not among what is locked).
    var respectsLock: Bool {
        switch self {
        case .lock, .unlock, .createImage, .editSecurityGroups, .rename, .viewLog, .console: false
        default: true
        }
    }

    /// The name of the policy rule, nova's own.
    var rule: String {
        switch self {
        case .softReboot, .hardReboot: "compute:reboot"
        case .createImage: "compute:snapshot"
        case .editSecurityGroups: "compute:security_groups:add_to_instance"
        case .rename: "compute:update"
        case .updateMetadata: "compute:update_instance_metadata"
        case .viewLog: "compute:get_console_output"
        case .console: "compute:get_vnc_console"
        default: "compute:" + rawValue
        }
    }

    /// nova's name in the action log (nova/compute/instance_actions.py).
    var logName: String {
        switch self {
        case .softReboot, .hardReboot: "reboot"
        case .rename: "update"
        case .confirmResize: "confirmResize"
        case .revertResize: "revertResize"
        case .createImage: "createImage"
        case .forceDelete: "forceDelete"
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
    /// Its steps, in their order.
    public internal(set) var events: [InstanceActionEvent]
    /// The project it was asked for in; nil for the cloud's own, and in what was written before it was kept.
    public var projectID: String?

    /// How far an action is.
    public enum Outcome: String, Sendable { case running, success, error }
}
