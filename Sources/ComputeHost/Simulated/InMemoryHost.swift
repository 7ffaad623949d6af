import Glibc
import Synchronization

/// A host that only remembers: nothing runs, nothing is written, and everything is gone with the object.
///
/// It behaves as `LibvirtHost` does as far as a caller can see; the same contract tests hold for both. It serves where
/// no hypervisor is, and as the host of the services' tests, for which it fails, waits and loses things on request.
/// Events are delivered before the verb that caused them returns.
public final class InMemoryHost: Sendable {
    struct Domain {
        var spec: DomainSpec
        var power: PowerState
        /// What paused the guest, when nobody asked for it.
        var note: String?

        /// The guest has processors and memory of the host's.
        var isOn: Bool { power == .running || power == .paused }
    }

    struct State {
        var domains: [String: Domain] = [:]
        var bases: [String: BaseFile] = [:]
        var disks: [String: DiskSpec] = [:]
        var keptDisks: [String: DiskSpec] = [:]
        var rescueDisks: [String: DiskSpec] = [:]
        var drives: [String: ConfigDriveSpec] = [:]
        var consoles: [String: [UInt8]] = [:]
        var networks: [String: NetworkSpec] = [:]
        var routers: [String: RouterSpec] = [:]
        var faults = FaultPlan()
        var ignoresPowerButton = false
        var meters = SimulatedMeters()
    }

    /// Who this host is.
    public let identity: HypervisorIdentity
    let size: HostCapacity
    let imagesDirectory: String?
    let observers = DomainObservers()
    let serialPorts = SimulatedSerialPorts()
    let state = Mutex(State())
    let probe = Mutex<(@Sendable (HostVerb, VerbMoment) -> HostError?)?>(nil)

    /// - Parameters:
    ///   - reason: why nothing real is used; shown to people.
    ///   - imagesDirectory: where the files of the images are, named by id; nil accepts every image.
    ///   - vcpus, memoryMiB, diskGiB: what the host pretends to have.
    public init(
        hostname: String = "simulated", reason: String = "chosen by the caller", imagesDirectory: String? = nil,
        vcpus: Int = 16, memoryMiB: Int = 32_768, diskGiB: Int = 500
    ) {
        identity = HypervisorIdentity(
            hostname: hostname, uri: "simulated", driver: "simulated", domainType: "simulated", reason: reason)
        size = HostCapacity(
            vcpus: vcpus, vcpusUsed: 0, memoryMiB: memoryMiB, memoryMiBUsed: 0, diskGiB: diskGiB, diskGiBUsed: 0,
            runningDomains: 0, hypervisorType: "simulated", hypervisorVersion: 1_000_000)
        self.imagesDirectory = imagesDirectory
    }

    /// This host in all its roles.
    public var services: HostServices {
        HostServices(hypervisor: self, disks: self, networks: self, images: ImageHeaderInspector())
    }

    /// Runs `body` on the state, after the delay or instead of the error arranged for `verb`, and tells the observers
    /// of the events it returns once the state is unlocked.
    func perform<T>(
        _ verb: HostVerb, _ body: (inout State, inout [DomainEvent]) throws(HostError) -> T
    ) throws(HostError) -> T {
        let (delay, error) = state.withLock { $0.faults.begin(verb) }
        if let delay { wait(delay) }
        if let error { throw error }
        try look(verb, .begun)
        var events: [DomainEvent] = []
        let result = try state.withLock { state throws(HostError) in try body(&state, &events) }
        for event in events { observers.publish(event) }
        try look(verb, .done)
        return result
    }

    private func look(_ verb: HostVerb, _ moment: VerbMoment) throws(HostError) {
        let probe = probe.withLock { $0 }
        if let error = probe?(verb, moment) { throw error }
    }

    private func wait(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var pause = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        var left = timespec()
        while nanosleep(&pause, &left) != 0, errno == EINTR { pause = left }
    }
}
