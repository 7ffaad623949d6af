import CLibvirt
import ComputeHost
import Foundation
import Synchronization

/// Runs guests through libvirt, as persistent domains.
final class LibvirtHypervisor: Sendable {
    private struct State {
        /// The instances whose events are ours to tell.
        var instances: Set<String> = []
        /// Why kvm is not used although it was chosen.
        var accelerationFailure: String?
        /// Whether a kvm guest has run here.
        var isAccelerationProven = false
        /// The kvm guests that were started lately, and when.
        var trials: [String: ContinuousClock.Instant] = [:]
    }

    let identity: HypervisorIdentity
    let files: InstanceFiles
    let owner: String
    let observers = DomainObservers()
    let serialPorts = SerialPorts()
    private let state = Mutex(State())
    /// Set once, at the end of the initializer: its callbacks refer to us.
    private let connection = Mutex<LibvirtConnection?>(nil)

    /// Connects when it is first called, and again whenever libvirt was away; until then calls throw `.unavailable`.
    ///
    /// - Parameter revive: does what can be done for libvirt to answer, when it does not.
    init(
        identity: HypervisorIdentity, files: InstanceFiles, owner: String,
        revive: @escaping @Sendable () -> Void = {}
    ) {
        self.files = files
        self.owner = owner
        self.identity = identity
        let opened = LibvirtConnection(
            uri: identity.uri, onEvent: { [weak self] in self?.tell($0, $1, $2) },
            onReconnect: { [weak self] in self?.tellAll() }, revive: revive)
        connection.withLock { $0 = opened }
    }

    /// Learns which domains are ours, so that their events are told from now on, and lets libvirt look at the emulator,
    /// which takes seconds the first time, before somebody waits for it.
    ///
    /// - Throws: `.unavailable` when libvirt does not answer.
    func begin() throws(HostError) {
        _ = try domains()
        Thread.detachNewThread { [weak self] in _ = try? self?.capacity() }
    }

    /// Connects as soon as libvirt answers.
    func keepTrying() { connection.withLock { $0 }?.keepTrying() }

    func close() { connection.withLock { $0 }?.close() }

    func use<T>(_ body: (OpaquePointer) throws(HostError) -> T) throws(HostError) -> T { try connected().use(body) }

    /// A connection to keep.
    func lend() throws(HostError) -> OpenConnection { try connected().lend() }

    private func connected() throws(HostError) -> LibvirtConnection {
        guard let connection = connection.withLock({ $0 }) else { throw .unavailable("libvirt is not connected") }
        return connection
    }

    /// The type for new definitions: what was chosen, until a guest showed that it does not work here.
    var domainType: String { accelerationFailure == nil ? identity.domainType : "qemu" }

    var accelerationFailure: String? { state.withLock { $0.accelerationFailure } }

    func kvmFailed(_ reason: String) { state.withLock { $0.accelerationFailure = reason } }

    var isAccelerationProven: Bool { state.withLock { $0.isAccelerationProven } }

    func kvmHeld() { state.withLock { $0.isAccelerationProven = true } }

    func beginTrial(_ instanceID: String) { state.withLock { $0.trials[instanceID] = .now } }

    func isOnTrial(_ instanceID: String) -> Bool {
        state.withLock { state in
            state.trials = state.trials.filter { ContinuousClock.now - $0.value < Self.trialPeriod }
            return state.trials[instanceID] != nil
        }
    }

    func remember(_ instanceID: String) { state.withLock { _ = $0.instances.insert(instanceID) } }

    func forget(_ instanceID: String) {
        state.withLock { state in
            state.instances.remove(instanceID)
            state.trials[instanceID] = nil
        }
    }

    func isOurs(_ instanceID: String) -> Bool { state.withLock { $0.instances.contains(instanceID) } }

    /// Called on libvirt's event thread.
    private func tell(_ domain: OpaquePointer, _ event: Int32, _ detail: Int32) {
        let instanceID = DomainHandle.uuid(domain)
        judgeTrial(instanceID, event, detail)
        guard isOurs(instanceID), let (power, reason) = DomainStates.event(event, detail) else { return }
        let name = virDomainGetName(domain).map { String(cString: $0) } ?? ""
        observers.publish(
            DomainEvent(instanceID: instanceID, domainName: name, power: power, reason: reason))
    }

    /// After a time without libvirt: what happened meanwhile is not known, what is so now is.
    private func tellAll() {
        guard let domains = try? domains() else { return }
        for domain in domains {
            let reason: DomainEvent.Reason =
                switch domain.power {
                case .running: .started
                case .paused, .suspended: .paused
                case .crashed: .crashed
                case .shutdown, .noState: .destroyed
                }
            observers.publish(
                DomainEvent(
                    instanceID: domain.instanceID, domainName: domain.domainName, power: domain.power, reason: reason))
        }
    }
}
