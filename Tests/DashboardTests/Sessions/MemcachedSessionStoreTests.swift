import Cryptography
import Foundation
import Logging
import ServiceCore
import TestSupport
import Testing

@testable import Dashboard

/// Against a real memcached on a socket of its own.
@Suite(.enabled(if: PrivateMemcached.exists, "memcached is not installed: apt-get install memcached"))
struct MemcachedSessionStoreTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `values are kept, replaced and forgotten`() throws {
        let memcached = try PrivateMemcached()
        let store = try MemcachedSessionStore(servers: [memcached.socket], logger: Self.quiet)
        #expect(try store.load("a") == nil)
        try store.save("a", [1, 0, 255], seconds: 60)
        try store.save("a", [2, 0], seconds: 60)
        #expect(try store.load("a") == [2, 0])
        let other = try MemcachedSessionStore(servers: [memcached.socket], keyPrefix: "other:", logger: Self.quiet)
        #expect(try other.load("a") == nil, "dashboards that share a memcached do not share keys")
        try store.remove("a")
        try store.remove("a")
        #expect(try store.load("a") == nil)
    }

    @Test func `memcached holds neither tokens nor session ids in readable form`() throws {
        let memcached = try PrivateMemcached()
        let store = RecordingStore(try MemcachedSessionStore(servers: [memcached.socket], logger: Self.quiet))
        let browser = try TestSite(sessions: store).adminBrowser()
        let id = try #require(browser.cookies["sessionid"])
        let (key, value) = try #require(store.saved.last)
        #expect(!key.contains(id))
        let text = String(decoding: value, as: UTF8.self)
        #expect(!text.contains("admin") && !text.contains("token") && !text.contains(id))
        #expect(try browser.get("/dashboard/settings/").path == "/dashboard/settings/")
    }

    @Test func `a memcached that hangs is asked once, then left alone, and used again when it answers`() throws {
        let memcached = try PrivateMemcached()
        let store = try MemcachedSessionStore(servers: [memcached.socket], logger: Self.quiet)
        try store.save("a", [1], seconds: 60)
        memcached.hang()
        #expect(throws: SessionStoreUnavailable.self) { try store.load("a") }
        let clock = ContinuousClock()
        let quick = clock.measure { for _ in 0..<100 { _ = try? store.load("a") } }
        #expect(quick < .milliseconds(100), "the circuit is open: \(quick)")
        memcached.resume()
        let start = clock.now
        while clock.now - start < .seconds(10) {
            if let value = try? store.load("a") {
                #expect(value == [1])
                return
            }
            usleep(20_000)
        }
        Issue.record("not used again within ten seconds")
    }

    @Test func `no memcached at all fails at once`() throws {
        let store = try MemcachedSessionStore(servers: ["/tmp/daybreak-no-such-socket"], logger: Self.quiet)
        #expect(throws: SessionStoreUnavailable.self) { try store.save("a", [1], seconds: 60) }
    }
}

/// A memcached that belongs to one test.
final class PrivateMemcached {
    private static let program = "/usr/bin/memcached"
    static var exists: Bool { FileManager.default.isExecutableFile(atPath: program) }

    let socket: String
    private let process: ChildProcess

    init() throws {
        socket = FileManager.default.temporaryDirectory.appending(path: "\(Random.token(bytes: 6)).sock").path
        process = try ChildProcess(Self.program, ["-s", socket, "-m", "8", "-u", "nobody", "-a", "0777"])
        for _ in 0..<500 where !FileManager.default.fileExists(atPath: socket) { usleep(10_000) }
        try #require(FileManager.default.fileExists(atPath: socket), "memcached made no socket")
    }

    deinit {
        process.stop()
    }

    /// Returns when the process has stopped: a signal takes its time.
    func hang() {
        process.signal(SIGSTOP)
        let state = "/proc/\(process.id)/stat"
        for _ in 0..<500 where (try? String(contentsOfFile: state, encoding: .utf8))?.contains(") T ") != true {
            usleep(10_000)
        }
    }

    func resume() { process.signal(SIGCONT) }
}

/// Hands everything on to a real store and remembers what was saved.
private final class RecordingStore: SessionStore, @unchecked Sendable {
    private let store: any SessionStore
    private(set) var saved: [(String, [UInt8])] = []

    init(_ store: any SessionStore) { self.store = store }

    func load(_ key: String) throws -> [UInt8]? { try store.load(key) }
    func save(_ key: String, _ value: [UInt8], seconds: Int) throws {
        saved.append((key, value))
        try store.save(key, value, seconds: seconds)
    }
    func remove(_ key: String) throws { try store.remove(key) }
}
