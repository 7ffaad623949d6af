/// Defines and runs guests on one host. Every verb makes something so and may be repeated.
///
/// Calls block, for up to seconds, and may be made from any thread that may block. Domains that were not made through
/// this protocol are never listed and never touched.
public protocol Hypervisor: Sendable {
    var identity: HypervisorIdentity { get }

    /// Makes the domain's persistent definition equal to `spec`. A running domain keeps running; the definition takes
    /// effect when it is started next.
    func define(_ spec: DomainSpec) throws(HostError)

    /// Starts the domain; one that runs already is a success. A kvm guest that pauses or dies at once is defined and
    /// started again as qemu, and the status carries a note.
    func start(_ instanceID: String) throws(HostError) -> DomainStatus

    /// Presses the guest's power button and returns at once; the guest may take its time or ignore it.
    func shutdown(_ instanceID: String) throws(HostError)

    /// Ends the guest as if its power cord were pulled. A domain that is off, or absent, is a success.
    func powerOff(_ instanceID: String) throws(HostError)

    /// Restarts the guest: `hard` from outside with its current definition, otherwise by asking the guest.
    func reboot(_ instanceID: String, hard: Bool) throws(HostError)

    /// Ends the guest and forgets its definition. An absent domain is a success.
    func undefine(_ instanceID: String) throws(HostError)

    /// The domain's state, or nil when the host has no such domain.
    func status(of instanceID: String) throws(HostError) -> DomainStatus?

    /// The domains made through this protocol, by name.
    func domains() throws(HostError) -> [DomainStatus]

    /// The definition as the hypervisor holds it, or nil when the host has no such domain.
    func domainXML(of instanceID: String) throws(HostError) -> String?

    func capacity() throws(HostError) -> HostCapacity

    /// What the host has counted of each guest that runs, in one question for all of them.
    func statistics() throws(HostError) -> [DomainStatistics]

    /// Calls `sink` for each event, one at a time, on a thread of the host's. The sink must return soon and must not
    /// call the host.
    func observe(_ sink: @escaping @Sendable (DomainEvent) -> Void) -> HostSubscription
}
