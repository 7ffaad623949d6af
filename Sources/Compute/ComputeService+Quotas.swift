import ComputeHost
import Database
public import ServiceCore

extension ComputeService {
    /// A project's limits of instances, cores and memory, and what it uses of them.
    /// - Throws: `ServiceError`: forbidden when the project is not the caller's.
    public func quota(projectID: String, as context: RequestContext) throws -> ComputeQuota {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.get, context)
            guard context.canSee(projectID: projectID) else { throw ServiceError.forbidden(ComputePolicy.get) }
            return try database.read { try quota(ofProject: projectID, in: $0) }
        }
    }

    /// Every limit of a project, and what it uses.
    /// - Throws: `ServiceError`: forbidden when the project is not the caller's.
    public func limits(projectID: String, as context: RequestContext) throws -> ComputeLimits {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.get, context)
            guard context.canSee(projectID: projectID) else { throw ServiceError.forbidden(ComputePolicy.get) }
            return try database.read { transaction in
                let used = try lifecycle.instances.use(ofProject: projectID, in: transaction)
                return ComputeLimits(
                    limits: try limits(ofProject: projectID, in: transaction),
                    used: [
                        .instances: used.instances, .cores: used.cores, .ram: used.memoryMiB,
                        .serverGroups: try groups.count(ofProject: projectID, in: transaction),
                    ])
            }
        }
    }

    /// The limits of projects that have none of their own.
    /// - Throws: `ServiceError`.
    public func defaultLimits(as context: RequestContext) throws -> ComputeLimits {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.get, context)
            return try database.read {
                ComputeLimits(limits: try limits(ofProject: ComputeQuotaStore.defaultClass, in: $0), used: [:])
            }
        }
    }

    /// Sets a project's limits; −1 is no limit.
    /// - Throws: `ServiceError`: invalid with violations on instances, cores, ram.
    public func setQuota(_ limits: ComputeResources, projectID: String, as context: RequestContext) throws {
        try setLimits(
            [.instances: limits.instances, .cores: limits.cores, .ram: limits.memoryMiB], projectID: projectID,
            force: true, as: context)
    }

    /// Sets some of a project's limits, or with nil those of all that have none of their own; −1 is no limit.
    /// - Parameter force: whether a limit may be less than what is used.
    /// - Throws: `ServiceError`: forbidden; invalid with violations on the names of the limits.
    public func setLimits(
        _ changes: [ComputeLimit: Int], projectID: String?, force: Bool = false, as context: RequestContext
    ) throws {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.updateQuota, context)
            var violations = changes.sorted { $0.key.rawValue < $1.key.rawValue }
                .filter { !(-1...Int(Int32.max)).contains($0.value) }.map { limit, value in
                    Violation(
                        field: limit.rawValue, code: "out_of_range",
                        message: Message("A limit is a whole number; -1 means no limit."), value: "\(value)")
                }
            if let projectID, !force { violations += try overrun(changes, projectID: projectID, as: context) }
            guard violations.isEmpty else { throw ServiceError.invalid(violations) }
            let named = Dictionary(changes.map { ($0.key.rawValue, $0.value) }) { first, _ in first }
            try database.write {
                try quotas.set(named, ofProject: projectID ?? ComputeQuotaStore.defaultClass, in: $0)
            }
        }
    }

    /// Gives a project the default limits again.
    /// - Throws: `ServiceError`: forbidden.
    public func resetLimits(projectID: String, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.updateQuota, context)
            try database.write { try quotas.clear(ofProject: projectID, in: $0) }
        }
    }

    private func overrun(
        _ changes: [ComputeLimit: Int], projectID: String, as context: RequestContext
    ) throws -> [Violation] {
        let used = try limits(projectID: projectID, as: context).used
        return changes.filter { $0.value >= 0 && $0.value < used[$0.key] ?? 0 }.map { limit, value in
            Violation(
                field: limit.rawValue, code: "below_use",
                message: Message(
                    "Quota limit {limit} for {resource} must be greater than or equal to already used {used}.",
                    ["limit": "\(value)", "resource": limit.rawValue, "used": "\(used[limit] ?? 0)"]),
                value: "\(value)")
        }
    }

    /// Refuses what would pass a limit.
    /// - Parameters:
    ///   - used: what there is already of what is counted.
    ///   - projectID: whose limit it is; nil for a caller without a project, to whom the limits of all apply.
    ///   - field: where a form asks for it.
    /// - Throws: `ServiceError`: overQuota with a violation on the field.
    func require(
        _ requested: Int, of limit: ComputeLimit, besides used: Int = 0, ofProject projectID: String?, field: String,
        in transaction: borrowing Transaction
    ) throws {
        let limits = try limits(ofProject: projectID ?? ComputeQuotaStore.defaultClass, in: transaction)
        guard let most = limits[limit], most >= 0, used + requested > most else { return }
        let error = ServiceError.overQuota(limit.rawValue, requested: requested, used: used, limit: most)
        let violation = Violation(field: field, code: error.code, message: error.message, value: "\(requested)")
        throw ServiceError(.overQuota, code: error.code, error.message, violations: [violation])
    }

    /// Refuses more key-value pairs than an instance of a project may have. None is never too many, as in nova.
    func requireRoom(
        for metadata: [String: String], ofProject projectID: String, in transaction: borrowing Transaction
    ) throws {
        guard !metadata.isEmpty else { return }
        try require(metadata.count, of: .metadataItems, ofProject: projectID, field: "metadata", in: transaction)
    }

    /// Refuses more files for a guest than a project may give it, longer ones, and longer paths.
    func requireRoom(
        for files: [InjectedFile], ofProject projectID: String, in transaction: borrowing Transaction
    ) throws {
        guard !files.isEmpty else { return }
        let sizes: [(ComputeLimit, Int)] = [
            (.injectedFiles, files.count), (.injectedFileContentBytes, files.map(\.contents.count).max() ?? 0),
            (.injectedFilePathBytes, files.map(\.path.utf8.count).max() ?? 0),
        ]
        for (limit, size) in sizes {
            try require(size, of: limit, ofProject: projectID, field: "personality", in: transaction)
        }
    }

    func quota(ofProject projectID: String, in transaction: borrowing Transaction) throws -> ComputeQuota {
        let limits = try limits(ofProject: projectID, in: transaction)
        return ComputeQuota(
            limits: ComputeResources(
                instances: limits[.instances] ?? -1, cores: limits[.cores] ?? -1, memoryMiB: limits[.ram] ?? -1),
            used: try lifecycle.instances.use(ofProject: projectID, in: transaction))
    }

    /// What was set for the project, else for all projects, else in the settings, else nova's default.
    func limits(
        ofProject projectID: String, in transaction: borrowing Transaction
    ) throws -> [ComputeLimit: Int] {
        let common = try quotas.limits(ofProject: ComputeQuotaStore.defaultClass, in: transaction)
        let own =
            projectID == ComputeQuotaStore.defaultClass
            ? [:] : try quotas.limits(ofProject: projectID, in: transaction)
        let configured = work.configuration.limits
        let settings: [ComputeLimit: Int] = [
            .instances: configured.instances, .cores: configured.cores, .ram: configured.memoryMiB,
        ]
        return Dictionary(
            uniqueKeysWithValues: ComputeLimit.allCases.map { limit in
                (limit, own[limit.rawValue] ?? common[limit.rawValue] ?? settings[limit] ?? limit.standard)
            })
    }
}
