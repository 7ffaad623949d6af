/// Whether a guest's processors run, with nova's numbers (nova/objects/fields.py, `InstancePowerState`).
public enum PowerState: Int, Codable, Hashable, Sendable, CaseIterable {
    /// The host knows nothing about the guest.
    case noState = 0
    case running = 1
    case paused = 3
    case shutdown = 4
    case crashed = 6
    /// The guest's memory is saved and nothing runs; the next start goes on from there.
    case suspended = 7

    /// Nothing of the guest is left to go on with: it is off, has crashed, or was never there.
    public var isOff: Bool { self == .shutdown || self == .crashed || self == .noState }
}
