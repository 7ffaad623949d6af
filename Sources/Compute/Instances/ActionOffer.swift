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
        let key = Key(state: instance.state, isOnHost: instance.host != nil)
        let possible = Self.known[key] ?? Self.actions(key)
        guard !forbidden.isEmpty || !context.canSee(projectID: instance.projectID) else { return possible }
        let isForeign = !context.canSee(projectID: instance.projectID)
        return possible.map { availability in
            guard isForeign || forbidden.contains(availability.action) else { return availability }
            return ActionAvailability(
                action: availability.action, allowed: false, reason: Message("Your role does not allow this."))
        }
    }

    /// All that the actions depend on beside the caller.
    private struct Key: Hashable {
        let state: InstanceState
        let isOnHost: Bool
    }

    /// Worked out once: a list asks for hundreds.
    private static let known: [Key: [ActionAvailability]] = {
        let keys = InstanceState.reachable.flatMap { state in
            [true, false].map { Key(state: state, isOnHost: $0) }
        }
        return Dictionary(uniqueKeysWithValues: keys.map { ($0, actions($0)) })
    }()

    private static func actions(_ key: Key) -> [ActionAvailability] {
        InstanceAction.allCases.map { action in
            let reason =
                action == .viewLog && !key.isOnHost
                ? Message("The instance is not on a host.") : key.state.refusal(of: action)
            return ActionAvailability(action: action, allowed: reason == nil, reason: reason)
        }
    }
}
