import Database
import Networking
public import ServiceCore

extension ComputeService {
    /// What lists of nova's API show beside the instances themselves, for a page of them. The number of queries does not
    /// depend on how many they are.
    /// - Throws: `ServiceError`.
    public func details(
        of instances: [Instance], as context: RequestContext
    ) throws -> [ID<Instance>: InstanceDetails] {
        guard !instances.isEmpty else { return [:] }
        return try ServiceError.wrapping {
            let ids = instances.map(\.id)
            let isToldAll = seesInternals(context)
            let groups = try networking.securityGroupNames(instanceIDs: ids.map(\.text))
            let floating = try networking.floatingAddresses(instanceIDs: ids.map(\.text))
            return try database.read { transaction in
                let metadata = try lifecycle.metadata.metadata(of: ids, in: transaction)
                let tags = try lifecycle.tags.tags(of: ids, in: transaction)
                let wishes = try lifecycle.specs.wishes(of: ids, in: transaction)
                let statuses = isToldAll ? try hostStatuses(in: transaction) : HostStatuses()
                var hostIDs: [[String]: String] = [:]
                let details = instances.map { instance in
                    let place = [instance.projectID, instance.host ?? ""]
                    let hostID = hostIDs[place] ?? instance.hostID
                    hostIDs[place] = hostID
                    let details = InstanceDetails(
                        metadata: metadata[instance.id] ?? [:], tags: tags[instance.id] ?? [],
                        securityGroups: groups[instance.id.text] ?? [],
                        floatingAddresses: floating[instance.id.text] ?? [],
                        userData: isToldAll ? wishes[instance.id]?.userData : nil,
                        requestedZone: wishes[instance.id]?.zone,
                        hostID: hostID,
                        internals: isToldAll ? internals(of: instance) : nil,
                        hostStatus: isToldAll ? statuses[instance.host] : "")
                    return (instance.id, details)
                }
                return Dictionary(details) { first, _ in first }
            }
        }
    }

    /// What is said of each host now; nothing to callers who are not told where instances are.
    /// - Throws: `ServiceError`.
    public func hostStatuses(as context: RequestContext) throws -> HostStatuses {
        guard seesInternals(context) else { return HostStatuses() }
        return try ServiceError.wrapping { try database.read { try hostStatuses(in: $0) } }
    }

    private func hostStatuses(in transaction: borrowing Transaction) throws -> HostStatuses {
        let hosts = try services(in: transaction).filter { $0.binary == ServiceRecord.compute }
        return HostStatuses(Dictionary(hosts.map { ($0.host, $0.hostStatus) }) { first, _ in first })
    }
}
