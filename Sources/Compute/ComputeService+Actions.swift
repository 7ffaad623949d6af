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

    /// Asks for an action: start, stop, soft or hard reboot, delete. It is carried out in the background; of two
    /// clashing requests one wins and the other is told what the instance is busy with.
    /// - Throws: `ServiceError`: conflict `instance_busy` or `instance_state`, with the reason.
    @discardableResult
    public func perform(
        _ action: InstanceAction, on id: ID<Instance>, as context: RequestContext
    ) throws -> Instance {
        guard let event = action.event else {
            throw ServiceError.unsupported(Message("This action changes no state."))
        }
        return try ServiceError.wrapping {
            try ComputePolicy.policy.require(action.rule, context)
            return try database.write { transaction in
                let instance = try visible(id, as: context, in: transaction)
                let next = try lifecycle.apply(event, to: instance, requestID: context.requestID, in: transaction)
                // Only a delete may come while another action runs; it puts an end to that.
                try lifecycle.history.endActions(
                    of: id, .error, message: Message("The instance was deleted meanwhile."), at: clock.now(),
                    in: transaction)
                try lifecycle.history.beginAction(
                    action.logName, on: id, by: context, at: clock.now(), in: transaction)
                return next
            }
        }
    }

    /// Changes name and description.
    /// - Throws: `ServiceError`: invalid with violations on name, description.
    @discardableResult
    public func rename(
        _ id: ID<Instance>, name: String, description: String? = nil, as context: RequestContext
    ) throws -> Instance {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(InstanceAction.rename.rule, context)
            let name = name.trimmed
            let violations = [LaunchRules.name(name), description.flatMap(LaunchRules.description)].compactMap(\.self)
            guard violations.isEmpty else { throw ServiceError.invalid(violations) }
            return try database.write { transaction in
                let instance = try visible(id, as: context, in: transaction)
                return try lifecycle.update(instance, in: transaction) {
                    $0.name = name
                    if let description { $0.description = description }
                }
            }
        }
    }
}
