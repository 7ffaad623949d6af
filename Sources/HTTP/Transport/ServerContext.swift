import Glibc
import Logging

/// What all loops of a server share. Nothing in it changes.
final class ServerContext: Sendable {
    // Flat, and a reference, because every request asks for these: what lies inside a larger value is copied with it.
    let router: Router
    /// The router's parts that every request needs.
    let routes: RouteTree
    let admit: (@Sendable (Request) -> Response?)?
    let configuration: ServerConfiguration
    let limits: Limits
    let timeouts: TimeoutsInMicroseconds
    let hosts: AllowedHosts
    let workers: WorkerPool
    let admission: Admission
    let logger: Logger

    init(router: Router, configuration: ServerConfiguration, admission: Admission, logger: Logger) {
        self.router = router
        (routes, admit) = (router.routes, router.admit)
        self.admission = admission
        self.configuration = configuration
        limits = configuration.limits
        timeouts = TimeoutsInMicroseconds(configuration.timeouts)
        hosts = AllowedHosts(configuration.allowedHosts)
        workers = WorkerPool(threads: configuration.workers, capacity: configuration.limits.queuedRequests)
        self.logger = logger
    }
}

/// ``Timeouts`` on the loop's clock: a `Duration` is two words wide, and taking it apart is a division.
struct TimeoutsInMicroseconds: Sendable {
    let head, body, idle, write, silence, linger: UInt64
    /// Bytes a second.
    let minimumRate: Int

    init(_ timeouts: Timeouts) {
        head = timeouts.head.inMicroseconds
        body = timeouts.body.inMicroseconds
        idle = timeouts.idle.inMicroseconds
        write = timeouts.write.inMicroseconds
        silence = timeouts.silence.inMicroseconds
        linger = timeouts.linger.inMicroseconds
        minimumRate = timeouts.minimumRate
    }
}

/// The hosts a server answers for. Pages build links from the Host field; whoever could choose it freely could make
/// them point elsewhere (cache poisoning, password-reset mails).
struct AllowedHosts: Sendable {
    private let allowsAny: Bool
    private let names: [[UInt8]]
    /// With their leading dot.
    private let suffixes: [[UInt8]]

    init(_ patterns: [String]) {
        let patterns = patterns.map { $0.lowercased() }
        allowsAny = patterns.contains("*")
        let dotted = patterns.filter { $0.hasPrefix(".") }
        suffixes = dotted.map { Array($0.utf8) }
        names = (patterns.filter { !$0.hasPrefix(".") } + dotted.map { String($0.dropFirst()) }).map { Array($0.utf8) }
    }

    /// Whether a request for its host, with or without port, is answered. What a trusted proxy calls the host counts.
    func allows(_ head: RequestHead, behind client: ForwardedClient? = nil) -> Bool {
        if allowsAny { return true }
        guard let host = client?.host else { return head.withHost { allows($0) } }
        return Array(host.utf8).withUnsafeBufferPointer { allows($0) }
    }

    private func allows(_ host: UnsafeBufferPointer<UInt8>) -> Bool {
        guard var (name, _) = Authority.split(host) else { return false }
        if name.last == UInt8(ascii: ".") { name = UnsafeBufferPointer(rebasing: name.dropLast()) }
        // By index: going through a list holds on to it, each time.
        for index in names.indices where name.count == names[index].count && ends(name, names[index]) { return true }
        for index in suffixes.indices where name.count >= suffixes[index].count && ends(name, suffixes[index]) {
            return true
        }
        return false
    }

    @inline(__always)
    private func ends(_ name: UnsafeBufferPointer<UInt8>, _ lowercase: [UInt8]) -> Bool {
        let start = name.count - lowercase.count
        for index in lowercase.indices where Grammar.lowercased(name[start + index]) != lowercase[index] {
            return false
        }
        return true
    }
}

/// Random numbers for request ids: xoshiro256**, seeded by the kernel. Unique, not secret.
struct FastRandom: RandomNumberGenerator {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init() {
        var system = SystemRandomNumberGenerator()
        state = (system.next() | 1, system.next(), system.next(), system.next())
    }

    mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }
}
