/// What the owner has: nova's `vm_state`, the part that outlives any single action.
public enum VMState: String, Sendable, CaseIterable {
    case building, active, stopped, error, deleted
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
    public static let reachable: [InstanceState] = [
        .initial, .init(.building), .init(.building, .networking), .init(.building, .blockDeviceMapping),
        .init(.building, .spawning), .init(.building, .deleting),
        .init(.active), .init(.active, .poweringOff), .init(.active, .rebooting), .init(.active, .rebootingHard),
        .init(.active, .deleting),
        .init(.stopped), .init(.stopped, .poweringOn), .init(.stopped, .rebootingHard), .init(.stopped, .deleting),
        .init(.error), .init(.error, .deleting),
        .init(.deleted),
    ]
}

extension InstanceState: CustomStringConvertible {
    /// nova's names: `active/powering-off`, `stopped/-`.
    public var description: String { "\(vm.rawValue)/\(task?.rawValue ?? "-")" }
}
