import Database
public import ServiceCore

/// What a project's instances took in a stretch of time (nova: `os-simple-tenant-usage`).
public struct ProjectUsage: Sendable {
    /// Whose.
    public let projectID: String
    /// Those that ran then, oldest first.
    public let instances: [InstanceUsage]
}

/// What one instance took in a stretch of time.
public struct InstanceUsage: Sendable {
    /// Its row; of a deleted one as it last was.
    public let instance: Instance
    /// How long it was there within the stretch, in hours.
    public let hours: Double
    /// How long it has been there, in seconds.
    public let uptime: Int
}

extension ComputeService {
    /// What instances took between two moments, by project; for administrators of all projects.
    /// - Parameter projectID: nil for all.
    /// - Throws: `ServiceError`: forbidden for another project than the caller's.
    public func usage(
        ofProject projectID: String?, from start: Timestamp, to end: Timestamp, as context: RequestContext
    ) throws -> [ProjectUsage] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(projectID == nil ? ComputePolicy.usages : ComputePolicy.get, context)
            if let projectID, !context.canSee(projectID: projectID) {
                throw ServiceError.forbidden(ComputePolicy.usages)
            }
            let now = clock.now()
            let found = try database.read { transaction in
                try lifecycle.instances.existing(from: start, to: end, project: projectID, in: transaction)
            }
            let byProject = Dictionary(grouping: found, by: \.projectID)
            return byProject.keys.sorted().map { project in
                ProjectUsage(
                    projectID: project,
                    instances: (byProject[project] ?? []).map { InstanceUsage($0, from: start, to: end, now: now) })
            }
        }
    }
}

extension InstanceUsage {
    fileprivate init(_ instance: Instance, from start: Timestamp, to end: Timestamp, now: Timestamp) {
        let began = instance.launchedAt ?? instance.createdAt
        let ended = instance.deletedAt ?? min(end, now)
        let milliseconds = max(0, min(ended, end).milliseconds - max(began, start).milliseconds)
        self.instance = instance
        hours = Double(milliseconds) / 3_600_000
        uptime = Int(max(0, (instance.deletedAt ?? now).milliseconds - began.milliseconds) / 1000)
    }
}
