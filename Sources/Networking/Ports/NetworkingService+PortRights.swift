public import ServiceCore

/// Who may make and change ports: what pages ask before they show a button or a form.
extension NetworkingService {
    /// Whether the caller may change a port, for showing or hiding buttons.
    public func canChange(_ port: Port, as context: RequestContext) -> Bool {
        NetworkingPolicy.policy.allows(NetworkingPolicy.updatePort, context)
            && context.canSee(projectID: port.projectID)
    }
}
