public import Database
public import ServiceCore

/// What Compute asks for about single cards of an instance that exists, in its own transactions.
extension NetworkingService {
    /// Plugs one more card into an instance, after those it has: makes its port, or binds the one that was named.
    /// - Throws: `ServiceError`: notFound for what the caller cannot see; invalid for a network without subnets and for
    ///   an address that is none; conflict `port_in_use`, `ip_address_in_use`, `ip_address_generation_failure`;
    ///   overQuota.
    public func plugIn(
        _ binding: InstanceBinding, as context: RequestContext, in transaction: borrowing Transaction
    ) throws -> Port {
        try NetworkingPolicy.policy.require(NetworkingPolicy.createPort, context)
        guard let card = binding.cards.first else { throw ServiceError.notFound("Port", "") }
        let present = try portStore.cards(ofInstance: binding.instanceID, in: transaction)
        let index = (present.compactMap(\.nicIndex).max() ?? -1) + 1
        return try plug(card, index, of: binding, context, transaction)
    }

    /// Whether a port is a card of an instance.
    /// - Throws: `DatabaseError`.
    public func isPluggedIn(
        _ id: ID<Port>, instanceID: String, in transaction: borrowing Transaction
    ) throws -> Bool {
        try portStore.cards(ofInstance: instanceID, in: transaction).contains { $0.id == id }
    }

    /// Unplugs one card of an instance: a port made for it is deleted, another one is free again. Repeatable.
    /// - Throws: `ServiceError`.
    public func releasePort(_ id: ID<Port>, instanceID: String) throws {
        try write { transaction in
            let cards = try portStore.cards(ofInstance: instanceID, in: transaction)
            guard let port = cards.first(where: { $0.id == id }) else { return }
            try release(port, transaction)
        }
    }

    /// Binds all cards of an instance to another host, "" when it is on none. Repeatable.
    /// - Throws: `ServiceError`.
    public func movePorts(instanceID: String, to host: String) throws {
        try write { transaction in
            for port in try portStore.cards(ofInstance: instanceID, in: transaction) {
                _ = try move(port, to: host, transaction)
            }
        }
    }
}
