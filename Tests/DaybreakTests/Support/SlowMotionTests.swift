import Foundation
import TestSupport
import Testing

/// The kill tests rest on it.
@Suite struct `Slow motion` {
    @Test(.timeLimit(.minutes(1)))
    func `a program is killed at the moment that was asked for`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "slow-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Makes files 1, 2, 3, … as fast as a shell can.
        let process = try ChildProcess(
            "/bin/sh", ["-c", "i=0; while :; do i=$((i+1)); : > $i; done"], folder: folder)
        defer { try? FileManager.default.removeItem(at: process.log) }
        let isKilled = SlowMotion.kill(process) {
            FileManager.default.fileExists(atPath: folder.appending(path: "200").path)
        }
        #expect(isKilled)
        #expect(try await process.end() == SIGKILL)
        // It got hardly further than it was seen to be: half a millisecond makes some tens of files.
        let made = try FileManager.default.contentsOfDirectory(atPath: folder.path).count
        #expect((200..<1000).contains(made), "\(made)")
    }
}
