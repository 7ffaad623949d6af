import Database
public import Networking
public import ServiceCore

extension ComputeService {
    /// The interfaces of a launch and the ids of their security groups, as far as they are good; what is not becomes a
    /// violation.
    /// - Throws: `ServiceError`: conflict `network_ambiguous` when none is named and there are several.
    func interfaces(
        of request: LaunchRequest, projectID: String, as context: RequestContext, _ violations: inout [Violation]
    ) throws -> (interfaces: [LaunchInterface], securityGroups: [String]) {
        var interfaces: [LaunchInterface] = []
        switch request.networkChoice {
        case .none: return ([], request.securityGroups)
        case .listed: interfaces = request.cards
        case .only, .auto: interfaces = try onlyNetwork(ofProject: projectID, as: context)
        }
        if interfaces.isEmpty {
            guard request.networkChoice != .only else { return ([], request.securityGroups) }
            violations.append(
                Violation(field: "networks", code: "required", message: Message("Choose at least one network.")))
            return ([], [])
        }
        return (interfaces, try check(interfaces, request, projectID: projectID, as: context, &violations))
    }

    /// The networks that an instance of the caller's project may get an interface on when nobody names one.
    /// - Throws: `ServiceError`.
    public func attachableNetworks(as context: RequestContext) throws -> [Network] {
        try ServiceError.wrapping { try attachableNetworks(ofProject: context.requireProject(), as: context) }
    }

    private func attachableNetworks(
        ofProject projectID: String, as context: RequestContext
    ) throws -> [Network] {
        try networking.networks(as: context).filter { network in
            !network.external && !network.subnets.isEmpty && (network.projectID == projectID || network.shared)
        }
    }

    /// What nova takes when nobody says: the network a project has or shares, if there is one.
    private func onlyNetwork(ofProject projectID: String, as context: RequestContext) throws -> [LaunchInterface] {
        let networks = try attachableNetworks(ofProject: projectID, as: context)
        guard networks.count < 2 else {
            throw ServiceError.conflict(
                code: "network_ambiguous",
                Message("Several networks are possible. Name one, so that it is known which to connect to."))
        }
        return networks.map { .network($0.id.text, fixedIP: nil) }
    }

    /// Networking says what is wrong with networks and ports; it is added to the rest.
    private func check(
        _ interfaces: [LaunchInterface], _ request: LaunchRequest, projectID: String, as context: RequestContext,
        _ violations: inout [Violation]
    ) throws -> [String] {
        let isOfPorts = interfaces.allSatisfy { if case .port = $0 { true } else { false } }
        let field = isOfPorts ? "ports" : "networks"
        if let bad = interfaces.map(\.id).first(where: { ID<Network>(untrusted: $0) == nil }) {
            violations.append(
                Violation(field: field, code: "not_found", message: Message("This network does not exist."), value: bad)
            )
            return []
        }
        let binding = InstanceBinding(
            instanceID: "", projectID: projectID, host: "", cards: interfaces.map(\.card),
            securityGroups: request.securityGroups)
        do {
            return try networking.checkBinding(binding, count: max(1, request.count), as: context)
        } catch {
            let error = ServiceError(wrapping: error)
            switch error.kind {
            case .invalid where !error.violations.isEmpty:
                violations += error.violations
            case .invalid, .notFound, .conflict, .forbidden:
                violations.append(Violation(field: field, code: error.code, message: error.message))
            default: throw error
            }
            return []
        }
    }
}
