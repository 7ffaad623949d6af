import Database
public import ServiceCore

/// A change of an instance's size, as nova lists it among its migrations.
public struct InstanceMigration: Sendable, Hashable {
    /// Grows with every one.
    public let number: Int
    /// The name newer clients know it by.
    public let uuid: String
    /// Whose size changes.
    public let instanceID: ID<Instance>
    /// How far it is.
    public let status: MigrationStatus
    /// Where it happens: instances of this cloud keep their host.
    public let host: String?
    /// What the instance was.
    public let oldFlavorID: String
    /// What it becomes.
    public let newFlavorID: String
    /// Who asked for it.
    public let userID: String
    /// Whose instance it is.
    public let projectID: String
    /// When it was asked for.
    public let createdAt: Timestamp
    /// When it last got further.
    public let updatedAt: Timestamp
}

/// nova's states of a migration, as far as a resize has them.
public enum MigrationStatus: String, Sendable, CaseIterable {
    case migrating, finished, confirmed, reverted, error

    /// What an event makes of a resize that is under way; nil when it is no event of one.
    init?(after event: InstanceEvent, in state: InstanceState) {
        switch (event, state.task) {
        case (.resized, _): self = .finished
        case (.resizeConfirmed, _): self = .confirmed
        case (.resizeReverted, _): self = .reverted
        case (.failed, .resizePrep), (.broken, .resizeMigrating), (.broken, .resizeFinish): self = .error
        default: return nil
        }
    }
}

/// What a list of migrations is narrowed to; nil means any.
public struct MigrationFilter: Sendable {
    /// Of this instance.
    public var instanceID: String?
    /// In this state, by nova's name.
    public var status: String?
    /// On this host.
    public var host: String?
    /// Asked for by this user.
    public var userID: String?
    /// Of this project's instances.
    public var projectID: String?
    /// Changed then or later.
    public var changesSince: Timestamp?
    /// Changed then or earlier.
    public var changesBefore: Timestamp?
    /// The UUID of the last one of the page before.
    public var marker: String?
    /// How many at most.
    public var limit = PageRequest.largest

    /// All.
    public init() {}
}

extension ComputeService {
    /// Resizes, newest first.
    /// - Throws: `ServiceError`: forbidden; invalid with a violation on marker.
    public func migrations(
        _ filter: MigrationFilter = MigrationFilter(), as context: RequestContext
    ) throws -> Page<InstanceMigration> {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.migrations, context)
            return try database.read { transaction in
                let store = lifecycle.migrations
                if let marker = filter.marker, try !store.exists(marker, in: transaction) {
                    throw ServiceError.invalid([.unknownMarker(marker)])
                }
                let found = try store.list(filter, limit: filter.limit + 1, in: transaction)
                let items = Array(found.prefix(filter.limit))
                return Page(items: items, next: found.count > filter.limit ? items.last?.uuid : nil)
            }
        }
    }
}

extension Violation {
    /// The marker names nothing that a page could go on after.
    static func unknownMarker(_ marker: String) -> Violation {
        Violation(
            field: "marker", code: "unknown_marker",
            message: Message("marker [{marker}] not found", ["marker": marker]), value: marker)
    }
}
