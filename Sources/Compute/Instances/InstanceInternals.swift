public import ServiceCore

/// What only administrators are told of an instance: where it is and what was said there (nova: OS-EXT-SRV-ATTR, and
/// the details of a fault).
public struct InstanceInternals: Sendable, Hashable {
    /// Nil until the scheduler has chosen, and while the instance is shelved.
    public let host: String?
    /// The cause of the fault in the words of the host or the service that refused; nil without a fault.
    public let faultDetails: String?
}

extension ComputeService {
    /// Nil for callers whose role does not let them know.
    public func internals(of instance: Instance, as context: RequestContext) -> InstanceInternals? {
        seesInternals(context) ? internals(of: instance) : nil
    }

    func internals(of instance: Instance) -> InstanceInternals {
        InstanceInternals(host: instance.host, faultDetails: instance.fault?.details)
    }

    /// Whether the caller is told where instances are.
    public func seesHosts(_ context: RequestContext) -> Bool { seesInternals(context) }

    func seesInternals(_ context: RequestContext) -> Bool {
        ComputePolicy.policy.allows(ComputePolicy.extendedAttributes, context)
    }
}

extension InstanceStep {
    /// The same for owners: which host was chosen is left out.
    var withoutHost: InstanceStep {
        guard phase == .schedule, outcome == .success else { return self }
        return InstanceStep(
            phase: phase, startedAt: startedAt, endedAt: endedAt, outcome: outcome, attempts: attempts, detail: nil)
    }
}

extension InstanceActionRecord {
    /// The same with what owners may know of hosts.
    func withHostIDs(ofProject projectID: String) -> InstanceActionRecord {
        var copy = self
        if copy.projectID == nil { copy.projectID = projectID }
        for index in copy.events.indices {
            copy.events[index].hostID = Instance.hostID(copy.events[index].host, ofProject: projectID)
        }
        return copy
    }

    /// The same for owners: where each step was done is left out (nova names the host since 2.62, to administrators).
    var withoutHosts: InstanceActionRecord {
        var copy = self
        copy.events = events.map { event in
            InstanceActionEvent(
                event: event.event, host: nil, hostID: event.hostID, startedAt: event.startedAt,
                finishedAt: event.finishedAt,
                outcome: event.outcome)
        }
        return copy
    }
}
