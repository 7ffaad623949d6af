import ServiceCore

/// Whether a caller can ask for each action on an instance now, and why not.
public struct ActionOffer: Sendable {
    private let context: RequestContext
    /// Those the caller's role does not allow on any instance.
    private let forbidden: Set<InstanceAction>

    init(_ context: RequestContext) {
        self.context = context
        forbidden = Set(InstanceAction.allCases.filter { !ComputePolicy.policy.allows($0.rule, context) })
    }

    /// Every action, in the order in which they are declared. Asks nothing: call it for every row of a list.
    public func actions(for instance: Instance) -> [ActionAvailability] {
        let situation = ActionSituation(instance)
        let possible = Self.known[situation] ?? Self.actions(situation, isAdmin: context.isAdmin)
        let isForeign = !context.canSee(projectID: instance.projectID)
        guard !forbidden.isEmpty || isForeign else { return possible }
        return possible.map { availability in
            guard isForeign || forbidden.contains(availability.action) else { return availability }
            return ActionAvailability(
                action: availability.action, allowed: false, reason: Message("Your role does not allow this."))
        }
    }

    /// Worked out once for what most instances are, unlocked and launched: a list asks for hundreds.
    private static let known: [ActionSituation: [ActionAvailability]] = {
        let situations = InstanceState.reachable.map { ActionSituation(state: $0) }
        return Dictionary(uniqueKeysWithValues: situations.map { ($0, actions($0, isAdmin: false)) })
    }()

    private static func actions(_ situation: ActionSituation, isAdmin: Bool) -> [ActionAvailability] {
        InstanceAction.allCases.map { action in
            let reason = situation.refusal(of: action, isAdmin: isAdmin)?.message
            return ActionAvailability(action: action, allowed: reason == nil, reason: reason)
        }
    }
}
