public import ServiceCore

/// One step of an action on an instance, as nova's `os-instance-actions` lists it.
public struct InstanceActionEvent: Sendable, Hashable {
    /// nova's name of the step: compute_stop_instance, compute_prep_resize, …
    public let event: String
    /// Where it was done; nil for an instance that was on no host then, and for others than administrators.
    public let host: String?
    /// What tells owners whether two steps were done on one host (nova: `hostId`).
    public var hostID: String?
    /// When it began.
    public let startedAt: Timestamp
    /// When it was over; nil while it runs.
    public let finishedAt: Timestamp?
    /// How far it is.
    public let outcome: InstanceActionRecord.Outcome
}

extension InstanceState {
    /// nova's name of the step that this state is (the compute manager's methods, `wrap_instance_event`); nil when
    /// nothing is done, and for a launch, whose phases are recorded as such.
    var stepName: String? {
        switch task {
        case .spawning where vm == .shelvedOffloaded, .unshelving: "compute_unshelve_instance"
        case nil, .scheduling, .networking, .blockDeviceMapping, .spawning: nil
        case .poweringOff: "compute_stop_instance"
        case .poweringOn: "compute_start_instance"
        case .rebooting, .rebootingHard: "compute_reboot_instance"
        case .pausing: "compute_pause_instance"
        case .unpausing: "compute_unpause_instance"
        case .suspending: "compute_suspend_instance"
        case .resuming: "compute_resume_instance"
        case .rescuing: "compute_rescue_instance"
        case .unrescuing: "compute_unrescue_instance"
        case .resizePrep: "compute_prep_resize"
        case .resizeMigrating: "compute_resize_instance"
        case .resizeFinish: "compute_finish_resize"
        case .resizeConfirming: "compute_confirm_resize"
        case .resizeReverting: "compute_revert_resize"
        case .rebuilding, .rebuildBlockDeviceMapping, .rebuildSpawning: "compute_rebuild_instance"
        case .imageSnapshot, .imageUploading: "compute_snapshot_instance"
        case .shelving, .shelvingImageUploading: "compute_shelve_instance"
        case .shelvingOffloading: "compute_shelve_offload_instance"
        case .deleting: "compute_terminate_instance"
        }
    }
}
