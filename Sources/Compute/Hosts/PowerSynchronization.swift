import ComputeHost
import Database
import ServiceCore

/// Brings rows in line with what the hosts say: guests that were shut down from inside, crashed, were stopped by hand,
/// or vanished.
struct PowerSynchronization: Sendable {
    let work: InstanceWork

    /// Asks the host about one instance. What an event said is not used: it may be older than the row.
    /// - Throws: `HostError`, `DatabaseError`.
    func synchronize(_ id: ID<Instance>) throws {
        // The row may change while the host is asked; then what the host said is worth nothing and it is asked again.
        for _ in 0..<3 {
            guard let instance = try work.database.read({ try work.lifecycle.instances.find(id, in: $0) }),
                isObserved(instance.state), let host = instance.host,
                let hypervisor = work.hosts.services(on: host)?.hypervisor
            else { return }
            let status = try hypervisor.status(of: id.text)
            if try apply(status, to: instance, isSimulated: hypervisor.identity.isSimulated) { return }
        }
    }

    /// Applies what the host said about an instance as it was read before asking.
    /// - Returns: false when the row has changed since.
    func apply(_ status: DomainStatus?, to instance: Instance, isSimulated: Bool) throws -> Bool {
        guard isObserved(instance.state) else { return true }
        return try work.database.write { transaction in
            guard let current = try work.lifecycle.instances.find(instance.id, in: transaction),
                current.revision == instance.revision
            else { return false }
            if let status {
                try take(status, current, in: transaction)
            } else {
                try takeAbsence(current, isSimulated: isSimulated, in: transaction)
            }
            return true
        }
    }

    /// A settled instance may change by itself; one that is being shut off is waited for. All else is its job's affair.
    private func isObserved(_ state: InstanceState) -> Bool {
        switch (state.vm, state.task) {
        case (.active, .poweringOff): true
        case (.active, nil), (.paused, nil), (.suspended, nil), (.stopped, nil), (.rescued, nil), (.resized, nil): true
        default: false
        }
    }

    private func take(
        _ status: DomainStatus, _ instance: Instance, in transaction: borrowing Transaction
    ) throws {
        var seen = instance
        seen.absorb(status)
        let news =
            seen.powerState != instance.powerState || seen.domainType != instance.domainType
            || seen.note != instance.note
        let event = status.power.observed.map(InstanceEvent.powerObserved)
        if let event, try instance.state.after(event).state != instance.state {
            try work.lifecycle.apply(
                event, to: instance, requestID: RequestContext.newRequestID(), in: transaction
            ) { $0.absorb(status) }
        } else if news {
            try work.lifecycle.update(instance, in: transaction) { $0.absorb(status) }
        }
    }

    /// The host has no such domain. A simulated host forgets everything with the program, so the guest is started again.
    private func takeAbsence(
        _ instance: Instance, isSimulated: Bool, in transaction: borrowing Transaction
    ) throws {
        let lost = Message("The host did not know this instance any more. Starting it defines it again.")
        switch instance.state.vm {
        case .active, .paused, .suspended: break
        case .rescued, .resized:
            guard instance.powerState != .noState else { return }
            // Ending the rescue, or deciding about the resize, defines it again.
            try work.lifecycle.update(instance, in: transaction) {
                $0.powerState = .noState
                $0.note = lost
            }
            return
        default: return
        }
        let context = RequestContext.system("host")
        let wasRunning = instance.state == InstanceState(.active)
        let stopped = try work.lifecycle.apply(
            .powerObserved(.off), to: instance, requestID: context.requestID, in: transaction
        ) {
            $0.powerState = .noState
            $0.note = lost
        }
        guard isSimulated, wasRunning else { return }
        try work.lifecycle.history.beginAction(
            "start", on: instance.id, by: context, at: work.clock.now(), in: transaction)
        try work.lifecycle.apply(
            .startRequested, to: stopped, requestID: context.requestID, in: transaction
        ) {
            $0.note = Message("The simulated host forgot this instance when the program stopped; it is started again.")
        }
    }
}

extension Instance {
    /// What a host says about a domain it was not just told to start: an earlier note stays until there is another,
    /// unless it was about the domain being unknown, or paused.
    mutating func absorb(_ status: DomainStatus) {
        let isOver = powerState == .noState || powerState == .paused && status.power != .paused
        let earlier = isOver ? nil : note
        take(status)
        note = note ?? earlier
    }
}
