import CMemcached
public import Logging
import Synchronization

/// Keeps sessions in memcached through one pool of connections.
///
/// A memcached that hangs would hold every request for the length of the poll time-out, so the first time-out opens a
/// circuit: for two seconds nobody asks, and everybody is told at once that the store is away.
public final class MemcachedSessionStore: SessionStore {
    private static let pollTimeoutMilliseconds = 1_000
    private static let pause = Duration.seconds(2)

    // libmemcached's pool locks itself; it is set once and freed with the last reference.
    nonisolated(unsafe) private let pool: OpaquePointer
    private let keyPrefix: String
    private let closedUntil = Mutex<ContinuousClock.Instant?>(nil)
    private let log: Logger

    /// - Parameters:
    ///   - servers: "127.0.0.1:11211" each, or the path of a socket.
    ///   - keyPrefix: keeps two dashboards apart that share a memcached.
    /// - Throws: `SessionStoreUnavailable` when a server's name makes no sense; that none answers is found later.
    public init(servers: [String], keyPrefix: String = "daybreak:", connections: Int = 16, logger: Logger) throws {
        var options = servers.map { $0.hasPrefix("/") ? "--SOCKET=\"\($0)\"" : "--SERVER=\($0)" }
        options += [
            "--POLL-TIMEOUT=\(Self.pollTimeoutMilliseconds)", "--CONNECT-TIMEOUT=\(Self.pollTimeoutMilliseconds)",
            "--TCP-NODELAY", "--BINARY-PROTOCOL", "--POOL-MIN=1", "--POOL-MAX=\(connections)",
        ]
        let text = options.joined(separator: " ")
        guard let pool = memcached_pool(text, text.utf8.count) else {
            throw SessionStoreUnavailable(reason: "memcached servers \(servers) are not understood")
        }
        self.pool = pool
        self.keyPrefix = keyPrefix
        log = logger
    }

    deinit {
        if let master = memcached_pool_destroy(pool) { memcached_free(master) }
    }

    /// See ``SessionStore``.
    public func load(_ key: String) throws -> [UInt8]? {
        try withConnection { connection in
            var length = 0
            var flags: UInt32 = 0
            var outcome = MEMCACHED_SUCCESS
            let key = keyPrefix + key
            let value = memcached_get(connection, key, key.utf8.count, &length, &flags, &outcome)
            defer { free(value) }
            guard outcome != MEMCACHED_NOTFOUND else { return (nil, MEMCACHED_SUCCESS) }
            guard outcome == MEMCACHED_SUCCESS, let value else { return (nil, outcome) }
            let bytes = UnsafeRawBufferPointer(start: value, count: length)
            return (Array(bytes), outcome)
        }
    }

    /// See ``SessionStore``.
    public func save(_ key: String, _ value: [UInt8], seconds: Int) throws {
        try withConnection { connection in
            let key = keyPrefix + key
            let outcome = value.withUnsafeBytes { bytes in
                memcached_set(
                    connection, key, key.utf8.count, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                    bytes.count, Self.expiry(seconds), 0)
            }
            return ((), outcome)
        }
    }

    /// See ``SessionStore``.
    public func remove(_ key: String) throws {
        try withConnection { connection in
            let key = keyPrefix + key
            let outcome = memcached_delete(connection, key, key.utf8.count, 0)
            return ((), outcome == MEMCACHED_NOTFOUND ? MEMCACHED_SUCCESS : outcome)
        }
    }

    private func withConnection<Value>(
        _ body: (UnsafeMutablePointer<memcached_st>) -> (Value, memcached_return_t)
    ) throws -> Value {
        if let until = closedUntil.withLock({ $0 }), ContinuousClock.now < until {
            throw SessionStoreUnavailable(reason: "memcached did not answer a moment ago")
        }
        var outcome = MEMCACHED_SUCCESS
        var patience = timespec(tv_sec: 0, tv_nsec: Self.pollTimeoutMilliseconds * 1_000_000)
        guard let connection = memcached_pool_fetch(pool, &patience, &outcome) else {
            throw SessionStoreUnavailable(reason: "no free connection to memcached")
        }
        let (value, result) = body(connection)
        guard result == MEMCACHED_SUCCESS else {
            let reason = String(cString: memcached_strerror(connection, result))
            // A connection that failed keeps libmemcached's own time-out; without it the next call tries anew.
            memcached_quit(connection)
            memcached_pool_release(pool, connection)
            open(because: reason)
            throw SessionStoreUnavailable(reason: reason)
        }
        memcached_pool_release(pool, connection)
        close()
        return value
    }

    private func open(because reason: String) {
        let wasOpen = closedUntil.withLock { until in
            defer { until = .now + Self.pause }
            return until != nil
        }
        if !wasOpen { log.error("the session store is away", metadata: ["reason": "\(reason)"]) }
    }

    private func close() {
        let wasOpen = closedUntil.withLock { until in
            defer { until = nil }
            return until != nil
        }
        if wasOpen { log.notice("the session store is back") }
    }

    /// Memcached takes more than 30 days for a moment in time.
    private static func expiry(_ seconds: Int) -> Int {
        min(max(seconds, 1), 30 * 86_400)
    }
}
