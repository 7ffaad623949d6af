public import ServiceCore

/// Blocks of addresses that subnets are cut from.
public struct SubnetPool: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<SubnetPool>
    /// Whose it is.
    public let projectID: String
    /// May be empty.
    public var name: String
    /// May be empty.
    public var description: String
    /// All prefixes are of this version.
    public let version: IPVersion
    /// In ascending order; none touches another.
    public var prefixes: [CIDR]
    /// The lengths of the prefixes that subnets may have.
    public var lengths: PrefixLengths
    /// Whether every project may cut subnets from it.
    public private(set) var shared: Bool
    /// Whether it is taken when a subnet of its version asks for "the default".
    public var isDefault: Bool
    /// How much a project may take: addresses of IPv4, blocks of 64 bits of IPv6; nil is no limit.
    public var defaultQuota: Int?
    /// The scope within which its addresses are unique.
    public var addressScopeID: ID<AddressScope>?
    /// Grows with every change.
    public var revision: Int
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was last changed.
    public var updatedAt: Timestamp

    /// The lengths of the prefixes that subnets may have: neutron's three attributes.
    public struct PrefixLengths: Sendable, Hashable {
        /// The smallest number, which is the largest subnet.
        public var min: Int
        /// The largest number, which is the smallest subnet.
        public var max: Int
        /// Of a subnet that asks for none.
        public var standard: Int
    }

    /// The name, or Horizon's stand-in for an unnamed pool.
    public var displayName: String { name.isEmpty ? "(\(id.text.prefix(13)))" : name }

    /// A pool that is shared with the caller's project alone is shared, to the caller.
    func shown(sharedWithCaller: Bool) -> SubnetPool {
        var pool = self
        pool.shared = shared || sharedWithCaller
        return pool
    }
}

/// A scope within which addresses are unique, so that routers need not translate them.
public struct AddressScope: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<AddressScope>
    /// Whose it is.
    public let projectID: String
    /// At most 255 characters.
    public var name: String
    /// Of its pools.
    public let version: IPVersion
    /// Whether every project may use it.
    public private(set) var shared: Bool

    /// A scope that is shared with the caller's project alone is shared, to the caller.
    func shown(sharedWithCaller: Bool) -> AddressScope {
        var scope = self
        scope.shared = shared || sharedWithCaller
        return scope
    }
}

/// An address scope that is wanted.
public struct NewAddressScope: Sendable {
    /// At most 255 characters.
    public var name: String
    /// Of its pools.
    public var version: IPVersion
    /// Whether every project may use it; administrators only.
    public var shared = false
    /// The owner; nil for the caller's project. Administrators may name another.
    public var projectID: String?

    /// A scope of the caller's project.
    public init(name: String, version: IPVersion) {
        self.name = name
        self.version = version
    }
}

/// A subnet pool that is wanted. Text is taken as typed: the service says every rule.
public struct NewSubnetPool: Sendable {
    /// At most 255 characters.
    public var name: String
    /// At most 255 characters.
    public var description = ""
    /// At least one block; blocks that touch are joined.
    public var prefixes: [AddressInput]
    /// Nil or empty for 8 (IPv4) or 64 (IPv6).
    public var minPrefixLength: String?
    /// Nil or empty for 32 or 128.
    public var maxPrefixLength: String?
    /// Nil or empty for the smallest.
    public var defaultPrefixLength: String?
    /// Whether every project may cut subnets from it; administrators only.
    public var shared = false
    /// Whether it is the default of its version; administrators only.
    public var isDefault = false
    /// Nil or empty for no limit.
    public var defaultQuota: String?
    /// A scope of the same version.
    public var addressScopeID: ID<AddressScope>?
    /// The owner; nil for the caller's project. Administrators may name another.
    public var projectID: String?

    /// A pool with everything left to the service.
    public init(name: String, prefixes: [AddressInput]) {
        self.name = name
        self.prefixes = prefixes
    }
}

/// Changes to a subnet pool; nil leaves a field alone.
public struct SubnetPoolUpdate: Sendable {
    /// At most 255 characters.
    public var name: String?
    /// At most 255 characters.
    public var description: String?
    /// Must hold all that the pool has.
    public var prefixes: [AddressInput]?
    /// As typed.
    public var minPrefixLength: String?
    /// As typed.
    public var maxPrefixLength: String?
    /// As typed.
    public var defaultPrefixLength: String?
    /// Whether it is the default of its version; administrators only.
    public var isDefault: Bool?
    /// As typed; empty takes the limit away.
    public var defaultQuota: String?
    /// Which address scope it is in.
    public enum Scope: Sendable, Hashable {
        case scope(ID<AddressScope>)
        case noScope
    }

    /// A scope of the same version, or none.
    public var scope: Scope?
    /// The revision the caller saw; another one in the database is a conflict, `revision_conflict`.
    public var revision: Int?

    /// No change yet.
    public init() {}
}
