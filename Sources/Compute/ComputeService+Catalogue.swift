import ComputeHost
import Database
public import ServiceCore

extension ComputeService {
    /// The instances of each host that exist, by the host's name.
    /// - Throws: `ServiceError`.
    public func instancesByHost(as context: RequestContext) throws -> [String: [(id: String, name: String)]] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.hypervisors, context)
            let rows = try database.read { try lifecycle.instances.names(in: $0) }
            return Dictionary(grouping: rows, by: \.host).mapValues { $0.map { ($0.id, $0.name) } }
        }
    }

    /// The hosts, with what they have and what was promised of it.
    /// - Throws: `ServiceError`.
    public func hypervisors(as context: RequestContext) throws -> [HypervisorRecord] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.hypervisors, context)
            return try database.read { transaction in
                let used = try lifecycle.instances.useByHost(in: transaction)
                let known = try nodes.all(in: transaction)
                let services = try services(in: transaction).filter { $0.binary == ServiceRecord.compute }
                return work.hosts.hosts.compactMap { name in
                    guard let hypervisor = work.hosts.services(on: name)?.hypervisor,
                        let service = services.first(where: { $0.host == name })
                    else { return nil }
                    return HypervisorRecord(
                        host: name, identity: hypervisor.identity, service: service, capacity: known[name]?.capacity,
                        promised: used[name] ?? .none, ratios: work.configuration.ratios)
                }
            }
        }
    }
}
