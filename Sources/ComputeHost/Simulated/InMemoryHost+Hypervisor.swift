extension InMemoryHost: Hypervisor {
    /// See `Hypervisor`.
    public func define(_ spec: DomainSpec) throws(HostError) {
        try InstanceID.check(spec.instanceID)
        try perform(.define) { state, events throws(HostError) in
            let taken = state.domains.values.contains {
                $0.spec.domainName == spec.domainName && $0.spec.instanceID != spec.instanceID
            }
            if taken {
                throw .failed("another instance's domain is named \(spec.domainName)", remedy: nil)
            }
            let power = state.domains[spec.instanceID]?.power ?? .shutdown
            state.domains[spec.instanceID] = Domain(spec: spec, power: power)
            events.append(event(spec, power, .defined))
        }
    }

    /// See `Hypervisor`.
    public func start(_ instanceID: String) throws(HostError) -> DomainStatus {
        try perform(.start) { state, events throws(HostError) in
            let domain = try require(instanceID, in: state)
            if domain.power != .running {
                guard state.disks[instanceID] != nil else {
                    throw .failed(
                        "\(domain.spec.domainName) has no disk", remedy: "Delete the instance and launch it again.")
                }
                boot(domain.spec, &state, &events)
            }
            return status(domain.spec, .running)
        }
    }

    /// See `Hypervisor`.
    public func shutdown(_ instanceID: String) throws(HostError) {
        try perform(.shutdown) { state, events throws(HostError) in
            let domain = try require(instanceID, in: state)
            guard domain.power == .running, !state.ignoresPowerButton else { return }
            state.domains[instanceID]?.power = .shutdown
            state.consoles[instanceID]?.append(contentsOf: SimulatedConsole.powerDown)
            events.append(event(domain.spec, .shutdown, .stoppedInside))
        }
    }

    /// See `Hypervisor`.
    public func powerOff(_ instanceID: String) throws(HostError) {
        try perform(.powerOff) { state, events throws(HostError) in
            stop(instanceID, &state, &events)
        }
    }

    /// See `Hypervisor`.
    public func reboot(_ instanceID: String, hard: Bool) throws(HostError) {
        try perform(.reboot) { state, events throws(HostError) in
            let domain = try require(instanceID, in: state)
            if hard {
                stop(instanceID, &state, &events)
            } else {
                guard domain.power == .running else {
                    throw .failed("\(domain.spec.domainName) is not running", remedy: "Start the instance.")
                }
                if state.ignoresPowerButton { return }
            }
            boot(domain.spec, &state, &events)
        }
    }

    /// See `Hypervisor`.
    public func undefine(_ instanceID: String) throws(HostError) {
        try perform(.undefine) { state, events throws(HostError) in
            stop(instanceID, &state, &events)
            if let domain = state.domains.removeValue(forKey: instanceID) {
                events.append(event(domain.spec, .noState, .undefined))
            }
        }
    }

    /// See `Hypervisor`.
    public func status(of instanceID: String) throws(HostError) -> DomainStatus? {
        try perform(.status) { state, _ throws(HostError) in
            state.domains[instanceID].map { status($0.spec, $0.power) }
        }
    }

    /// See `Hypervisor`.
    public func domains() throws(HostError) -> [DomainStatus] {
        try perform(.domains) { state, _ throws(HostError) in
            state.domains.values.map { status($0.spec, $0.power) }.sorted { $0.domainName < $1.domainName }
        }
    }

    /// See `Hypervisor`.
    public func domainXML(of instanceID: String) throws(HostError) -> String? {
        try perform(.domainXML) { state, _ throws(HostError) in
            guard let spec = state.domains[instanceID]?.spec else { return nil }
            return """
                <domain type="simulated">
                  <name>\(spec.domainName)</name>
                  <uuid>\(spec.instanceID)</uuid>
                  <memory unit="MiB">\(spec.memoryMiB)</memory>
                  <vcpu>\(spec.vcpus)</vcpu>
                </domain>

                """
        }
    }

    /// What the host has and how much of it is in use.
    public func capacity() throws(HostError) -> HostCapacity {
        try perform(.capacity) { state, _ throws(HostError) in
            var capacity = size
            for domain in state.domains.values {
                capacity.diskGiBUsed += domain.spec.diskGiB
                guard domain.power == .running || domain.power == .paused else { continue }
                capacity.vcpusUsed += domain.spec.vcpus
                capacity.memoryMiBUsed += domain.spec.memoryMiB
                capacity.runningDomains += 1
            }
            return capacity
        }
    }

    /// See `Hypervisor`.
    public func observe(_ sink: @escaping @Sendable (DomainEvent) -> Void) -> HostSubscription {
        observers.add(sink)
    }

    private func require(_ instanceID: String, in state: State) throws(HostError) -> Domain {
        guard let domain = state.domains[instanceID] else {
            throw .notFound("the host has no domain of instance \(instanceID)")
        }
        return domain
    }

    private func boot(_ spec: DomainSpec, _ state: inout State, _ events: inout [DomainEvent]) {
        state.domains[spec.instanceID]?.power = .running
        state.consoles[spec.instanceID] = SimulatedConsole.boot(spec, drive: state.drives[spec.instanceID])
        events.append(event(spec, .running, .started))
    }

    private func stop(_ instanceID: String, _ state: inout State, _ events: inout [DomainEvent]) {
        guard let domain = state.domains[instanceID], ![.shutdown, .crashed].contains(domain.power) else { return }
        state.domains[instanceID]?.power = .shutdown
        events.append(event(domain.spec, .shutdown, .destroyed))
    }

    private func status(_ spec: DomainSpec, _ power: PowerState) -> DomainStatus {
        DomainStatus(
            instanceID: spec.instanceID, domainName: spec.domainName, power: power, domainType: "simulated")
    }

    private func event(_ spec: DomainSpec, _ power: PowerState, _ reason: DomainEvent.Reason) -> DomainEvent {
        DomainEvent(instanceID: spec.instanceID, domainName: spec.domainName, power: power, reason: reason)
    }
}
