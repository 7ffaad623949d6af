import HTTP
import Networking

/// Neutron's interface, version 2.0.
struct NetworkAPI: Sendable {
    let networking: NetworkingService

    func register(on table: inout RouteTable) {
        let versions = NetworkVersions()
        table.open(.get, "", versions.choices)
    }
}
