public import ServiceCore

/// The phases of a launch, in the order in which they happen. Each is recorded with start, end and outcome.
public enum LaunchPhase: String, Sendable, CaseIterable {
    /// The request's token was checked.
    case authenticate
    /// The request was accepted: row and job written in one transaction.
    case api
    /// A host was chosen.
    case schedule
    /// The host has a raw copy of the image.
    case image
    /// Ports with addresses exist.
    case network
    /// The root disk, and the config drive when there is one, exist.
    case blockDevice = "block_device_mapping"
    /// The domain is defined and runs.
    case spawn

    /// The phase for people.
    public var name: Message {
        switch self {
        case .authenticate: Message("Authenticate")
        case .api: Message("Accept the request")
        case .schedule: Message("Choose a host")
        case .image: Message("Fetch the image")
        case .network: Message("Set up networking")
        case .blockDevice: Message("Prepare the disks")
        case .spawn: Message("Start the guest")
        }
    }

    /// The phase a building instance is in; nil when it is not being built.
    init?(of state: InstanceState) {
        switch (state.vm, state.task) {
        case (.building, .scheduling): self = .schedule
        case (.building, nil): self = .image
        case (.building, .networking): self = .network
        case (.building, .blockDeviceMapping): self = .blockDevice
        case (.building, .spawning): self = .spawn
        default: return nil
        }
    }

    /// The event that ends the phase well; nil for those that are over when the row is written.
    var completion: InstanceEvent? {
        switch self {
        case .authenticate, .api: nil
        case .schedule: .hostChosen
        case .image: .imageReady
        case .network: .portsBound
        case .blockDevice: .disksReady
        case .spawn: .domainStarted
        }
    }
}

/// One recorded phase of a launch.
public struct InstanceStep: Sendable {
    /// Which phase.
    public let phase: LaunchPhase
    /// When it was first begun.
    public let startedAt: Timestamp
    /// When it was over; nil while it runs.
    public let endedAt: Timestamp?
    /// How far it is.
    public let outcome: Outcome
    /// How often it was begun; more than once after the program was stopped in the middle.
    public let attempts: Int
    /// What came of it: "linux-node1", "192.168.56.7"; after a failure, why.
    public let detail: Message?

    /// How far a step is.
    public enum Outcome: String, Sendable { case running, success, error }
}
