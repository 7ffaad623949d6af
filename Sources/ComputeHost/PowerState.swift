/// Whether a guest's processors run, with nova's numbers (nova/objects/fields.py, `InstancePowerState`).
public enum PowerState: Int, Codable, Hashable, Sendable, CaseIterable {
    /// The host knows nothing about the guest.
    case noState = 0
    case running = 1
    case paused = 3
    case shutdown = 4
    case crashed = 6
    case suspended = 7
}
