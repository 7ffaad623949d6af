import Database
public import ServiceCore

/// What becomes of the news of another service about an instance.
public enum EventReception: Sendable, Hashable {
    case taken, unknownInstance, noHost
}

extension ComputeService {
    /// The role of other services' users.
    private static let serviceRole = "service"

    /// Takes news of other services about instances (nova: `os-server-external-events`). Nothing that they speak of is
    /// kept here: this cloud's services tell each other directly.
    /// - Returns: for each instance what became of it, in the order of the ids.
    /// - Throws: `ServiceError`: forbidden for others than services and administrators.
    public func takeEvents(about ids: [ID<Instance>], as context: RequestContext) throws -> [EventReception] {
        try ServiceError.wrapping {
            guard context.isAdmin || context.roles.contains(Self.serviceRole) else {
                throw ServiceError.forbidden("os_compute_api:os-server-external-events:create")
            }
            let known = try database.read { try lifecycle.instances.find(ids, in: $0) }
            let instances = Dictionary(known.map { ($0.id, $0) }) { first, _ in first }
            return ids.map { id in
                guard let instance = instances[id], instance.state.vm != .deleted else { return .unknownInstance }
                return instance.host == nil ? .noHost : .taken
            }
        }
    }
}
