import Database
public import ServiceCore

/// Why a host cannot make a network. As long as there is one, the network is in error.
public struct NetworkFault: Sendable, Hashable {
    /// The host that refuses.
    public let host: String
    /// The sentence that says what happened, in plain English for operators.
    public let reason: String
    /// What a person can do about it, when that is known.
    public let remedy: String?
    /// Since when it is so.
    public let since: Timestamp
}

extension NetworkingService {
    /// Why hosts cannot make a network: for a page of those who can do something about it.
    /// - Throws: `ServiceError`: notFound, forbidden to all but administrators.
    public func networkFaults(of id: ID<Network>, as context: RequestContext) throws -> [NetworkFault] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.provider, context)
        return try read { transaction in
            _ = try visibleNetwork(id, context, transaction)
            return try NetworkFaultStore().faults(of: id, in: transaction)
        }
    }
}
