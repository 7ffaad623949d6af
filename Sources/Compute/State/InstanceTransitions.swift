/// The state an event leads to, and what must be done with it.
public struct InstanceTransition: Hashable, Sendable {
    /// Where the event leads.
    public let state: InstanceState
    /// What must be done with it.
    public let effects: [InstanceEffect]

    init(_ state: InstanceState, _ effects: [InstanceEffect] = []) {
        self.state = state
        self.effects = effects
    }
}

/// The event may not happen in this state.
public struct InvalidTransition: Error, Hashable, Sendable {
    /// Where it was refused.
    public let state: InstanceState
    /// What was refused.
    public let event: InstanceEvent
}

extension InstanceState {
    /// The whole life of an instance: no clock, no I/O. Requests that clash with a task under way are refused (nova
    /// answers 409 "Cannot 'stop' instance while it is in task_state …"); reports from the host never are: they either
    /// say something new or change nothing.
    public func after(_ event: InstanceEvent) throws(InvalidTransition) -> InstanceTransition {
        let next: InstanceTransition? =
            switch event {
            case .deleteRequested: afterDeleteRequest
            case .powerObserved(let power): afterObserving(power)
            case .domainGone: task == .deleting ? .init(.init(.deleted), [.stampDeletedAt]) : nil
            case .failed: afterFailure
            case .broken: afterBreaking
            default: afterRequest(event) ?? afterBuildStep(event) ?? afterStep(event)
            }
        guard let next else { throw InvalidTransition(state: self, event: event) }
        return next
    }

    private func afterBuildStep(_ event: InstanceEvent) -> InstanceTransition? {
        switch (vm, task, event) {
        case (.building, .scheduling, .hostChosen): .init(.init(.building))
        case (.building, nil, .imageReady): .init(.init(.building, .networking))
        case (.building, .networking, .portsBound): .init(.init(.building, .blockDeviceMapping))
        case (.building, .blockDeviceMapping, .disksReady): .init(.init(.building, .spawning))
        case (.building, .spawning, .domainStarted): .init(.init(.active), [.stampLaunchedAt])
        default: nil
        }
    }

    /// Deleting is allowed at any time, also during a build or a stuck reboot: the way out must always be open.
    private var afterDeleteRequest: InstanceTransition? {
        vm == .deleted || task == .deleting ? nil : .init(.init(vm, .deleting), [.enqueue(.delete)])
    }

    /// A suspended guest that is off has lost the memory that was saved. A rescued or resized one may be off: what its
    /// owner can do next stays the same.
    private func afterObserving(_ power: ObservedPower) -> InstanceTransition {
        switch (vm, task, power) {
        case (.active, .poweringOff, .off), (.active, .poweringOff, .crashed): .init(.init(.stopped))
        case (.active, nil, .off), (.active, nil, .crashed): .init(.init(.stopped))
        case (.paused, nil, .off), (.paused, nil, .crashed): .init(.init(.stopped))
        case (.suspended, nil, .off), (.suspended, nil, .crashed): .init(.init(.stopped))
        case (.stopped, .poweringOn, .running): .init(.init(.active))
        case (.stopped, nil, .running), (.paused, nil, .running), (.suspended, nil, .running): .init(.init(.active))
        default: .init(self)
        }
    }

    /// A failed build or delete, or a rebuild whose old disk is gone, leaves an instance in error. Any other failure
    /// gives the instance back as it was, with the fault recorded beside it.
    private var afterFailure: InstanceTransition? {
        switch (vm, task) {
        case (.deleted, _): nil
        case (.building, _), (_, .deleting), (_, .rebuildBlockDeviceMapping), (_, .rebuildSpawning):
            .init(.init(.error))
        case (_, .some): .init(.init(vm))
        case (_, nil): nil
        }
    }

    /// A resize is the only work that has to be undone, and undoing can fail too.
    private var afterBreaking: InstanceTransition? {
        switch task {
        case .resizeMigrating, .resizeFinish: .init(.init(.error))
        default: nil
        }
    }
}
