import HTTP
import Networking

/// Neutron's interface, version 2.0. Its resources differ in their attributes, which ``NetworkResource`` describes, and
/// in nothing else; what more there is stands beside it.
struct NetworkAPI: Sendable {
    let networking: NetworkingService

    func register(on table: inout RouteTable) {
        let versions = NetworkVersions()
        table.open(.get, "", versions.choices)
        add(.networks(networking), to: &table)
        add(.subnets(networking), to: &table)
        add(.ports(networking), to: &table)
        add(.securityGroups(networking), to: &table)
        add(.securityGroupRules(networking), to: &table)
    }

    private func add(_ resource: NetworkResource<some Sendable>, to table: inout RouteTable) {
        NetworkEndpoints(resource: resource, networking: networking).register(on: &table)
    }
}
