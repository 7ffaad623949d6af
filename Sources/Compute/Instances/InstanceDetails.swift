import Cryptography
public import Networking
import ServiceCore

/// What nova's API shows of an instance beside its row.
public struct InstanceDetails: Sendable {
    /// The owner's key-value pairs.
    public let metadata: [String: String]
    /// Sorted.
    public let tags: [String]
    /// The names of the groups of its ports, by port and name.
    public let securityGroups: [String]
    /// The floating IPs that lead to it.
    public let floatingAddresses: [InstanceAddress]
    /// What the guest was given to read at its first start; nil for others than administrators, and when there is none.
    public let userData: [UInt8]?
    /// The zone that was named at the launch (nova: `pinned_availability_zone`); nil for none.
    public let requestedZone: String?
    /// As ``Instance/hostID``, worked out once for each host.
    public let hostID: String
    /// Nil for callers whose role does not let them know.
    public let internals: InstanceInternals?
    /// nova's `host_status`: UP, DOWN, MAINTENANCE, UNKNOWN, or "" while it is on no host. For administrators.
    public let hostStatus: String
}

extension Instance {
    /// What tells owners whether two of their instances share a host, and nothing else (nova: `hostId`); "" for an
    /// instance on no host.
    public var hostID: String { Self.hostID(host, ofProject: projectID) }

    /// The same for any host.
    public static func hostID(_ host: String?, ofProject projectID: String) -> String {
        guard let host else { return "" }
        return String(SHA256.hash(Array((projectID + host).utf8)).hexadecimal.prefix(56))
    }
}

/// nova's `host_status` of each host.
public struct HostStatuses: Sendable {
    private let words: [String: String]

    init(_ words: [String: String] = [:]) {
        self.words = words
    }

    /// UP, DOWN or MAINTENANCE; UNKNOWN for a host nobody knows, "" for no host.
    public subscript(host: String?) -> String { host.map { words[$0] ?? "UNKNOWN" } ?? "" }
}

extension ServiceRecord {
    /// nova's word for a host with this service.
    var hostStatus: String { !isEnabled ? "MAINTENANCE" : isUp ? "UP" : "DOWN" }
}
