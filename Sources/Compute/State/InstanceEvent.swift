/// What can happen to an instance.
public enum InstanceEvent: Hashable, Sendable {
    /// The steps of a build, in their order.
    case hostChosen, imageReady, portsBound, disksReady, domainStarted
    /// Somebody asked.
    case startRequested, stopRequested, softRebootRequested, hardRebootRequested, deleteRequested
    /// The hypervisor reported what the domain does, asked for or not.
    case powerObserved(ObservedPower)
    /// The reboot that was asked for has been carried out.
    case rebooted
    /// Domain, directory and ports are gone.
    case domainGone
    /// The job gave up.
    case failed

    /// Every event, for tables and tests.
    public static let all: [InstanceEvent] =
        [
            .hostChosen, .imageReady, .portsBound, .disksReady, .domainStarted,
            .startRequested, .stopRequested, .softRebootRequested, .hardRebootRequested, .deleteRequested,
        ] + ObservedPower.allCases.map(InstanceEvent.powerObserved) + [.rebooted, .domainGone, .failed]
}

/// A reported power state as far as it can move an instance. A pause nobody asked for is shown, but moves nothing,
/// as in nova's power synchronisation.
public enum ObservedPower: String, Sendable, CaseIterable {
    case running, off, crashed
}

/// What the service must do, in the transaction that stores the new state.
public enum InstanceEffect: Hashable, Sendable {
    case enqueue(InstanceJob)
    case stampLaunchedAt
    case stampDeletedAt
}

/// The kinds of background work on one instance; the raw value is the kind of the stored job.
public enum InstanceJob: String, Sendable, CaseIterable {
    case build = "compute.build"
    case start = "compute.start"
    case stop = "compute.stop"
    case reboot = "compute.reboot"
    case delete = "compute.delete"
    /// Takes away what a failed build could not, because the host did not answer then.
    case cleanUp = "compute.clean-up"
}
