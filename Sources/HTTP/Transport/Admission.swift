import Glibc
import Synchronization

/// What connections are counted by: an IPv4 address, or the first half of an IPv6 address, since whoever has one
/// address of such a network has them all (RFC 6177). Clients of adopted listeners are apart: two networks may give the
/// same address to two machines.
struct ClientNetwork: Hashable, Sendable {
    private let bits: UInt64
    private let listener: ListenerName?

    /// The network of an address.
    init(_ address: SocketAddress, through listener: ListenerName? = nil) {
        let (high, low) = address.halves
        bits = ClientNetwork.isIPv4(high, low) ? low : high
        self.listener = listener
    }

    /// Whether the address is one of the loopback's.
    static func isThisMachine(_ address: SocketAddress) -> Bool {
        let (high, low) = address.halves
        return isIPv4(high, low) ? low >> 24 & 0xFF == 127 : high == 0 && low == 1
    }

    private static func isIPv4(_ high: UInt64, _ low: UInt64) -> Bool { high == 0 && low >> 32 == 0xFFFF }
}

/// Counts the connections of a server, those of all its loops together, and says who may have one more.
///
/// Asked once for each connection, never for a request: an atomic number for all, and a few locks, each for a part of
/// the networks, for what one network has.
final class Admission: Sendable {
    enum Answer: Equatable {
        case admitted
        /// The server has as many connections as it may.
        case full
        /// This client's network has as many as it may.
        case tooManyFromNetwork
    }

    /// Most connections at once.
    let limit: Int
    private let limitPerNetwork: Int
    private let open = Atomic<Int>(0)
    private let networks: [Lock<[ClientNetwork: Int]>]
    /// Connections that were not admitted.
    let refused = Atomic<Int>(0)
    /// Connections closed to make room for others.
    let evicted = Atomic<Int>(0)
    /// Bytes of requests and responses in memory that wait for clients, of all connections together.
    let buffered = Atomic<Int>(0)
    /// Connections closed because those were too many.
    let shed = Atomic<Int>(0)
    private let starvation = Lock(Starvation())

    init(limit: Int, perNetwork: Int) {
        self.limit = limit
        limitPerNetwork = perNetwork
        networks = (0..<16).map { _ in Lock([:]) }
    }

    /// How many there are.
    var count: Int { open.load(ordering: .relaxed) }

    var counts: ConnectionCounts {
        ConnectionCounts(
            open: count, refused: refused.load(ordering: .relaxed), evicted: evicted.load(ordering: .relaxed),
            shed: shed.load(ordering: .relaxed), bufferedBytes: buffered.load(ordering: .relaxed))
    }

    /// Counts one more connection, if there may be one. Without network only all together are counted.
    func admit(_ network: ClientNetwork?) -> Answer {
        guard open.add(1, ordering: .relaxed).newValue <= limit else {
            open.subtract(1, ordering: .relaxed)
            return .full
        }
        guard let network else { return .admitted }
        let isAdmitted = shard(of: network).withLock { counts in
            let count = counts[network, default: 0]
            guard count < limitPerNetwork else { return false }
            counts[network] = count + 1
            return true
        }
        if isAdmitted { return .admitted }
        open.subtract(1, ordering: .relaxed)
        return .tooManyFromNetwork
    }

    /// A connection that was admitted is closed.
    func leave(_ network: ClientNetwork?) {
        open.subtract(1, ordering: .relaxed)
        guard let network else { return }
        shard(of: network).withLock { counts in
            let count = counts[network, default: 1] - 1
            counts[network] = count > 0 ? count : nil
        }
    }

    /// A listener has found that no descriptors are left.
    /// - Returns: whether to say so in the log: once, however many listeners there are, and not all the time.
    func starvationBegan(now: UInt64) -> Bool {
        starvation.withLock { starvation in
            starvation.listeners += 1
            if starvation.listeners == 1 { starvation.isSaid = starvation.note.happened(now: now) != nil }
            return starvation.listeners == 1 && starvation.isSaid
        }
    }

    /// A listener has taken everyone who waited.
    /// - Returns: whether to say so in the log: when it was the last, and the log knows of the beginning.
    func starvationEnded() -> Bool {
        starvation.withLock { starvation in
            starvation.listeners -= 1
            return starvation.listeners == 0 && starvation.isSaid
        }
    }

    private struct Starvation {
        var listeners = 0
        var note = BoundedNote()
        var isSaid = false
    }

    private func shard(of network: ClientNetwork) -> Lock<[ClientNetwork: Int]> {
        networks[Int(UInt(bitPattern: network.hashValue) % UInt(networks.count))]
    }
}

/// Connections of a server, for metrics.
public struct ConnectionCounts: Hashable, Sendable {
    /// Open at present.
    public internal(set) var open = 0
    /// Turned away since the start: there were too many, or too many of the same client.
    public internal(set) var refused = 0
    /// Idle ones closed since the start to make room for others.
    public internal(set) var evicted = 0
    /// Slow ones closed since the start because too much waited for their like in memory.
    public internal(set) var shed = 0
    /// Bytes of requests and responses in memory that wait for slow clients at present.
    public internal(set) var bufferedBytes = 0
}

/// Lets the log say what can happen a thousand times a second once in ten seconds, with how often it happened.
struct BoundedNote {
    private var count = 0
    private var next: UInt64 = 0

    /// It happened once more.
    /// - Parameter now: microseconds.
    /// - Returns: how often since it was last said, when it is to be said now.
    mutating func happened(now: UInt64) -> Int? {
        count += 1
        guard now >= next else { return nil }
        next = now + 10_000_000
        defer { count = 0 }
        return count
    }
}

/// Lets something be done so many times a second, for whoever comes first.
struct Ration {
    private let perSecond: Int
    private var left = 0
    private var renewal: UInt64 = 0

    init(perSecond: Int) {
        self.perSecond = perSecond
    }

    /// Whether it may be done once more.
    /// - Parameter now: microseconds.
    mutating func take(now: UInt64) -> Bool {
        if now >= renewal { (left, renewal) = (perSecond, now + 1_000_000) }
        guard left > 0 else { return false }
        left -= 1
        return true
    }
}

/// How many files the process may have open.
enum DescriptorLimit {
    /// Raises the limit to what the system allows this process at most.
    /// - Returns: the limit.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }

    /// How many of so many descriptors connections may use: some are left for files, uploads and the database.
    static func connections(within limit: Int) -> Int {
        max(1, limit - max(32, min(1024, limit / 8)))
    }
}
