import ComputeHost
import Database
import ServiceCore

/// The one way to change an instance's state: an event goes through the transition table, and the row, the jobs it
/// causes, the log of actions and the news for open pages are written in the caller's transaction.
struct InstanceLifecycle: Sendable {
    let jobs: JobQueue
    let events: EventBus
    let clock: any WallClock
    let instances = InstanceStore()
    let specs = RequestSpecStore()
    let history = InstanceHistoryStore()
    let statistics = StatisticsStore()
    let extras = InstanceExtraStore()
    let metadata = InstanceMetadataStore()
    let tags = InstanceTagStore()
    let migrations = MigrationStore()

    /// The serial key of an instance's jobs: one at a time, in the order they were asked for.
    static func resource(_ id: ID<Instance>) -> String { "instance/\(id)" }

    /// Takes an event. `instance` must have been read in this transaction; `change` sets what else becomes different.
    /// - Throws: `ServiceError`: conflict when the event is not allowed now, in words for people.
    @discardableResult
    func apply(
        _ event: InstanceEvent, to instance: Instance, requestID: String, in transaction: borrowing Transaction,
        _ change: (inout Instance) -> Void = { _ in }
    ) throws -> Instance {
        let transition = try transition(of: instance, on: event)
        let now = clock.now()
        var next = instance
        next.state = transition.state
        next.updatedAt = now
        if transition.effects.contains(.stampLaunchedAt) { next.launchedAt = now }
        change(&next)
        let isCutShort = [.failed, .broken, .deleteRequested].contains(event)
        try recordStep(from: instance, to: next, failed: isCutShort, in: transaction)
        let isSettling = !instance.state.isSettled && next.state.isSettled
        // Its drive has it by now, or will never have it.
        if isSettling { try extras.forgetPassword(of: instance.id, in: transaction) }
        if isSettling, event != .failed, event != .broken {
            next.fault = nil
            try instances.setFault(nil, of: instance.id, in: transaction)
            try history.endActions(of: instance.id, .success, at: now, in: transaction)
        }
        let deletedAt = transition.effects.contains(.stampDeletedAt) ? now : nil
        try save(&next, was: instance.state, deletedAt: deletedAt, in: transaction)
        if let status = MigrationStatus(after: event, in: instance.state) {
            try migrations.setStatus(status, ofInstance: instance.id, at: now, in: transaction)
        }
        if deletedAt != nil { try statistics.remove(instance, at: now, in: transaction) }
        for case .enqueue(let job) in transition.effects {
            try enqueue(job, for: instance.id, requestID: requestID, in: transaction)
        }
        announce(next, deletedAt == nil ? .updated : .deleted, in: transaction)
        return next
    }

    /// The steps of an action, as the state moves through them.
    private func recordStep(
        from old: Instance, to next: Instance, failed: Bool, in transaction: borrowing Transaction
    ) throws {
        guard old.state.stepName != next.state.stepName else { return }
        if old.state.stepName != nil {
            try history.endEvents(of: old.id, failed ? .error : .success, at: next.updatedAt, in: transaction)
        }
        if let step = next.state.stepName {
            try history.beginEvent(step, of: next.id, on: next.host, at: next.updatedAt, in: transaction)
        }
    }

    /// Gives up what is being done and records why.
    func fail(
        _ instance: Instance, _ fault: InstanceFault, _ event: InstanceEvent = .failed, requestID: String,
        in transaction: borrowing Transaction
    ) throws {
        try instances.setFault(fault, of: instance.id, in: transaction)
        try apply(event, to: instance, requestID: requestID, in: transaction)
        try history.endActions(
            of: instance.id, .error, message: fault.message, at: fault.createdAt, in: transaction)
    }

    /// Writes a change that does not touch the state.
    @discardableResult
    func update(
        _ instance: Instance, in transaction: borrowing Transaction, _ change: (inout Instance) -> Void
    ) throws -> Instance {
        var next = instance
        change(&next)
        next.updatedAt = clock.now()
        try save(&next, was: instance.state, deletedAt: nil, in: transaction)
        announce(next, .updated, in: transaction)
        return next
    }

    func enqueue(
        _ job: InstanceJob, for id: ID<Instance>, requestID: String, with more: [String: String] = [:],
        in transaction: borrowing Transaction
    ) throws {
        let payload = more.merging(["instance": id.text]) { $1 }
        try jobs.enqueue(
            NewJob(kind: job.rawValue, resource: Self.resource(id), payload: payload, requestID: requestID),
            in: transaction)
    }

    func announce(
        _ instance: Instance, _ what: ResourceEvent.Change, in transaction: borrowing Transaction
    ) {
        events.publish(
            ResourceEvent(kind: "instance", id: instance.id.text, projectID: instance.projectID, what: what),
            in: transaction)
    }

    private func transition(of instance: Instance, on event: InstanceEvent) throws -> InstanceTransition {
        do {
            return try instance.state.after(event)
        } catch {
            let action = InstanceAction.allCases.first { $0.event == event }
            let refusal = action.flatMap { ActionSituation(instance).refusal(of: $0, isAdmin: true) }
            throw (refusal ?? .state(Message("This is not possible in the instance's present state."))).error
        }
    }

    private func save(
        _ next: inout Instance, was old: InstanceState, deletedAt: Timestamp?, in transaction: borrowing Transaction
    ) throws {
        guard try instances.save(next, was: old, deletedAt: deletedAt, in: transaction) else {
            throw ServiceError.conflict(
                code: "instance_changed", Message("The instance was changed by somebody else at the same time."))
        }
        next.revision += 1
    }
}
