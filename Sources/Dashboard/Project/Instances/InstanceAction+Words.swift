import Compute
import ServiceCore

/// What is said about an action on instances: before it is done, when it is, and when it could not be.
extension InstanceAction {
    /// What it does to the instance, for those who do not know it yet.
    var help: Message {
        switch self {
        case .start: Message("The guest boots.")
        case .stop: Message("The guest is asked to shut down.")
        case .softReboot: Message("The guest is asked to restart. Work that is not saved may be lost.")
        case .hardReboot:
            Message("The power is cut and the guest starts again. Work that is not saved is lost.")
        case .pause: Message("The guest stands still, in memory, until it is resumed.")
        case .unpause: Message("The guest goes on where it stood still.")
        case .suspend: Message("The guest's memory is written to the disk and its power is cut, until it is resumed.")
        case .resume: Message("The guest gets its memory back and goes on where it was suspended.")
        case .shelve:
            Message("The guest is shut down, its disk becomes an image, and the host has room for others.")
        case .unshelve: Message("The instance gets a host again and boots from its shelved disk.")
        case .rescue: Message("The guest boots from another image, with its own disk beside it to be repaired.")
        case .unrescue: Message("The guest boots from its own disk again.")
        case .createImage: Message("Makes an image of the disk as it is now.")
        case .rebuild: Message("A new disk from an image replaces the old one. Name and addresses stay.")
        case .resize: Message("Another flavor: other amounts of processors, memory and disk.")
        case .confirmResize: Message("The new flavor stays, and the old disk is removed.")
        case .revertResize:
            Message("The old flavor and the old disk come back. What was written since the resize is lost.")
        case .attachInterface: Message("Adds a network card, while the guest runs, too.")
        case .detachInterface: Message("Takes a network card away, while the guest runs, too.")
        case .editSecurityGroups: Message("Chooses who may reach the instance, and whom it may reach.")
        case .rename: Message("Changes name and description.")
        case .updateMetadata: Message("Changes the keys and values that are kept with the instance.")
        case .viewLog: Message("Shows what the guest wrote to its serial port.")
        case .console: Message("Opens the guest's screen.")
        case .lock: Message("Nobody but administrators can act on the instance until it is unlocked.")
        case .unlock: Message("Everybody who works in the project can act on the instance again.")
        case .delete:
            Message("The guest is stopped, its disk is removed, its addresses are freed. It cannot be undone.")
        case .forceDelete:
            Message("The instance is deleted even if it is locked or something hangs. It cannot be undone.")
        }
    }

    /// Whether people are asked before it is done, because something is lost or others notice.
    var isDisruptive: Bool {
        switch self {
        case .stop, .softReboot, .hardReboot, .shelve, .revertResize: true
        default: false
        }
    }

    var isDestructive: Bool { self == .delete || self == .forceDelete }

    /// Above the table, for several.
    var batchTitle: Message? {
        switch self {
        case .start: Message("Start Instances")
        case .stop: Message("Shut Off Instances")
        case .softReboot: Message("Soft Reboot Instances")
        case .delete: Message("Delete Instances")
        default: nil
        }
    }

    /// "Starting: web-1", and "Unable to start: web-1"; nil for what is not done with a click.
    var outcome: (done: Message, failed: Message)? {
        switch self {
        case .start: (Message("Starting: {names}"), Message("Unable to start: {names}"))
        case .stop: (Message("Shutting off: {names}"), Message("Unable to shut off: {names}"))
        case .softReboot, .hardReboot: (Message("Rebooting: {names}"), Message("Unable to reboot: {names}"))
        case .pause: (Message("Pausing: {names}"), Message("Unable to pause: {names}"))
        case .suspend: (Message("Suspending: {names}"), Message("Unable to suspend: {names}"))
        case .unpause, .resume: (Message("Resuming: {names}"), Message("Unable to resume: {names}"))
        case .shelve: (Message("Shelving: {names}"), Message("Unable to shelve: {names}"))
        case .unshelve: (Message("Unshelving: {names}"), Message("Unable to unshelve: {names}"))
        case .unrescue: (Message("Unrescuing: {names}"), Message("Unable to unrescue: {names}"))
        case .lock: (Message("Locked: {names}"), Message("Unable to lock: {names}"))
        case .unlock: (Message("Unlocked: {names}"), Message("Unable to unlock: {names}"))
        case .confirmResize:
            (Message("Confirming the resize: {names}"), Message("Unable to confirm the resize: {names}"))
        case .revertResize:
            (Message("Reverting the resize: {names}"), Message("Unable to revert the resize: {names}"))
        case .delete, .forceDelete:
            (
                Message("Scheduled deletion of instance: {names}"), Message("Unable to delete instance: {names}")
            )
        default: nil
        }
    }
}
