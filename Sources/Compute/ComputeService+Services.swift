import ComputeHost
import Database
public import ServiceCore

extension ComputeService {
    /// nova's service list: the controllers, then the compute hosts.
    /// - Throws: `ServiceError`.
    public func services(as context: RequestContext) throws -> [ServiceRecord] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.hypervisors, context)
            return try database.read { try services(in: $0) }
        }
    }

    /// Lets a compute host take launches again, or no more. Instances that are there stay and run.
    /// - Parameter reason: at most 255 characters; kept while it is disabled.
    /// - Throws: `ServiceError`: notFound; unsupported for a service that is not nova-compute; invalid with a violation
    ///   on disabled_reason.
    @discardableResult
    public func setService(
        _ binary: String, on host: String, enabled: Bool, reason: String? = nil, as context: RequestContext
    ) throws -> ServiceRecord {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.updateService, context)
            let reason = reason?.trimmed
            if let violation = reason.flatMap({ PlainText.violation(in: $0, field: "disabled_reason") }) {
                throw ServiceError.invalid([violation])
            }
            return try database.write { transaction in
                let service = try find(binary, on: host, in: transaction)
                guard binary == ServiceRecord.compute else {
                    throw ServiceError.unsupported(
                        Message("Only nova-compute can be disabled; {binary} cannot.", ["binary": binary]))
                }
                let kept = reason.flatMap { $0.isEmpty ? nil : $0 }
                try serviceRecords.set(service, enabled: enabled, reason: kept, in: transaction)
                announceHost(host, in: transaction)
                return try find(binary, on: host, in: transaction)
            }
        }
    }

    /// Says that a host is down, whatever its heartbeat says, or says so no more (microversion 2.11).
    /// - Throws: `ServiceError`: notFound; unsupported for a service that is not nova-compute.
    @discardableResult
    public func forceDown(
        _ binary: String, on host: String, _ isDown: Bool, as context: RequestContext
    ) throws -> ServiceRecord {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.updateService, context)
            return try database.write { transaction in
                let service = try find(binary, on: host, in: transaction)
                guard binary == ServiceRecord.compute else {
                    throw ServiceError.unsupported(
                        Message("Only nova-compute can be disabled; {binary} cannot.", ["binary": binary]))
                }
                try serviceRecords.setForcedDown(service, isDown, in: transaction)
                announceHost(host, in: transaction)
                return try find(binary, on: host, in: transaction)
            }
        }
    }

    /// Forgets a service, such as that of a host that was taken out of the settings. One that still is there is
    /// registered again with the next start.
    /// - Throws: `ServiceError`: notFound; conflict while there are instances on the host.
    public func deleteService(_ binary: String, on host: String, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.updateService, context)
            try database.write { transaction in
                let service = try find(binary, on: host, in: transaction)
                if binary == ServiceRecord.compute {
                    guard try !lifecycle.instances.isUsed(host: host, in: transaction) else {
                        throw ServiceError.conflict(
                            code: "host_in_use",
                            Message("There are instances on the host {host}; it cannot be forgotten.", ["host": host]))
                    }
                    for aggregate in try aggregates.all(in: transaction) where aggregate.hosts.contains(host) {
                        try aggregates.removeHost(host, from: aggregate.id, in: transaction)
                    }
                    try nodes.delete(host, in: transaction)
                }
                try serviceRecords.delete(service, in: transaction)
            }
        }
    }

    /// The list with the zones of the compute hosts as their aggregates have them now.
    func services(in transaction: borrowing Transaction) throws -> [ServiceRecord] {
        let zones = try aggregates.zones(in: transaction)
        return try serviceRecords.all(at: clock.now(), in: transaction).map { record in
            var record = record
            if record.binary == ServiceRecord.compute, let zone = zones[record.host] { record.zone = zone }
            return record
        }
    }

    private func find(
        _ binary: String, on host: String, in transaction: borrowing Transaction
    ) throws -> ServiceRecord {
        guard let record = try services(in: transaction).first(where: { $0.binary == binary && $0.host == host })
        else { throw ServiceError.notFound("Service", "\(binary)@\(host)") }
        return record
    }

    func announceHost(_ host: String, in transaction: borrowing Transaction) {
        lifecycle.events.publish(
            ResourceEvent(kind: "host", id: host, projectID: nil, what: .updated), in: transaction)
    }

    /// Every host and controller has its line in the list from the first start on, whether it has reported or not.
    func registerServices(in transaction: borrowing Transaction) throws {
        for binary in ServiceRecord.controllers {
            try serviceRecords.register(
                binary, on: work.configuration.controllerName, zone: AvailabilityZone.internal, in: transaction)
        }
        for host in work.hosts.hosts {
            try serviceRecords.register(
                ServiceRecord.compute, on: host, zone: work.configuration.availabilityZone, in: transaction)
        }
    }
}
