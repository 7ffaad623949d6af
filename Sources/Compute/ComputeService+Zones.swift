import ComputeHost
import Database
public import ServiceCore

extension ComputeService {
    /// The zones a launch can name: those with a compute host that is enabled and up. When there is none at all the
    /// cloud's own zone is named all the same: the launch says better what is wrong.
    /// - Throws: `ServiceError`.
    public func availabilityZones(as context: RequestContext) throws -> [String] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.get, context)
            let zones = try database.read { try self.zones(in: $0) }
            let available = zones.filter(\.isAvailable).map(\.name)
            return available.isEmpty ? [work.configuration.availabilityZone] : available
        }
    }

    /// The zones of the compute hosts, without their hosts to others than administrators.
    /// - Throws: `ServiceError`.
    public func zoneStates(as context: RequestContext) throws -> [(name: String, isAvailable: Bool)] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.get, context)
            return try database.read { try self.zones(in: $0) }.map { ($0.name, $0.isAvailable) }
        }
    }

    /// Every zone with its hosts and their services, the controllers' own included.
    /// - Throws: `ServiceError`.
    public func availabilityZoneDetails(as context: RequestContext) throws -> [AvailabilityZone] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.aggregates, context)
            return try database.read { transaction in
                try Self.zones(of: services(in: transaction))
            }
        }
    }

    /// `zone:host` for each host an administrator can name at a launch; empty for others.
    /// - Throws: `ServiceError`.
    public func forcedHosts(as context: RequestContext) throws -> [String] {
        guard ComputePolicy.policy.allows(ComputePolicy.forcedHost, context) else { return [] }
        return try ServiceError.wrapping {
            try database.read { try self.zones(in: $0) }.flatMap { zone in zone.hosts.map { "\(zone.name):\($0.name)" }
            }
        }
    }

    /// The zones of the compute hosts.
    func zones(in transaction: borrowing Transaction) throws -> [AvailabilityZone] {
        Self.zones(of: try services(in: transaction).filter { $0.binary == ServiceRecord.compute })
    }

    private static func zones(of records: [ServiceRecord]) -> [AvailabilityZone] {
        let byZone = Dictionary(grouping: records, by: \.zone)
        return byZone.keys.sorted().map { name in
            let byHost = Dictionary(grouping: byZone[name] ?? [], by: \.host)
            return AvailabilityZone(
                name: name,
                hosts: byHost.keys.sorted().map { AvailabilityZone.Host(name: $0, services: byHost[$0] ?? []) })
        }
    }

    /// The zone of a launch, and the host an administrator names with `zone:host`.
    /// - Throws: `ServiceError`: forbidden when somebody else names a host.
    func check(
        zone asked: String?, as context: RequestContext, _ violations: inout [Violation]
    ) throws -> (name: String?, host: String?) {
        guard let asked = asked?.nonEmpty else { return (nil, nil) }
        func refuse(_ message: Message) {
            violations.append(
                Violation(field: "availability_zone", code: "not_found", message: message, value: asked))
        }
        let zones = try database.read { try self.zones(in: $0) }
        let parts = asked.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0].nonEmpty
        if let name, !zones.contains(where: { $0.name == name }) {
            refuse(Message("This availability zone does not exist."))
        }
        guard parts.count == 2 else { return (name, nil) }
        try ComputePolicy.policy.require(ComputePolicy.forcedHost, context)
        let host = parts[1]
        guard zones.contains(where: { $0.hosts.contains { $0.name == host } }), work.hosts.services(on: host) != nil
        else {
            refuse(Message("There is no compute host {host}.", ["host": host]))
            return (name, nil)
        }
        return (name, host)
    }
}
