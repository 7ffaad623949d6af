import ServiceCore
import Synchronization

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
        let possible = Self.actions(Question(situation: ActionSituation(instance), isAdmin: context.isAdmin))
        let isForeign = !context.canSee(projectID: instance.projectID)
        guard !forbidden.isEmpty || isForeign else { return possible }
        return possible.map { availability in
            guard isForeign || forbidden.contains(availability.action) else { return availability }
            return ActionAvailability(
                action: availability.action, allowed: false, reason: Message("Your role does not allow this."))
        }
    }

    /// All that an answer depends on, beside the role.
    private struct Question: Hashable {
        let situation: ActionSituation
        let isAdmin: Bool
    }

    /// Each answer is worked out once: a list asks for hundreds, and there are not a thousand different questions.
    private static let answers = Mutex<[Question: [ActionAvailability]]>([:])

    private static func actions(_ question: Question) -> [ActionAvailability] {
        if let known = answers.withLock({ $0[question] }) { return known }
        let actions = InstanceAction.allCases.map { action in
            let reason = question.situation.refusal(of: action, isAdmin: question.isAdmin)?.message
            return ActionAvailability(action: action, allowed: reason == nil, reason: reason)
        }
        answers.withLock { $0[question] = actions }
        return actions
    }
}
