import ComputeHost
import Database
import Logging
import ServiceCore
import Synchronization

/// Holds the stored networks against the hosts, at start and every minute: what somebody broke is mended by the host, which
/// logs it, and what belongs to no network any more is removed.
struct ReconcileNetworks: JobHandler {
    let kind = "network.reconcile"
    let period: Duration? = .seconds(60)
    let application: NetworkApplication
    let hosts: HostDirectory
    let log = Logger(label: "daybreak.networking")
    private let faults = KnownFaults()

    func run(_ job: Job) throws {
        for (host, backend) in hosts.networkBackends where backend.abilities.bridges {
            var known: (networks: [ID<Network>], routers: [ID<NetworkRouter>]) = ([], [])
            try application.withAll { known = ($0, $1) }
            for id in known.networks {
                let fault = fault {
                    try application.apply(id, on: host) { if let spec = $0 { try backend.apply(spec) } }
                }
                report(fault, of: "network \(id)", on: host)
            }
            for id in host == hosts.networkNode ? known.routers : [] {
                let fault = fault { try application.apply(id) { spec, _ in if let spec { try backend.apply(spec) } } }
                report(fault, of: "router \(id)", on: host)
            }
            let fault = fault {
                try application.withAll { networks, routers in
                    try backend.removeUnused(
                        keepingNetworks: Set(networks.map(\.text)), routers: Set(routers.map(\.text)))
                }
            }
            report(fault, of: "what is left over", on: host)
        }
    }

    private func fault(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? HostError)?.reason ?? "\(error)"
        }
    }

    /// A network that cannot be made is told of once, not every minute.
    private func report(_ fault: String?, of subject: String, on host: String) {
        guard faults.isNew(fault, of: "\(host) \(subject)"), let fault else { return }
        log.warning(
            "a host's network could not be made right",
            metadata: ["subject": "\(subject)", "host": "\(host)", "cause": "\(fault)"])
    }
}

/// What has been told already.
private final class KnownFaults: Sendable {
    private let faults = Mutex<[String: String]>([:])

    func isNew(_ fault: String?, of subject: String) -> Bool {
        faults.withLock { faults in
            defer { faults[subject] = fault }
            return faults[subject] != fault
        }
    }
}
