/// What the owner has: nova's `vm_state`, the part that outlives any single action.
public enum VMState: String, Sendable, CaseIterable {
    case building, active, paused, suspended, stopped, rescued, resized, shelved
    case shelvedOffloaded = "shelved_offloaded"
    case error, deleted
}

/// What is being done to the instance now: nova's `task_state`, absent when nothing is.
public enum TaskState: String, Sendable, CaseIterable {
    case scheduling, networking
    case blockDeviceMapping = "block_device_mapping"
    case spawning
    case poweringOff = "powering-off"
    case poweringOn = "powering-on"
    case rebooting
    case rebootingHard = "rebooting_hard"
    case pausing, unpausing, suspending, resuming, rescuing, unrescuing
    case resizePrep = "resize_prep"
    case resizeMigrating = "resize_migrating"
    case resizeFinish = "resize_finish"
    case resizeConfirming = "resize_confirming"
    case resizeReverting = "resize_reverting"
    case rebuilding
    case rebuildBlockDeviceMapping = "rebuild_block_device_mapping"
    case rebuildSpawning = "rebuild_spawning"
    case imageSnapshot = "image_snapshot"
    case imageUploading = "image_uploading"
    case shelving
    case shelvingImageUploading = "shelving_image_uploading"
    case shelvingOffloading = "shelving_offloading"
    case unshelving
    case deleting
}

/// The two stored halves of an instance's state. What may follow what is `after(_:)`; nothing else changes it.
public struct InstanceState: Hashable, Sendable {
    /// What the owner has.
    public let vm: VMState
    /// What is being done; nil when nothing is.
    public let task: TaskState?

    /// Makes a state; not every pair can be reached.
    public init(_ vm: VMState, _ task: TaskState? = nil) {
        self.vm = vm
        self.task = task
    }

    /// What a new row starts as.
    public static let initial = InstanceState(.building, .scheduling)

    /// A settled state lasts until somebody asks for something or the host reports a change; any other has a job
    /// working on it. `building` without a task is nova's moment between scheduling and networking: the image is fetched.
    public var isSettled: Bool { task == nil && vm != .building }

    /// Every state that can be reached, for tables and tests.
    public static let reachable: [InstanceState] = VMState.allCases.flatMap { vm in
        [InstanceState(vm)] + tasks(in: vm).map { InstanceState(vm, $0) }
    }

    private static func tasks(in vm: VMState) -> [TaskState] {
        let resize: [TaskState] = [.resizePrep, .resizeMigrating, .resizeFinish]
        let rebuild: [TaskState] = [.rebuilding, .rebuildBlockDeviceMapping, .rebuildSpawning]
        let copy: [TaskState] = [.imageSnapshot, .imageUploading, .shelving, .shelvingImageUploading]
        switch vm {
        case .building: return [.scheduling, .networking, .blockDeviceMapping, .spawning, .deleting]
        case .active:
            return [.poweringOff, .rebooting, .rebootingHard, .pausing, .suspending, .rescuing] + resize + rebuild
                + copy + [.deleting]
        case .paused: return [.unpausing, .rebootingHard] + copy + [.deleting]
        case .suspended: return [.resuming, .rebootingHard] + copy + [.deleting]
        case .stopped: return [.poweringOn, .rebootingHard, .rescuing] + resize + rebuild + copy + [.deleting]
        case .rescued: return [.unrescuing, .deleting]
        case .resized: return [.resizeConfirming, .resizeReverting, .deleting]
        case .shelved: return [.shelvingOffloading, .unshelving, .deleting]
        case .shelvedOffloaded: return [.unshelving, .spawning, .deleting]
        case .error: return [.rebootingHard] + rebuild + [.deleting]
        case .deleted: return []
        }
    }
}

extension InstanceState: CustomStringConvertible {
    /// nova's names: `active/powering-off`, `stopped/-`.
    public var description: String { "\(vm.rawValue)/\(task?.rawValue ?? "-")" }
}
