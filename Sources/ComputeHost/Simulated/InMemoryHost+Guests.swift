/// The verbs on a guest that runs or could go on.
extension InMemoryHost {
    /// See `Hypervisor`.
    public func pause(_ instanceID: String) throws(HostError) {
        try perform(.pause) { state, events throws(HostError) in
            let domain = try requireOn(instanceID, in: state)
            guard domain.power == .running else { return }
            state.domains[instanceID]?.power = .paused
            events.append(event(domain.spec, .paused, .paused))
        }
    }

    /// See `Hypervisor`.
    public func unpause(_ instanceID: String) throws(HostError) {
        try perform(.unpause) { state, events throws(HostError) in
            let domain = try requireOn(instanceID, in: state)
            guard domain.power == .paused else { return }
            run(domain.spec, .resumed, &state, &events)
        }
    }

    /// See `Hypervisor`.
    public func suspend(_ instanceID: String) throws(HostError) {
        try perform(.suspend) { state, events throws(HostError) in
            if try require(instanceID, in: state).power == .suspended { return }
            let domain = try requireOn(instanceID, in: state)
            state.domains[instanceID] = Domain(spec: domain.spec, power: .suspended)
            events.append(event(domain.spec, .suspended, .suspended))
        }
    }

    /// See `Hypervisor`.
    public func discardSavedState(_ instanceID: String) throws(HostError) {
        try perform(.discardSavedState) { state, _ throws(HostError) in
            if state.domains[instanceID]?.power == .suspended { state.domains[instanceID]?.power = .shutdown }
        }
    }

    /// See `Hypervisor`.
    public func attachInterface(_ interface: InterfaceSpec, to instanceID: String) throws(HostError) {
        try perform(.attachInterface) { state, _ throws(HostError) in
            let domain = try require(instanceID, in: state)
            if domain.spec.interfaces.contains(where: { $0.portID == interface.portID }) { return }
            state.domains[instanceID]?.spec.interfaces.append(interface)
        }
    }

    /// See `Hypervisor`.
    public func detachInterface(portID: String, from instanceID: String) throws(HostError) {
        try perform(.detachInterface) { state, _ throws(HostError) in
            state.domains[instanceID]?.spec.interfaces.removeAll { $0.portID == portID }
        }
    }

    private func requireOn(_ instanceID: String, in state: State) throws(HostError) -> Domain {
        let domain = try require(instanceID, in: state)
        guard domain.isOn else {
            throw .failed("\(domain.spec.domainName) is not running", remedy: "Start the instance.")
        }
        return domain
    }
}
