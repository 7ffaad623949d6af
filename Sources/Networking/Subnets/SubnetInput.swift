public import ServiceCore

/// A subnet that is wanted. Text is taken as typed: the service says every rule.
public struct NewSubnet: Sendable {
    /// At most 255 characters; may be empty.
    public var name: String
    /// At most 255 characters.
    public var description = ""
    /// "address/prefix"; host bits are dropped. Empty for any block of ``subnetPoolID``.
    public var cidr: String
    /// The pool its addresses are to be cut from.
    public var subnetPoolID: ID<SubnetPool>?
    /// Whether they are to be cut from the default pool of ``version``, when no pool is named.
    public var usesDefaultPool = false
    /// The length of the prefix that is cut from the pool, as typed; nil or empty for the pool's default.
    public var prefixLength: String?
    /// What the caller believes the version to be; checked against the CIDR. Nil takes the CIDR's.
    public var version: IPVersion?
    /// Where guests send what leaves the subnet.
    public var gateway: GatewayInput = .automatic
    /// Whether the network's DHCP server serves the subnet.
    public var enableDHCP = true
    /// How IPv6 guests get their addresses; cannot be changed later.
    public var ipv6Mode: IPv6AddressMode?
    /// Empty: the usable range without the gateway.
    public var allocationPools: [PoolInput] = []
    /// Told to guests, in this order.
    public var dnsNameservers: [AddressInput] = []
    /// Told to guests, in this order.
    public var hostRoutes: [HostRouteInput] = []

    /// A subnet with everything left to the service.
    public init(name: String, cidr: String) {
        self.name = name
        self.cidr = cidr
    }
}

/// Changes to a subnet; nil leaves a field alone, an empty list clears it.
public struct SubnetUpdate: Sendable {
    /// At most 255 characters.
    public var name: String?
    /// At most 255 characters.
    public var description: String?
    /// Where guests send what leaves the subnet.
    public var gateway: GatewayInput?
    /// Whether the network's DHCP server serves the subnet.
    public var enableDHCP: Bool?
    /// Replaces all pools. Empty: back to the usable range without the gateway.
    public var allocationPools: [PoolInput]?
    /// Replaces all name servers.
    public var dnsNameservers: [AddressInput]?
    /// Replaces all routes.
    public var hostRoutes: [HostRouteInput]?
    /// The revision the caller saw; another one in the database is a conflict, `revision_conflict`.
    public var revision: Int?

    /// No change yet.
    public init() {}
}

/// The gateway of a subnet as wanted.
public enum GatewayInput: Sendable, Hashable {
    /// The first host (IPv4) or the network address (IPv6).
    case automatic
    /// As typed.
    case address(String)
    case disabled
}

/// An address as typed, with its line when it was one of several.
public struct AddressInput: Sendable, Hashable, ExpressibleByStringLiteral {
    /// As it was typed.
    public let text: String
    /// Counted from 1.
    public let line: Int?

    /// An address, and the line it was typed in.
    public init(_ text: String, line: Int? = nil) {
        self.text = text
        self.line = line
    }

    /// An address of no line.
    public init(stringLiteral text: String) { self.init(text) }

    /// One address a line; blank lines are skipped and counted.
    public static func lines(of text: String) -> [AddressInput] {
        TypedLine.all(in: text).map { AddressInput($0.text, line: $0.number) }
    }
}

/// An allocation pool as typed.
public struct PoolInput: Sendable, Hashable {
    /// What stood between the commas: two texts, when it was typed rightly.
    let parts: [String]
    /// Counted from 1.
    public let line: Int?

    /// A pool whose two ends were typed, or sent, apart.
    public init(start: String, end: String, line: Int? = nil) {
        parts = [start, end]
        self.line = line
    }

    /// "start,end" as a person types it; anything else is kept and refused with the rest.
    public init(typed text: String, line: Int? = nil) {
        parts = TypedLine.parts(of: text)
        self.line = line
    }

    /// One "start,end" a line; blank lines are skipped and counted.
    public static func lines(of text: String) -> [PoolInput] {
        TypedLine.all(in: text).map { PoolInput(typed: $0.text, line: $0.number) }
    }

    /// As it was typed.
    public var text: String { parts.joined(separator: ",") }
}

/// A host route as typed.
public struct HostRouteInput: Sendable, Hashable {
    /// What stood between the commas: destination and next hop, when it was typed rightly.
    let parts: [String]
    /// Counted from 1.
    public let line: Int?

    /// A route whose two parts were typed, or sent, apart.
    public init(destination: String, nextHop: String, line: Int? = nil) {
        parts = [destination, nextHop]
        self.line = line
    }

    /// "destination_cidr,next_hop" as a person types it; anything else is kept and refused with the rest.
    public init(typed text: String, line: Int? = nil) {
        parts = TypedLine.parts(of: text)
        self.line = line
    }

    /// One "destination_cidr,next_hop" a line; blank lines are skipped and counted.
    public static func lines(of text: String) -> [HostRouteInput] {
        TypedLine.all(in: text).map { HostRouteInput(typed: $0.text, line: $0.number) }
    }

    /// As it was typed.
    public var text: String { parts.joined(separator: ",") }
}
