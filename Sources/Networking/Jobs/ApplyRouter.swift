import ComputeHost
import ServiceCore

/// Makes a router on the cloud's network node equal to what is stored, or removes it when it is gone. Always the
/// present state, so that running it twice, or late, does no harm. The networks it joins are made first.
struct ApplyRouter: JobHandler {
    static let kind = "router.apply"

    let application: NetworkApplication
    let hosts: HostDirectory

    var kind: String { Self.kind }

    private struct Payload: Decodable {
        let routerID: String

        enum CodingKeys: String, CodingKey { case routerID = "router_id" }
    }

    func run(_ job: Job) throws {
        let id = ID<NetworkRouter>(try job.decode(Payload.self).routerID)
        guard let host = hosts.networkNode, let backend = hosts.services(on: host)?.networks else { return }
        do {
            try application.apply(id) { router, networks in
                guard let router else { return try backend.remove(routerID: id.text) }
                for network in networks { try backend.apply(network) }
                try backend.apply(router)
            }
        } catch let error as HostError {
            throw ServiceError(hostFailure: error, host: host)
        }
    }
}
