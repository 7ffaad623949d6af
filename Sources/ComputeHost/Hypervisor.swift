/// Defines and runs guests on one host. Every verb makes something so and may be repeated.
///
/// Calls block, for up to seconds, and may be made from any thread that may block. Domains that were not made through
/// this protocol are never listed and never touched.
public protocol Hypervisor: Sendable {
    var identity: HypervisorIdentity { get }

    /// Makes the domain's persistent definition equal to `spec`. A running domain keeps running; the definition takes
    /// effect when it is started next.
    func define(_ spec: DomainSpec) throws(HostError)

    /// Starts the domain; one that runs already is a success, one that is paused runs on, and one that was suspended
    /// goes on where it was. A kvm guest that pauses or dies at once is defined and started again as qemu, and the
    /// status carries a note.
    func start(_ instanceID: String) throws(HostError) -> DomainStatus

    /// Presses the guest's power button and returns at once; the guest may take its time or ignore it.
    func shutdown(_ instanceID: String) throws(HostError)

    /// Ends the guest as if its power cord were pulled. A domain that is off, or absent, is a success, and memory that
    /// was saved stays saved.
    func powerOff(_ instanceID: String) throws(HostError)

    /// Restarts the guest: `hard` from outside with its current definition, otherwise by asking the guest.
    func reboot(_ instanceID: String, hard: Bool) throws(HostError)

    /// Stops the guest's processors and keeps its memory. A domain that is paused already is a success; one that is off
    /// fails.
    func pause(_ instanceID: String) throws(HostError)

    /// Lets a paused guest go on. A domain that runs is a success; one that is off fails.
    func unpause(_ instanceID: String) throws(HostError)

    /// Saves the guest's memory to the host's disk and ends it, whether it runs or is paused; its power is `suspended`
    /// from then on, and the next `start` goes on where it was. A domain that is suspended already is a success; one
    /// that is off fails.
    func suspend(_ instanceID: String) throws(HostError)

    /// Throws away the memory that `suspend` saved, so that the next `start` boots. None, or no domain, is a success.
    func discardSavedState(_ instanceID: String) throws(HostError)

    /// Plugs an interface into the guest if it runs, and adds it to the definition for its next start. An interface
    /// with the same port is there already: a success.
    func attachInterface(_ interface: InterfaceSpec, to instanceID: String) throws(HostError)

    /// Takes the port's interface out of the guest if it runs, and out of the definition. An absent interface, or
    /// domain, is a success. `.busy` when the guest does not let go of the device now.
    func detachInterface(portID: String, from instanceID: String) throws(HostError)

    /// Ends the guest and forgets its definition and its saved memory. An absent domain is a success.
    func undefine(_ instanceID: String) throws(HostError)

    /// The domain's state, or nil when the host has no such domain.
    func status(of instanceID: String) throws(HostError) -> DomainStatus?

    /// The domains made through this protocol, by name.
    func domains() throws(HostError) -> [DomainStatus]

    /// The definition as the hypervisor holds it, or nil when the host has no such domain.
    func domainXML(of instanceID: String) throws(HostError) -> String?

    /// Connects to the guest's screen, which speaks RFB (RFC 6143) and asks for no password. Several may look at once.
    /// - Throws: `.failed` when the guest is off.
    func openDisplay(of instanceID: String) throws(HostError) -> ConsoleSocket

    /// Connects to the guest's first serial port. There is one connection at a time: a new one ends the one before it.
    /// What the guest writes is in its console log all the same.
    /// - Throws: `.failed` when the guest is off.
    func openSerial(of instanceID: String) throws(HostError) -> ConsoleSocket

    /// Compares the domain with what would be defined for `spec` now: in its persistent definition, and in the guest if
    /// it runs. Nil when the host has no such domain.
    func domainDrift(of instanceID: String, expected spec: DomainSpec) throws(HostError) -> DomainDrift?

    func capacity() throws(HostError) -> HostCapacity

    /// What the host has counted of each guest that runs, in one question for all of them.
    func statistics() throws(HostError) -> [DomainStatistics]

    /// Calls `sink` for each event, one at a time, on a thread of the host's. The sink must return soon and must not
    /// call the host.
    func observe(_ sink: @escaping @Sendable (DomainEvent) -> Void) -> HostSubscription
}
