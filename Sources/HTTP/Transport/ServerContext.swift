import Glibc
import Logging

/// What all loops of a server share. Nothing in it changes.
struct ServerContext: Sendable {
    let router: Router
    let configuration: ServerConfiguration
    let hosts: AllowedHosts
    let workers: WorkerPool
    let admission: Admission
    let logger: Logger
}

/// The hosts a server answers for. Pages build links from the Host field; whoever could choose it freely could make
/// them point elsewhere (cache poisoning, password-reset mails).
struct AllowedHosts: Sendable {
    private let allowsAny: Bool
    private let names: Set<String>
    private let suffixes: [String]

    init(_ patterns: [String]) {
        let patterns = patterns.map { $0.lowercased() }
        allowsAny = patterns.contains("*")
        suffixes = patterns.filter { $0.hasPrefix(".") }
        names = Set(patterns.filter { !$0.hasPrefix(".") } + suffixes.map { String($0.dropFirst()) })
    }

    /// Whether requests for this host, with or without port, are answered.
    func allows(_ host: String) -> Bool {
        if allowsAny { return true }
        guard let (name, _) = Authority.split(host) else { return false }
        var lower = name.lowercased()
        if lower.hasSuffix(".") { lower.removeLast() }
        return names.contains(lower) || suffixes.contains { lower.hasSuffix($0) }
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
