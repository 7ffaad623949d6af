import ComputeHost
import Database
public import ServiceCore

extension ComputeService {
    /// The sizes instances can have, smallest first.
    /// - Throws: `ServiceError`.
    public func flavors(as context: RequestContext) throws -> [Flavor] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.get, context)
            return try database.read { try flavors.all(in: $0) }.filter { $0.isPublic || context.isAdmin }
        }
    }

    /// - Throws: `ServiceError`: notFound.
    public func flavor(_ id: String, as context: RequestContext) throws -> Flavor {
        guard let flavor = try flavors(as: context).first(where: { $0.id == id }) else {
            throw ServiceError.notFound("Flavor", id)
        }
        return flavor
    }

    /// Replaces a flavor's extra specs. Instances keep those they were launched with.
    /// - Throws: `ServiceError`: notFound; invalid with violations on extra_specs.<key>.
    public func setExtraSpecs(_ specs: [String: String], ofFlavor id: String, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.updateFlavor, context)
            let violations = ExtraSpecRules.violations(in: specs)
            guard violations.isEmpty else { throw ServiceError.invalid(violations) }
            try database.write { transaction in
                guard try flavors.find(id, in: transaction) != nil else { throw ServiceError.notFound("Flavor", id) }
                try flavors.setExtraSpecs(specs, of: id, in: transaction)
            }
        }
    }

    /// A project's limits and what it uses of them.
    /// - Throws: `ServiceError`: notFound when the project is not the caller's.
    public func quota(projectID: String, as context: RequestContext) throws -> ComputeQuota {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.get, context)
            guard context.canSee(projectID: projectID) else { throw ServiceError.notFound("Project", projectID) }
            return try database.read { try quota(ofProject: projectID, in: $0) }
        }
    }

    /// Sets a project's limits; −1 is no limit.
    /// - Throws: `ServiceError`: invalid with violations on instances, cores, ram.
    public func setQuota(_ limits: ComputeResources, projectID: String, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.updateQuota, context)
            let fields = [("instances", limits.instances), ("cores", limits.cores), ("ram", limits.memoryMiB)]
            let violations = fields.filter { !(-1...Int(Int32.max)).contains($0.1) }.map { field, value in
                Violation(
                    field: field, code: "out_of_range",
                    message: Message("A limit is a whole number; -1 means no limit."), value: "\(value)")
            }
            guard violations.isEmpty else { throw ServiceError.invalid(violations) }
            try database.write { try quotas.set(limits, ofProject: projectID, in: $0) }
        }
    }

    func quota(ofProject projectID: String, in transaction: borrowing Transaction) throws -> ComputeQuota {
        ComputeQuota(
            limits: try quotas.limits(ofProject: projectID, in: transaction) ?? work.configuration.limits,
            used: try lifecycle.instances.use(ofProject: projectID, in: transaction))
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
