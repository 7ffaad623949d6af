public import ComputeHost
public import ServiceCore

extension InstanceStatus {
    /// The status in Horizon's words.
    public var label: Message {
        switch self {
        case .build: Message("Build")
        case .active: Message("Active")
        case .paused: Message("Paused")
        case .suspended: Message("Suspended")
        case .reboot: Message("Reboot")
        case .hardReboot: Message("Hard Reboot")
        case .shutoff: Message("Shutoff")
        case .rescue: Message("Rescue")
        case .resize: Message("Resize/Migrate")
        case .verifyResize: Message("Confirm or Revert Resize/Migrate")
        case .revertResize: Message("Revert Resize/Migrate")
        case .rebuild: Message("Rebuild")
        case .shelved: Message("Shelved")
        case .shelvedOffloaded: Message("Shelved Offloaded")
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
        case .pausing: Message("Pausing")
        case .unpausing, .resuming: Message("Resuming")
        case .suspending: Message("Suspending")
        case .rescuing: Message("Rescuing")
        case .unrescuing: Message("Unrescuing")
        case .resizePrep: Message("Preparing Resize or Migrate")
        case .resizeMigrating: Message("Resizing or Migrating")
        case .resizeFinish: Message("Finishing Resize or Migrate")
        case .resizeConfirming: Message("Confirming Resize or Migrate")
        case .resizeReverting: Message("Reverting Resize or Migrate")
        case .rebuilding: Message("Rebuilding")
        case .rebuildBlockDeviceMapping: Message("Rebuild Block Device Mapping")
        case .rebuildSpawning: Message("Rebuild Spawning")
        case .imageSnapshot: Message("Snapshotting")
        case .imageUploading: Message("Image Uploading")
        case .shelving: Message("Shelving")
        case .shelvingImageUploading: Message("Shelving Image Uploading")
        case .shelvingOffloading: Message("Shelving Offloading")
        case .unshelving: Message("Unshelving")
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
