public import ComputeHost
import Database
public import ServiceCore

extension ComputeService {
    /// The definition of the instance's domain as the hypervisor holds it, and where it differs from what would be
    /// defined now. For administrators. Nil when the host has no such domain, or none was ever defined.
    /// - Throws: `ServiceError`: conflict before a host has been chosen; unavailable when the host does not answer.
    public func domainDefinition(of id: ID<Instance>, as context: RequestContext) throws -> DomainDrift? {
        try ServiceError.wrapping {
            let (instance, request) = try database.read { transaction in
                let instance = try visible(id, for: ComputePolicy.domainXML, as: context, in: transaction)
                return (instance, try lifecycle.specs.find(id, in: transaction))
            }
            guard let name = instance.host, let host = work.hosts.services(on: name) else {
                throw ServiceError.conflict(code: "no_host", Message("The instance is not on a host."))
            }
            guard let spec = request?.domain else { return nil }
            return try asking { try host.hypervisor.domainDrift(of: id.text, expected: spec) }
        }
    }
}
