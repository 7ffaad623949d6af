public import Database

/// What has changed lately of the resources of which somebody keeps what he has read.
public struct RecentChanges: Hashable, Sendable {
    /// Counts the changes. What is read after it was asked for has at least these.
    public let version: Int64
    /// What changed since the version that was asked about, each with the version of its last change; nil when that was
    /// too long ago to tell.
    public let resources: [String: Int64]?

    public init(version: Int64, resources: [String: Int64]?) {
        self.version = version
        self.resources = resources
    }
}

/// The table of recent changes. Triggers of the tables that a resource is read from write it, in the transaction of each
/// change, so that nobody can forget to: see ``ServiceCoreSchema/recording(_:_:_:)``. Of all that ever changed it
/// keeps the last few thousand.
public struct ChangeStore: Sendable {
    public init() {}

    /// What changed after a version; 0 stands before the first change.
    /// - Throws: `DatabaseError`.
    public func changes(since version: Int64, in transaction: borrowing Transaction) throws -> RecentChanges {
        let rows = try transaction.map(
            "SELECT version, resource FROM recent_changes WHERE version >= \(version) ORDER BY version"
        ) { row in (version: try row[0] as Int64, resource: try row[1] as String) }
        guard let last = rows.last else { return RecentChanges(version: 0, resources: version == 0 ? [:] : nil) }
        guard rows[0].version == version else { return RecentChanges(version: last.version, resources: nil) }
        let resources = Dictionary(rows.dropFirst().map { ($0.resource, $0.version) }) { $1 }
        return RecentChanges(version: last.version, resources: resources)
    }
}
