public import ServiceCore

/// Who may make and change ports: what pages ask before they show a button or a form.
extension NetworkingService {
    /// Whether the caller may change a port, for showing or hiding buttons.
    public func canChange(_ port: Port, as context: RequestContext) -> Bool {
        NetworkingPolicy.policy.allows(NetworkingPolicy.updatePort, context)
            && context.canSee(projectID: port.projectID)
    }

    /// Whether the caller may make ports on the networks they see.
    public func canCreatePort(as context: RequestContext) -> Bool {
        NetworkingPolicy.policy.allows(NetworkingPolicy.createPort, context) && context.projectID != nil
    }

    /// Refuses callers who may not make ports, before they fill in a form.
    /// - Throws: `ServiceError`: forbidden.
    public func requireCreatePort(as context: RequestContext) throws {
        try NetworkingPolicy.policy.require(NetworkingPolicy.createPort, context)
    }
}
