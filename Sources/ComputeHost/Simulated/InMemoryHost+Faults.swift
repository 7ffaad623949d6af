import Synchronization

/// What goes wrong on a real host, on request.
extension InMemoryHost {
    /// The `call`-th call of `verb` from now on (1 is the next) throws `error` and changes nothing.
    public func fail(_ verb: HostVerb, call: Int = 1, with error: HostError) {
        state.withLock { $0.faults.fail(verb, call: call, with: error) }
    }

    /// Every call of `verb` takes `duration` longer; nil ends that.
    public func delay(_ verb: HostVerb, by duration: Duration?) {
        state.withLock { $0.faults.delay(verb, by: duration) }
    }

    /// Every call throws `.unavailable(reason)`, as when libvirtd is stopped; nil ends that.
    public func setUnavailable(_ reason: String?) {
        state.withLock { $0.faults.unavailable = reason }
    }

    /// Forgets every arranged failure and delay.
    public func clearFaults() {
        state.withLock { $0.faults.clear() }
    }

    /// Calls `probe` on the caller's thread before and after each verb; nil ends that. No lock is held: the probe may
    /// keep the thread for as long as it likes, and what it returns is thrown.
    public func setProbe(_ probe: (@Sendable (HostVerb, VerbMoment) -> HostError?)?) {
        self.probe.withLock { $0 = probe }
    }

    /// Guests ignore `shutdown` from now on, as an operating system without ACPI does.
    public func setIgnoresPowerButton(_ ignores: Bool) {
        state.withLock { $0.ignoresPowerButton = ignores }
    }

    /// The domain vanishes without an event, as when its definition is removed while nobody listens.
    public func lose(_ instanceID: String) {
        state.withLock { _ = $0.domains.removeValue(forKey: instanceID) }
    }

    /// The guest powers itself off.
    public func powerOffFromInside(_ instanceID: String) {
        change(instanceID, to: .shutdown, .stoppedInside)
    }

    /// The guest's emulator dies.
    public func crash(_ instanceID: String) {
        change(instanceID, to: .crashed, .crashed)
    }

    /// The guest is paused by its hypervisor, because a disk could not be written.
    public func pauseOnError(_ instanceID: String) {
        change(instanceID, to: .paused, .pausedOnError, note: "Paused: the disk vda cannot be read or written.")
    }

    private func change(
        _ instanceID: String, to power: PowerState, _ reason: DomainEvent.Reason, note: String? = nil
    ) {
        let event = state.withLock { state -> DomainEvent? in
            guard let domain = state.domains[instanceID] else { return nil }
            state.domains[instanceID]?.power = power
            state.domains[instanceID]?.note = note
            return DomainEvent(
                instanceID: instanceID, domainName: domain.spec.domainName, power: power, reason: reason)
        }
        if let event { observers.publish(event) }
    }
}
