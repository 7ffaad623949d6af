public import ServiceCore

/// What nova asks for before it reads what was sent, or asks other services: who may not do it hears that first.
public enum ComputeRight: Sendable {
    case look, seeHosts, updateServices, manageAggregates, updateQuotas

    fileprivate var rule: String {
        switch self {
        case .look: ComputePolicy.get
        case .seeHosts: ComputePolicy.hypervisors
        case .updateServices: ComputePolicy.updateService
        case .manageAggregates: ComputePolicy.aggregates
        case .updateQuotas: ComputePolicy.updateQuota
        }
    }
}

extension ComputeService {
    /// Refuses who may not.
    /// - Throws: `ServiceError`: forbidden.
    public func require(_ right: ComputeRight, as context: RequestContext) throws {
        try ComputePolicy.policy.require(right.rule, context)
    }
}
