import Database
public import ServiceCore

extension ComputeService {
    /// Whether each action can be asked for now, and why not.
    public func availableActions(for instance: Instance, as context: RequestContext) -> [ActionAvailability] {
        actionOffer(to: context).actions(for: instance)
    }

    /// What a caller is offered for each instance of a list: their roles are looked at once.
    public func actionOffer(to context: RequestContext) -> ActionOffer { ActionOffer(context) }

    /// Whether the caller's role allows an action on instances of their own at all: which buttons a list has.
    public func allows(_ action: InstanceAction, as context: RequestContext) -> Bool {
        ComputePolicy.policy.allows(action.rule, context)
    }

    /// Refuses an action that cannot be asked for now, before its form is filled in.
    /// - Throws: `ServiceError`: forbidden; conflict `instance_busy`, `instance_state` or `instance_locked`.
    public func requireAvailable(
        _ action: InstanceAction, on id: ID<Instance>, as context: RequestContext
    ) throws -> Instance {
        try ServiceError.wrapping {
            let instance = try database.read { try visible(id, for: action.rule, as: context, in: $0) }
            try requireAllowed(action, on: instance, as: context)
            return try self.instance(id, as: context)
        }
    }

    /// Asks for an action that takes no form: start, stop, both reboots, pause, unpause, suspend, resume, lock, unlock,
    /// shelve, unshelve, unrescue, confirm and revert a resize, delete, force delete. It is carried out in the
    /// background; of two clashing requests one wins and the other is told what the instance is busy with.
    /// - Throws: `ServiceError`: conflict `instance_busy`, `instance_state` or `instance_locked`, with the reason.
    @discardableResult
    public func perform(
        _ action: InstanceAction, on id: ID<Instance>, as context: RequestContext
    ) throws -> Instance {
        guard action.isPlain else { throw ServiceError.unsupported(Message("This action needs more to be said.")) }
        switch action {
        case .lock: return try lock(id, as: context)
        case .unlock: return try unlock(id, as: context)
        case .forceDelete: return try forceDelete(id, as: context)
        case .shelve: return try shelve(id, as: context)
        default: return try request(action, on: id, as: context)
        }
    }

    /// Takes a request: the state changes, its job and its line in the log are written in one transaction.
    /// `prepare` runs before them in the same transaction and says what else becomes different.
    func request(
        _ action: InstanceAction, on id: ID<Instance>, as context: RequestContext,
        _ prepare: (borrowing Transaction, inout Instance) throws -> Void = { _, _ in }
    ) throws -> Instance {
        guard let event = action.event else {
            throw ServiceError.unsupported(Message("This action changes no state."))
        }
        return try ServiceError.wrapping {
            return try database.write { transaction in
                let instance = try visible(id, for: action.rule, as: context, in: transaction)
                // Who wants what is being deleted to be deleted has it already, as in nova.
                if action == .delete, instance.taskState == .deleting { return instance }
                try requireAllowed(action, on: instance, as: context)
                var changed = instance
                try prepare(transaction, &changed)
                // Only a delete may come while another action runs; it puts an end to that.
                try lifecycle.history.endActions(
                    of: id, .error, message: Message("The instance was deleted meanwhile."), at: clock.now(),
                    in: transaction, whatever: action.event == .deleteRequested)
                try lifecycle.history.beginAction(
                    action.logName, on: id, by: context, at: clock.now(), in: transaction)
                return try lifecycle.apply(event, to: changed, requestID: context.requestID, in: transaction)
            }
        }
    }

    /// - Throws: `ServiceError`: conflict, with the reason.
    func requireAllowed(_ action: InstanceAction, on instance: Instance, as context: RequestContext) throws {
        let refusal = ActionSituation(instance).refusal(of: action, isAdmin: context.isAdmin)
        if let refusal { throw refusal.error }
    }

    /// Locks an instance: only administrators may act on it until it is unlocked (nova: locked_by, locked_reason).
    /// - Parameter again: whether one that is locked already may be asked for, as in nova, which then changes nothing.
    /// - Throws: `ServiceError`: invalid on locked_reason; conflict when it is locked already.
    @discardableResult
    public func lock(
        _ id: ID<Instance>, reason: String? = nil, again: Bool = false, as context: RequestContext
    ) throws -> Instance {
        let reason = reason.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
        if let violation = reason.flatMap({ LaunchRules.text($0, field: "locked_reason") }) {
            throw ServiceError.invalid([violation])
        }
        return try setLock(.lock, on: id, again: again, as: context) { instance in
            instance.lockedBy = instance.projectID == context.projectID ? .owner : .admin
            instance.lockReason = reason
        }
    }

    /// Lets everybody act on an instance again.
    /// - Parameter again: whether one that is not locked may be asked for, as in nova, which then changes nothing.
    /// - Throws: `ServiceError`: conflict when it is not locked, or an administrator locked it.
    @discardableResult
    public func unlock(_ id: ID<Instance>, again: Bool = false, as context: RequestContext) throws -> Instance {
        try setLock(.unlock, on: id, again: again, as: context) { instance in
            instance.lockedBy = nil
            instance.lockReason = nil
        }
    }

    private func setLock(
        _ action: InstanceAction, on id: ID<Instance>, again: Bool, as context: RequestContext,
        _ change: (inout Instance) -> Void
    ) throws -> Instance {
        try ServiceError.wrapping {
            return try database.write { transaction in
                let instance = try visible(id, for: action.rule, as: context, in: transaction)
                if again, instance.locked == (action == .lock) { return instance }
                try requireAllowed(action, on: instance, as: context)
                try lifecycle.history.record(
                    action.logName, on: id, by: context, at: clock.now(), in: transaction)
                return try lifecycle.update(instance, in: transaction, change)
            }
        }
    }

    /// Deletes an instance also when its host does not answer: what is left there goes when the host is back. A delete
    /// that is under way becomes a forced one.
    private func forceDelete(_ id: ID<Instance>, as context: RequestContext) throws -> Instance {
        let isUnderWay = try ServiceError.wrapping {
            return try database.write { transaction in
                let instance = try visible(id, for: InstanceAction.forceDelete.rule, as: context, in: transaction)
                guard instance.state.task == .deleting else { return nil as Instance? }
                try lifecycle.extras.update(id, in: transaction) { $0.isForced = true }
                try lifecycle.history.record(
                    InstanceAction.forceDelete.logName, on: id, by: context, at: clock.now(), in: transaction)
                return instance
            }
        }
        return try isUnderWay
            ?? request(.forceDelete, on: id, as: context) { transaction, _ in
                try lifecycle.extras.update(id, in: transaction) { $0.isForced = true }
            }
    }

    /// Changes name and description.
    /// - Throws: `ServiceError`: invalid with violations on name, description.
    @discardableResult
    public func rename(
        _ id: ID<Instance>, name: String, description: String? = nil, as context: RequestContext
    ) throws -> Instance {
        var update = InstanceUpdate()
        (update.name, update.description) = (name, description)
        return try self.update(id, update, as: context)
    }

    /// Replaces an instance's key-value pairs.
    /// - Throws: `ServiceError`: invalid with violations on metadata; overQuota; conflict.
    @discardableResult
    public func setMetadata(
        _ metadata: [String: String], of id: ID<Instance>, as context: RequestContext
    ) throws -> Instance {
        try ServiceError.wrapping {
            let violations = LaunchRules.metadata(metadata)
            guard violations.isEmpty else { throw ServiceError.invalid(violations) }
            return try database.write { transaction in
                let rule = InstanceAction.updateMetadata.rule
                let instance = try visible(id, for: rule, as: context, in: transaction)
                try requireAllowed(.updateMetadata, on: instance, as: context)
                try requireRoom(for: metadata, ofProject: instance.projectID, in: transaction)
                try lifecycle.metadata.replace(metadata, of: id, in: transaction)
                return try lifecycle.update(instance, in: transaction) { $0.metadata = metadata }
            }
        }
    }
}
