import Foundation
import Testing

@testable import daybreak

@Suite struct `The state directory` {
    private func withDirectory(_ body: (StateDirectory) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "state-\(UUID().uuidString)").path
        let directory = StateDirectory(path: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try directory.prepare()
        try body(directory)
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        stat(path, &status)
        return status.st_mode & 0o777
    }

    @Test func `what others must not read is closed`() throws {
        try withDirectory { directory in
            #expect(mode(directory.database) == 0o600)
            #expect(mode(directory.log) == 0o700)
            #expect(mode(directory.path) == 0o711)
            try directory.prepare()
        }
    }

    @Test func `a second program on it is refused and told who holds it`() throws {
        try withDirectory { directory in
            let lock = try StateLock(directory)
            do {
                _ = try StateLock(directory)
                Issue.record("two locks")
            } catch let fault as StateFault {
                #expect(fault.description.contains("process \(getpid())"))
            }
            _ = consume lock
            _ = try StateLock(directory)
        }
    }

    @Test func `the key is made once, closed to others, and not needed when one is configured`() throws {
        try withDirectory { directory in
            #expect(try SecretKey.load("configured", in: directory) == Array("configured".utf8))
            #expect(!FileManager.default.fileExists(atPath: directory.path + "/secret_key"))
            let first = try SecretKey.load(nil, in: directory)
            #expect(first.count >= 32)
            #expect(try SecretKey.load(nil, in: directory) == first)
            #expect(mode(directory.path + "/secret_key") == 0o600)
        }
    }

    @Test func `a key that others may read is refused`() throws {
        try withDirectory { directory in
            _ = try SecretKey.load(nil, in: directory)
            chmod(directory.path + "/secret_key", 0o644)
            #expect(throws: StateFault.self) { try SecretKey.load(nil, in: directory) }
        }
    }

    @Test func `a place that cannot be written to is named`() {
        #expect(throws: StateFault.self) { try StateDirectory(path: "/proc/nowhere").prepare() }
    }

    @Test func `log lines cannot be forged`() {
        #expect(ConsoleLog.plain("a\nb\u{1B}[31m\u{7F}") == "a b [31m ")
        #expect(ConsoleLog.plain("a\u{9B}31m\u{2028}b") == "a 31m b")
    }

    @Test func `a value in the log cannot pass for another field`() {
        #expect(ConsoleLog.quoted("admin") == "admin")
        #expect(ConsoleLog.quoted("x address=6.6.6.6") == #""x address=6.6.6.6""#)
        #expect(ConsoleLog.quoted(#"x" address=6.6.6.6"#) == #""x\" address=6.6.6.6""#)
    }
}
