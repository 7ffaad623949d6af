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
            var domain = state.domains[spec.instanceID] ?? Domain(spec: spec, power: .shutdown)
            domain.spec = spec
            state.domains[spec.instanceID] = domain
            let power = domain.power
            events.append(event(spec, power, .defined))
        }
    }

    /// See `Hypervisor`.
    public func start(_ instanceID: String) throws(HostError) -> DomainStatus {
        try perform(.start) { state, events throws(HostError) in
            let domain = try require(instanceID, in: state)
            switch domain.power {
            case .running: break
            case .paused: run(domain.spec, .resumed, &state, &events)
            case .suspended: run(domain.spec, .started, &state, &events)
            case .shutdown, .crashed, .noState:
                try requireDisks(domain.spec, in: state)
                boot(domain.spec, &state, &events)
            }
            return status(Domain(spec: domain.spec, power: .running))
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
                try requireDisks(domain.spec, in: state)
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
            state.domains[instanceID].map(status)
        }
    }

    /// See `Hypervisor`.
    public func domains() throws(HostError) -> [DomainStatus] {
        try perform(.domains) { state, _ throws(HostError) in
            state.domains.values.map(status).sorted { $0.domainName < $1.domainName }
        }
    }

    /// See `Hypervisor`.
    public func domainXML(of instanceID: String) throws(HostError) -> String? {
        try perform(.domainXML) { state, _ throws(HostError) in
            state.domains[instanceID].map { SimulatedDefinition.text($0.spec) }
        }
    }

    /// See `Hypervisor`.
    public func domainDrift(of instanceID: String, expected spec: DomainSpec) throws(HostError) -> DomainDrift? {
        try perform(.domainDrift) { state, _ throws(HostError) in
            state.domains[instanceID].map { SimulatedDefinition.drift(of: $0.spec, expected: spec) }
        }
    }

    /// What the host has and how much of it is in use.
    public func capacity() throws(HostError) -> HostCapacity {
        try perform(.capacity) { state, _ throws(HostError) in
            var capacity = size
            for domain in state.domains.values {
                capacity.diskGiBUsed += domain.spec.diskGiB
                guard domain.isOn else { continue }
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
}

extension InMemoryHost {
    func require(_ instanceID: String, in state: State) throws(HostError) -> Domain {
        guard let domain = state.domains[instanceID] else {
            throw .notFound("the host has no domain of instance \(instanceID)")
        }
        return domain
    }

    private func requireDisks(_ spec: DomainSpec, in state: State) throws(HostError) {
        guard state.disks[spec.instanceID] != nil else {
            throw .failed("\(spec.domainName) has no disk", remedy: "Delete the instance and launch it again.")
        }
        guard spec.rescueImageID == nil || state.rescueDisks[spec.instanceID] != nil else {
            throw .failed("\(spec.domainName) has no rescue disk", remedy: "Unrescue the instance.")
        }
    }

    private func boot(_ spec: DomainSpec, _ state: inout State, _ events: inout [DomainEvent]) {
        state.consoles[spec.instanceID] = SimulatedConsole.boot(spec, drive: state.drives[spec.instanceID])
        run(spec, .started, &state, &events)
    }

    func run(
        _ spec: DomainSpec, _ reason: DomainEvent.Reason, _ state: inout State, _ events: inout [DomainEvent]
    ) {
        state.domains[spec.instanceID] = Domain(spec: spec, power: .running)
        events.append(event(spec, .running, reason))
    }

    private func stop(_ instanceID: String, _ state: inout State, _ events: inout [DomainEvent]) {
        guard let domain = state.domains[instanceID], domain.isOn else { return }
        state.domains[instanceID] = Domain(spec: domain.spec, power: .shutdown)
        events.append(event(domain.spec, .shutdown, .destroyed))
    }

    private func status(_ domain: Domain) -> DomainStatus {
        DomainStatus(
            instanceID: domain.spec.instanceID, domainName: domain.spec.domainName, power: domain.power,
            domainType: "simulated", note: domain.note)
    }

    func event(_ spec: DomainSpec, _ power: PowerState, _ reason: DomainEvent.Reason) -> DomainEvent {
        DomainEvent(instanceID: spec.instanceID, domainName: spec.domainName, power: power, reason: reason)
    }
}
