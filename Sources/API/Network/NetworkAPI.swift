import HTTP
import Networking

/// Neutron's interface, version 2.0. Its resources differ in their attributes, which ``NetworkResource`` describes, and
/// in nothing else; what more there is stands beside it. Extensions that are not served have no paths: 404, as in a
/// neutron without them.
struct NetworkAPI: Sendable {
    let networking: NetworkingService

    func register(on table: inout RouteTable) {
        table.open(.get, "", NetworkVersions().choices)
        var kinds: [(name: String, plural: String, path: String)] = []
        add(.networks(networking), to: &table, &kinds)
        add(.subnets(networking), to: &table, &kinds)
        add(.ports(networking), to: &table, &kinds)
        add(.securityGroups(networking), to: &table, &kinds)
        add(.securityGroupRules(networking), to: &table, &kinds)
        add(.subnetPools(networking), to: &table, &kinds)
        add(.addressScopes(networking), to: &table, &kinds)
        add(.rbacPolicies(networking), to: &table, &kinds)
        add(.agents(networking), to: &table, &kinds)
        add(.availabilityZones(), to: &table, &kinds)
        let hasRouters = networking.hasRouters
        if hasRouters {
            add(.routers(networking), to: &table, &kinds)
            add(.floatingIPs(networking), to: &table, &kinds)
            RouterActions(networking: networking).register(on: &table)
        }
        NetworkQuotas(networking: networking).register(on: &table)
        NetworkAvailability(networking: networking).register(on: &table)
        NetworkScheduling(networking: networking).register(on: &table, hasRouters: hasRouters)
        NetworkExtensions(hasRouters: hasRouters).register(on: &table)
        kinds += [
            ("quota", "quotas", "quotas"), ("extension", "extensions", "extensions"),
            ("network_ip_availability", "network_ip_availabilities", "network-ip-availabilities"),
        ]
        table.on(.get, "/v2.0", NetworkIndex(kinds: kinds).show)
    }

    private func add(
        _ resource: NetworkResource<some Sendable>, to table: inout RouteTable,
        _ kinds: inout [(name: String, plural: String, path: String)]
    ) {
        NetworkEndpoints(resource: resource, networking: networking).register(on: &table)
        kinds.append((resource.name, resource.plural, resource.path))
    }
}
