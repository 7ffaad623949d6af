import Database
public import ServiceCore

/// A network, and how many addresses its subnets have.
public struct NetworkIPAvailability: Sendable {
    /// The network.
    public let network: Network
    /// What its subnets have.
    public let availability: IPAvailability
}

extension NetworkingService {
    /// How many addresses networks have, and how many are used: three statements more than the list of networks.
    /// - Parameter version: only subnets of this version count; nil for all.
    /// - Throws: `ServiceError`: forbidden to all but administrators; what ``networks(_:as:)`` throws.
    public func availabilities(
        _ listing: Listing, of version: IPVersion?, as context: RequestContext
    ) throws -> [NetworkIPAvailability] {
        // Others are not refused: what they may not see is left out of their list.
        guard NetworkingPolicy.policy.allows(NetworkingPolicy.availability, context) else { return [] }
        let networks = try networks(listing, as: context)
        let ids = networks.map(\.id)
        let (subnets, used) = try read { transaction in
            (
                try subnetStore.list(ofNetworks: ids, in: transaction),
                try allocationStore.counts(ofNetworks: ids, in: transaction)
            )
        }
        let byNetwork = Dictionary(
            grouping: subnets.filter { version == nil || $0.version == version }, by: \.networkID)
        return networks.map { network in
            let own = (byNetwork[network.id] ?? []).map { SubnetAvailability($0, used: used[$0.id] ?? 0) }
            return NetworkIPAvailability(
                network: network, availability: IPAvailability(networkID: network.id, own))
        }
    }
}
