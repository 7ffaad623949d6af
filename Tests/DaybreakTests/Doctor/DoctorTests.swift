import Foundation
import Testing

@testable import daybreak

@Suite struct `The doctor` {
    private func findings(_ settings: String) throws -> [Finding] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "doctor-\(UUID().uuidString.prefix(8))")
        defer { try? FileManager.default.removeItem(at: folder) }
        return Doctor(file: try SettingsFile(path: folder.path + "/s.json", bytes: Array(settings.utf8))).findings()
    }

    /// A port somebody listens on, and the socket that does.
    private func takenPort() -> (socket: Int32, port: UInt16) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length)
                listen(socket, 1)
                getsockname(socket, $0, &length)
            }
        }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    @Test func `a port that is taken is named with what to do`() throws {
        let (socket, port) = takenPort()
        defer { close(socket) }
        let found = try findings("{\"LISTEN\": [\"127.0.0.1:\(port)\"]}").first { $0.subject == "listen" }
        #expect(found?.grade == .bad && found?.found.contains("in use") == true && found?.remedy != nil)
        #expect(SocketProbe.answers("127.0.0.1:\(port)"))
    }

    @Test func `a port that a daybreak on the same state has taken is no fault`() throws {
        let (socket, port) = takenPort()
        defer { close(socket) }
        let state = FileManager.default.temporaryDirectory.appending(
            path: "doctor-state-\(UUID().uuidString.prefix(8))")
        defer { try? FileManager.default.removeItem(at: state) }
        let directory = StateDirectory(path: state.path)
        try directory.prepare()
        let lock = try StateLock(directory)
        let settings = "{\"LISTEN\": [\"127.0.0.1:\(port)\"], \"STATE_PATH\": \"\(state.path)\"}"
        let found = try findings(settings).first { $0.subject == "listen" }
        #expect(found?.grade == .good)
        _ = consume lock
    }

    @Test func `a memcached that cannot be started from here is missed`() throws {
        // 192.0.2.0/24 belongs to nobody (RFC 5737); port 1 of this machine is closed.
        let local = try findings(#"{"CACHES": {"default": {"LOCATION": "127.0.0.1:1"}}}"#)
        #expect(local.first { $0.subject == "sessions" }?.grade == .good)
        #expect(!CacheLocation("192.0.2.1:11211", in: StateDirectory(path: "/x")).isLocal)
    }

    @Test func `a socket's path starts at the state directory`() {
        let directory = StateDirectory(path: "/srv/state")
        #expect(CacheLocation("unix:run/m.sock", in: directory).text == "unix:/srv/state/run/m.sock")
        #expect(CacheLocation("unix:/tmp/m.sock", in: directory).socketPath == "/tmp/m.sock")
        #expect(CacheLocation("/tmp/m.sock", in: directory).socketPath == "/tmp/m.sock")
        #expect(CacheLocation("127.0.0.1:11211", in: directory).socketPath == nil)
    }

    @Test func `contradictions in the settings are among the findings`() throws {
        let all = try findings(#"{"ALLOWED_HOSTS": ["*"]}"#)
        #expect(all.contains { $0.grade == .warning && $0.found.hasPrefix("ALLOWED_HOSTS") })
    }

    @Test func `what guests are plugged into is said, and bridges that cannot be are a fault only when asked for`()
        throws
    {
        func networks(_ more: String) throws -> Finding? {
            try findings("{\"LIBVIRT_URI\": \"test:///default\", \(more)}").first { $0.subject == "networks" }
        }
        #expect(try networks(#""HOST_NETWORK": "user""#)?.grade == .good)
        #expect(try networks(#""HOST_NETWORK": "auto""#)?.grade == .warning)
        let asked = try networks(#""HOST_NETWORK": "bridge""#)
        #expect(asked?.grade == .bad && asked?.remedy?.contains("test:///default") == true)
    }

    @Test func `a state directory that cannot be made is a fault with a remedy`() throws {
        let found = try findings(#"{"STATE_PATH": "/proc/nowhere"}"#).first { $0.subject == "state" }
        #expect(found?.grade == .bad && found?.remedy?.contains("STATE_PATH") == true)
    }
}
