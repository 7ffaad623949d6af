import CLibvirt
import ComputeHost
import Glibc
import Synchronization

/// Runs guests through libvirt, as persistent domains.
final class LibvirtHypervisor: Sendable {
    private struct State {
        /// The instances whose events are ours to tell.
        var instances: Set<String> = []
        /// Why kvm is not used although it was chosen.
        var accelerationFailure: String?
        /// The kvm guests that were started lately, and when.
        var trials: [String: ContinuousClock.Instant] = [:]
    }

    let identity: HypervisorIdentity
    let files: InstanceFiles
    let owner: String
    let observers = DomainObservers()
    private let state = Mutex(State())
    private let box: ConnectionBox

    /// The connection and the hypervisor refer to each other; the box is filled once, before anything is called.
    private final class ConnectionBox: Sendable {
        let connection = Mutex<LibvirtConnection?>(nil)
    }

    /// - Parameter identity: what was chosen; an empty host name is replaced by the one that libvirt gives.
    init(identity: HypervisorIdentity, files: InstanceFiles, owner: String) throws(HostError) {
        self.files = files
        self.owner = owner
        box = ConnectionBox()
        var identity = identity
        let uri = identity.uri
        if identity.hostname.isEmpty {
            let probe = LibvirtConnection(uri: uri)
            identity.hostname = try probe.use { connect throws(HostError) in Self.hostname(connect) }
            probe.close()
        }
        self.identity = identity
        let connection = LibvirtConnection(
            uri: uri, onEvent: { [weak self] in self?.tell($0, $1, $2) }, onReconnect: { [weak self] in self?.tellAll() })
        box.connection.withLock { $0 = connection }
        // Learns which domains are ours, so that their events are told from the start.
        _ = try domains()
    }

    func close() { box.connection.withLock { $0 }?.close() }

    func use<T>(_ body: (OpaquePointer) throws(HostError) -> T) throws(HostError) -> T {
        guard let connection = box.connection.withLock({ $0 }) else { throw .unavailable("libvirt is not connected") }
        return try connection.use(body)
    }

    /// The type for new definitions: what was chosen, until a guest showed that it does not work here.
    var domainType: String { accelerationFailure == nil ? identity.domainType : "qemu" }

    var accelerationFailure: String? { state.withLock { $0.accelerationFailure } }

    func kvmFailed(_ reason: String) { state.withLock { $0.accelerationFailure = reason } }

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

    private static func hostname(_ connect: OpaquePointer) -> String {
        if let text = virConnectGetHostname(connect) {
            defer { daybreak_libvirt_free(text) }
            return String(cString: text)
        }
        return HostFacts.hostname()
    }
}
