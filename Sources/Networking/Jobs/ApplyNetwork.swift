import ComputeHost
import ServiceCore

/// Makes every backend's part of a network equal to what is stored, or removes it when the network is gone. Always the
/// present state, so that running it twice, or late, does no harm.
struct ApplyNetwork: JobHandler {
    static let kind = "network.apply"

    let application: NetworkApplication
    let hosts: HostDirectory

    var kind: String { Self.kind }

    private struct Payload: Decodable {
        let networkID: String

        enum CodingKeys: String, CodingKey { case networkID = "network_id" }
    }

    func run(_ job: Job) throws {
        let id = ID<Network>(try job.decode(Payload.self).networkID)
        for (host, networks) in hosts.networkBackends {
            do {
                try application.apply(id, on: host) { wanted in
                    if let wanted {
                        try networks.apply(wanted)
                    } else {
                        try networks.remove(networkID: id.text)
                    }
                }
            } catch let error as HostError {
                throw ServiceError(hostFailure: error, host: host)
            }
        }
    }
}

extension ServiceError {
    /// A host that is busy or away is asked again; one that refuses is not.
    init(hostFailure error: HostError, host: String) {
        let message = Message("{host}: {reason}", ["host": host, "reason": "\(error)"])
        switch error {
        case .busy, .unavailable: self = .unavailable(message)
        case .notFound, .failed: self.init(.internalError, code: "network_not_applied", message)
        }
    }
}
