import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

@Suite(.enabled(if: CommandRunner.find("memcached") != nil, "needs memcached: apt-get install memcached"))
struct PrivateMemcachedTests {
    @Test func `a daemon is started once, found again, and stopped`() throws {
        let state = try TemporaryDirectory()
        let memcached = PrivateMemcached(statePath: state.path)
        defer { try? memcached.stop() }
        let unused = MemcachedAddress.tcp(host: "127.0.0.1", port: try MemcachedProbe.freePort())
        #expect(!PrivateMemcached.answers(unused))
        let address = try memcached.ensure(unused)
        #expect(PrivateMemcached.answers(address))
        let pidFile = state.path + "/memcached/memcached.pid"
        let first = FileSystem.readText(pidFile)
        #expect(try PrivateMemcached(statePath: state.path).ensure(unused) == address)
        #expect(FileSystem.readText(pidFile) == first)
        #expect(try memcached.ensure(address) == address)
        try memcached.stop()
        #expect(!PrivateMemcached.answers(address))
        #expect(try memcached.start() == address)
    }

    @Test func `a state path too long for a socket gets a port of the loopback address`() throws {
        let state = try TemporaryDirectory()
        let memcached = PrivateMemcached(statePath: state.path + "/" + String(repeating: "long", count: 25))
        defer { try? memcached.stop() }
        guard case .tcp(let host, _) = try memcached.start() else {
            Issue.record("expected a port")
            return
        }
        #expect(host == "127.0.0.1")
        #expect(PrivateMemcached.answers(try memcached.start()))
    }
}
