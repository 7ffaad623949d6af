import ComputeHost
import Database
import ServiceCore

/// Makes the router's host's part of it equal to what is stored, or removes it when the router is gone. Always the
/// present state, so that running it twice, or late, does no harm. The networks it joins are made first.
struct ApplyRouter: JobHandler {
    static let kind = "router.apply"

    let database: DatabasePool
    let hosts: HostDirectory

    var kind: String { Self.kind }

    private struct Payload: Decodable {
        let routerID: String

        enum CodingKeys: String, CodingKey { case routerID = "router_id" }
    }

    func run(_ job: Job) throws {
        let id = ID<NetworkRouter>(try job.decode(Payload.self).routerID)
        guard let host = hosts.hosts.first, let backend = hosts.services(on: host)?.networks else { return }
        let builder = NetworkSpecBuilder()
        let (router, networks) = try database.read { transaction in
            let router = try RouterSpecBuilder().spec(of: id, in: transaction)
            let ports = (router?.interfaces ?? []) + (router?.gateway.map { [$0] } ?? [])
            let networks = try Set(ports.map(\.networkID)).sorted().compactMap {
                try builder.spec(of: ID($0), in: transaction)
            }
            return (router, networks)
        }
        do {
            if let router {
                for network in networks { try backend.apply(network) }
                try backend.apply(router)
            } else {
                try backend.remove(routerID: id.text)
            }
        } catch let error as HostError {
            throw ServiceError(hostFailure: error, host: host)
        }
    }
}
