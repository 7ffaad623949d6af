/// The calls a host answers, by name, so that a fault can be arranged for one of them.
public enum HostVerb: String, Hashable, Sendable, CaseIterable {
    case define, start, shutdown, powerOff, reboot, undefine, status, domains, domainXML, capacity, statistics
    case domainDrift, pause, unpause, suspend, discardSavedState, attachInterface, detachInterface
    case fetchBase, createDisk, createConfigDrive, deleteInstance, instances, consoleLog, diskInformation
    case removeUnusedBases, growDisk, deleteDisk, keepDisk, restoreKeptDisk, dropKeptDisk
    case createRescueDisk, deleteRescueDisk, snapshotDisk
    case attachment, applyNetwork, removeNetwork, applyRouter, removeRouter, removeUnusedNetworks, inspectNetwork
    case openMetadataListener
    case openDisplay, openSerial
}

/// The moments of a call that a probe sees.
public enum VerbMoment: Hashable, Sendable {
    /// Nothing has been done yet.
    case begun
    /// It has been done, and the caller does not know yet.
    case done
}

/// What is arranged to go wrong.
struct FaultPlan {
    /// For each verb: how many more calls go well, then the error.
    private var failures: [HostVerb: [(callsLeft: Int, error: HostError)]] = [:]
    private var delays: [HostVerb: Duration] = [:]
    var unavailable: String?

    mutating func fail(_ verb: HostVerb, call: Int, with error: HostError) {
        failures[verb, default: []].append((max(1, call), error))
    }

    mutating func delay(_ verb: HostVerb, by duration: Duration?) { delays[verb] = duration }

    mutating func clear() { self = FaultPlan() }

    /// What the call that begins now must wait for and answer with.
    mutating func begin(_ verb: HostVerb) -> (delay: Duration?, error: HostError?) {
        let delay = delays[verb]
        if let unavailable { return (delay, .unavailable(unavailable)) }
        guard var planned = failures[verb] else { return (delay, nil) }
        for index in planned.indices { planned[index].callsLeft -= 1 }
        let due = planned.first { $0.callsLeft <= 0 }?.error
        planned.removeAll { $0.callsLeft <= 0 }
        failures[verb] = planned.isEmpty ? nil : planned
        return (delay, due)
    }
}
