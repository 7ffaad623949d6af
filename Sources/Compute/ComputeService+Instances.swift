import ComputeHost
import Database
import Networking
public import ServiceCore

extension ComputeService {
    /// One stretch of the caller's project's instances, newest first; for administrators with `allProjects`, of all.
    /// The number of queries does not depend on the number of instances. Their key-value pairs are not read.
    /// - Throws: `ServiceError`.
    public func instances(
        _ filter: InstanceFilter = InstanceFilter(), page: PageRequest = PageRequest(), as context: RequestContext
    ) throws -> Page<Instance> {
        try ServiceError.wrapping {
            let found = try list(.whole, filter, page, context)
            return found.with(try withAddresses(found.items))
        }
    }

    /// The same stretch, of which only the ids are read.
    /// - Throws: `ServiceError`.
    public func instanceIDs(
        _ filter: InstanceFilter = InstanceFilter(), page: PageRequest = PageRequest(), as context: RequestContext
    ) throws -> Page<ID<Instance>> {
        try ServiceError.wrapping { try list(.ids, filter, page, context) }
    }

    /// Those of some instances that the caller may see, deleted ones too, in no order. Their key-value pairs are not read.
    /// - Throws: `ServiceError`.
    public func instances(_ ids: [ID<Instance>], as context: RequestContext) throws -> [Instance] {
        guard !ids.isEmpty else { return [] }
        return try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.get, context)
            let found = try database.read { try lifecycle.instances.find(ids, in: $0) }
            return try withAddresses(found.filter { context.canSee(projectID: $0.projectID) })
        }
    }

    /// Which instances a list would show otherwise than at an earlier version, by id, among other resources. What is read
    /// after this has at least the changes up to the version it tells; what depends on time, ``hostStatuses(as:)``, is not
    /// counted.
    /// - Throws: `ServiceError`.
    public func changes(since version: Int64) throws -> RecentChanges {
        try ServiceError.wrapping { try database.read { try ChangeStore().changes(since: version, in: $0) } }
    }

    private func list<Item>(
        _ reading: InstanceReading<Item>, _ filter: InstanceFilter, _ page: PageRequest, _ context: RequestContext
    ) throws -> Page<Item> {
        try ComputePolicy.policy.require(ComputePolicy.get, context)
        let project = context.isAdmin && filter.allProjects ? filter.projectID : try context.requireProject()
        var filter = filter
        // As in nova, and lest owners find out by asking.
        if !seesInternals(context) { filter.host = nil }
        if !context.isAdmin { filter.deleted = false }
        try resolveAddresses(in: &filter)
        return try database.read { transaction in
            try requireMarker(page.marker, filter, project, in: transaction)
            try resolveName(in: &filter, project, page, transaction)
            let instances = lifecycle.instances
            let found = try instances.list(reading, filter, project: project, page: page, in: transaction)
            guard let start = page.restarted(after: found) else { return found }
            return try instances.list(reading, filter, project: project, page: start, in: transaction)
        }
    }

    /// Who has an address is Networking's to know.
    private func resolveAddresses(in filter: inout InstanceFilter) throws {
        for (text, version) in [(filter.ip, IPVersion.v4), (filter.ip6, .v6)] {
            guard let text else { continue }
            let found = try networking.instanceIDs(addressContains: text, version: version)
            filter.ids = filter.ids.map { ids in found.filter(Set(ids).contains) } ?? found
        }
    }

    private func resolveName(
        in filter: inout InstanceFilter, _ project: String?, _ page: PageRequest, _ transaction: borrowing Transaction
    ) throws {
        guard let pattern = filter.namePattern else { return }
        guard !pattern.isPlain else {
            filter.name = pattern.text
            return
        }
        let found = try lifecycle.instances.ids(
            matching: pattern, filter, project: project, page: page, in: transaction)
        filter.ids = filter.ids.map { ids in found.filter(Set(ids).contains) } ?? found
    }

    private func requireMarker(
        _ marker: String?, _ filter: InstanceFilter, _ project: String?, in transaction: borrowing Transaction
    ) throws {
        guard filter.requiresMarker, let marker else { return }
        let instance = try lifecycle.instances.find(ID(marker), in: transaction)
        guard let instance, project == nil || instance.projectID == project else {
            throw ServiceError.invalid([.unknownMarker(marker)])
        }
    }

    /// The id of the server group an instance is in; nil for none.
    /// - Throws: `ServiceError`: notFound.
    public func serverGroupID(of id: ID<Instance>, as context: RequestContext) throws -> String? {
        try ServiceError.wrapping {
            try database.read { transaction in
                _ = try visible(id, as: context, in: transaction)
                return try groups.group(of: id, in: transaction)
            }
        }
    }

    /// - Throws: `ServiceError`: notFound when it does not exist or belongs to another project.
    public func instance(_ id: ID<Instance>, as context: RequestContext) throws -> Instance {
        try ServiceError.wrapping {
            var instance = try withAddresses([read(id, as: context)])[0]
            instance.metadata = try database.read { try lifecycle.metadata.metadata(of: id, in: $0) }
            return instance
        }
    }

    /// The recorded steps of an instance's launch, in their order; on which host it is said to administrators only.
    /// - Throws: `ServiceError`.
    public func timeline(of id: ID<Instance>, as context: RequestContext) throws -> [InstanceStep] {
        try ServiceError.wrapping {
            _ = try read(id, as: context)
            let steps = try database.read { try lifecycle.history.steps(of: id, in: $0) }
            return seesInternals(context) ? steps : steps.map(\.withoutHost)
        }
    }

    /// What was said about the hosts when the instance was scheduled: about each by name to administrators, about how many
    /// to others. Nil when it has not been.
    /// - Throws: `ServiceError`.
    public func scheduling(of id: ID<Instance>, as context: RequestContext) throws -> SchedulingReport? {
        try ServiceError.wrapping {
            _ = try read(id, as: context)
            let decision = try database.read { try lifecycle.specs.decision(of: id, in: $0) }
            return decision.map { seesInternals(context) ? .decision($0) : .summary(SchedulingSummary($0)) }
        }
    }

    /// What was asked for and what came of it, newest first; on which hosts is said to administrators only.
    /// - Parameter evenDeleted: whether it may have been deleted (microversion 2.21).
    /// - Throws: `ServiceError`.
    public func actionLog(
        of id: ID<Instance>, evenDeleted: Bool = false, as context: RequestContext
    ) throws -> [InstanceActionRecord] {
        try ServiceError.wrapping {
            let project = try read(id, evenDeleted: evenDeleted, as: context).projectID
            let records = try database.read { try lifecycle.history.actions(of: id, in: $0) }
                .map { $0.withHostIDs(ofProject: project) }
            return seesInternals(context) ? records : records.map(\.withoutHosts)
        }
    }

    /// The last `tail` lines of what the guest wrote to its serial port; nil for all the host gives.
    /// - Throws: `ServiceError`: conflict before a host has been chosen; unavailable when the host does not answer.
    public func consoleLog(of id: ID<Instance>, tail: Int?, as context: RequestContext) throws -> [UInt8] {
        try ServiceError.wrapping {
            let rule = InstanceAction.viewLog.rule
            let host = try host(of: database.read { try visible(id, for: rule, as: context, in: $0) })
            return try asking { try host.disks.consoleLog(of: id.text, tail: tail.map { max(0, $0) }) }
        }
    }

    private func read(
        _ id: ID<Instance>, evenDeleted: Bool = false, as context: RequestContext
    ) throws -> Instance {
        try database.read {
            try visible(id, for: ComputePolicy.get, evenDeleted: evenDeleted, as: context, in: $0)
        }
    }

    private func host(of instance: Instance) throws -> HostServices {
        guard let name = instance.host, let host = work.hosts.services(on: name) else {
            throw ServiceError.conflict(code: "no_host", Message("The instance is not on a host."))
        }
        return host
    }

    private func withAddresses(_ instances: [Instance]) throws -> [Instance] {
        let addresses = try networking.addresses(instanceIDs: instances.map(\.id.text))
        var instances = instances
        for index in instances.indices { instances[index].addresses = addresses[instances[index].id.text] ?? [] }
        return instances
    }

    /// Runs a question to a host for a caller who waits for the answer.
    func asking<T>(_ question: () throws -> T) throws -> T {
        do {
            return try question()
        } catch {
            guard let error = error as? HostError else { throw error }
            if case .notFound = error { throw ServiceError.notFound("Domain", "") }
            throw ServiceError.unavailable(Message("The host does not answer: {reason}", ["reason": error.reason]))
        }
    }
}
