public import ServiceCore

/// What pages ask about before they show a button or a form. What belongs to somebody is asked for by `canChange`.
public enum NetworkingAction: Sendable {
    case createNetwork, createPort, createSecurityGroup, createRouter
    case createFloatingIP, updateFloatingIP
    case createRBACPolicy

    fileprivate var rule: String {
        switch self {
        case .createNetwork: NetworkingPolicy.createNetwork
        case .createPort: NetworkingPolicy.createPort
        case .createSecurityGroup: NetworkingPolicy.createSecurityGroup
        case .createRouter: NetworkingPolicy.createRouter
        case .createFloatingIP: NetworkingPolicy.createFloatingIP
        case .updateFloatingIP: NetworkingPolicy.updateFloatingIP
        case .createRBACPolicy: NetworkingPolicy.createRBACPolicy
        }
    }
}

extension NetworkingService {
    /// Whether the caller may do this in a project: which buttons a page shows.
    public func may(_ action: NetworkingAction, as context: RequestContext) -> Bool {
        NetworkingPolicy.policy.allows(action.rule, context) && context.projectID != nil
    }

    /// Refuses callers who may not, before they fill in a form.
    /// - Throws: `ServiceError`: forbidden.
    public func require(_ action: NetworkingAction, as context: RequestContext) throws {
        try NetworkingPolicy.policy.require(action.rule, context)
    }
}
