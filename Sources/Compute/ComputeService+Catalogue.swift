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

    /// nova's service list.
    /// - Throws: `ServiceError`.
    public func services(as context: RequestContext) throws -> [ServiceRecord] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.hypervisors, context)
            return try database.read { try serviceRecords.all(at: clock.now(), in: $0) }
        }
    }

    /// The hosts, with what they have and what was promised of it.
    /// - Throws: `ServiceError`.
    public func hypervisors(as context: RequestContext) throws -> [HypervisorRecord] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.hypervisors, context)
            let used = try database.read { try lifecycle.instances.useByHost(in: $0) }
            return work.hosts.hosts.compactMap { name in
                guard let hypervisor = work.hosts.services(on: name)?.hypervisor else { return nil }
                return HypervisorRecord(
                    host: name, identity: hypervisor.identity, capacity: try? hypervisor.capacity(),
                    promised: used[name] ?? HostResources(vcpus: 0, memoryMiB: 0, diskGiB: 0))
            }
        }
    }

    /// The zones a launch can name.
    /// - Throws: `ServiceError`.
    public func availabilityZones(as context: RequestContext) throws -> [String] {
        try ComputePolicy.policy.require(ComputePolicy.get, context)
        return [work.configuration.availabilityZone]
    }
}
