/// What can happen to an instance.
public enum InstanceEvent: Hashable, Sendable {
    /// The steps of a build, in their order.
    case hostChosen, imageReady, portsBound, disksReady, domainStarted
    /// Somebody asked.
    case startRequested, stopRequested, softRebootRequested, hardRebootRequested, deleteRequested
    case pauseRequested, unpauseRequested, suspendRequested, resumeRequested, rescueRequested, unrescueRequested
    case resizeRequested, confirmResizeRequested, revertResizeRequested
    case rebuildRequested, snapshotRequested, shelveRequested, unshelveRequested
    /// The hypervisor reported what the domain does, asked for or not.
    case powerObserved(ObservedPower)
    /// What was asked for in one step has been carried out.
    case rebooted, paused, unpaused, suspended, resumed, rescued, unrescued
    /// The steps of a resize: the guest is off and its room is there, the old disk is kept, the guest has its new size;
    /// then what the owner decided has been carried out.
    case resizePrepared, diskKept, resized, resizeConfirmed, resizeReverted
    /// The steps of a rebuild; `disksReady` comes between them.
    case guestRemoved, rebuilt
    /// The steps of a snapshot, of which shelving is one with a beginning and an end of its own.
    case diskCopied, imageStored, guestStopped, offloaded
    /// Domain, directory and ports are gone.
    case domainGone
    /// The job gave up.
    case failed
    /// The job gave up half-way, and could not bring the instance back to where it was.
    case broken

    /// Every event, for tables and tests.
    public static let all: [InstanceEvent] =
        [
            .hostChosen, .imageReady, .portsBound, .disksReady, .domainStarted,
            .startRequested, .stopRequested, .softRebootRequested, .hardRebootRequested, .deleteRequested,
            .pauseRequested, .unpauseRequested, .suspendRequested, .resumeRequested, .rescueRequested,
            .unrescueRequested, .resizeRequested, .confirmResizeRequested, .revertResizeRequested, .rebuildRequested,
            .snapshotRequested, .shelveRequested, .unshelveRequested,
        ] + ObservedPower.allCases.map(InstanceEvent.powerObserved) + [
            .rebooted, .paused, .unpaused, .suspended, .resumed, .rescued, .unrescued, .resizePrepared, .diskKept,
            .resized, .resizeConfirmed, .resizeReverted, .guestRemoved, .rebuilt, .diskCopied, .imageStored,
            .guestStopped, .offloaded, .domainGone, .failed, .broken,
        ]
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
    case pause = "compute.pause"
    case unpause = "compute.unpause"
    case suspend = "compute.suspend"
    case resume = "compute.resume"
    case rescue = "compute.rescue"
    case unrescue = "compute.unrescue"
    case resize = "compute.resize"
    case confirmResize = "compute.confirm-resize"
    case revertResize = "compute.revert-resize"
    case rebuild = "compute.rebuild"
    case snapshot = "compute.snapshot"
    case shelve = "compute.shelve"
    case unshelve = "compute.unshelve"
    case attachInterface = "compute.attach-interface"
    case detachInterface = "compute.detach-interface"
    case delete = "compute.delete"
    /// Takes away what a failed build could not, because the host did not answer then.
    case cleanUp = "compute.clean-up"
}
