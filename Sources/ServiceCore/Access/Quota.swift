/// How much of each resource a project may have. A resource that is not named has no limit.
public struct QuotaLimits: Hashable, Sendable {
    /// The stored value for "no limit", as in OpenStack.
    public static let unlimited = -1

    private let limits: [String: Int]

    /// Makes limits from names such as `instances`, `cores`; ``unlimited`` or any negative number means none.
    public init(_ limits: [String: Int]) {
        self.limits = limits
    }

    /// The names, sorted.
    public var resources: [String] { limits.keys.sorted() }

    /// The limit of a resource; nil when there is none.
    public subscript(resource: String) -> Int? {
        guard let limit = limits[resource], limit >= 0 else { return nil }
        return limit
    }

    /// These limits with some of them replaced.
    public func replacing(_ changes: [String: Int]) -> QuotaLimits {
        QuotaLimits(limits.merging(changes) { $1 })
    }
}

/// How much a project has.
public struct QuotaUse: Hashable, Sendable {
    private let used: [String: Int]

    /// Makes a use from names such as `instances`, `cores`.
    public init(_ used: [String: Int]) {
        self.used = used
    }

    /// How much of a resource is used.
    public subscript(resource: String) -> Int { used[resource] ?? 0 }

    /// Refuses an addition that would pass a limit. To be called in the transaction that then adds.
    /// - Throws: `ServiceError` of kind overQuota, naming the first resource (by name) that does not fit.
    public func require(adding requested: [String: Int], within limits: QuotaLimits) throws {
        for (resource, amount) in requested.sorted(by: { $0.key < $1.key }) where amount > 0 {
            guard let limit = limits[resource], self[resource] + amount > limit else { continue }
            throw ServiceError.overQuota(resource, requested: amount, used: self[resource], limit: limit)
        }
    }
}
