import ComputeHost
import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

struct ConsoleLogsTests {
    private let state: TemporaryDirectory
    private let logs: ConsoleLogs
    private let id = "5c242396-3c7b-4bc6-bec1-3df8eb57d53d"

    init() throws {
        state = try TemporaryDirectory()
        logs = ConsoleLogs(files: InstanceFiles(root: state.path), limit: 8_192)
        try FileSystem.createDirectory(logs.files.directory(id))
    }

    /// Writes as the emulator does: it keeps the file open and appends.
    private func write(_ text: String, _ count: Int, to descriptor: Int32) {
        for number in 0..<count {
            let line = Array("\(text) \(number)\n".utf8)
            _ = Glibc.write(descriptor, line, line.count)
        }
    }

    @Test func `a full log becomes the older one while the emulator goes on writing, and both are read`() throws {
        let descriptor = open(logs.files.consoleLog(id), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        write("first", 1_000, to: descriptor)
        logs.rotateAll()
        #expect(FileSystem.size(of: logs.files.consoleLog(id)) == 0)
        write("second", 3, to: descriptor)
        let text = String(decoding: try logs.read(id, limit: 1 << 20), as: UTF8.self)
        #expect(text.hasSuffix("first 999\nsecond 0\nsecond 1\nsecond 2\n"))
        #expect(text.utf8.count <= 2 * logs.limit)
        #expect(String(decoding: try logs.read(id, limit: 18), as: UTF8.self) == "second 1\nsecond 2\n")
    }

    @Test func `a log that has room is left alone`() throws {
        try FileSystem.write("little", to: logs.files.consoleLog(id))
        logs.rotateAll()
        #expect(FileSystem.readText(logs.files.consoleLog(id)) == "little")
        #expect(!FileSystem.exists(logs.files.olderConsoleLog(id)))
    }

    @Test func `however much a guest writes, its logs stay small`() throws {
        let descriptor = open(logs.files.consoleLog(id), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        for _ in 0..<20 {
            write("flood", 2_000, to: descriptor)
            logs.rotateAll()
        }
        let sizes = [logs.files.consoleLog(id), logs.files.olderConsoleLog(id)].map { FileSystem.size(of: $0) ?? 0 }
        #expect(sizes.reduce(0, +) <= Int64(2 * logs.limit))
        #expect(FileSystem.names(in: logs.files.directory(id)) == ["console.log", "console.log.0"])
    }

    @Test func `the keeper looks by itself`() throws {
        let keeper = ConsoleLogKeeper(logs)
        keeper.start()
        defer { keeper.stop() }
        try FileSystem.write([UInt8](repeating: 0x61, count: 10_000), to: logs.files.consoleLog(id))
        try eventually("rotated") { FileSystem.exists(logs.files.olderConsoleLog(id)) }
    }

    @Test func `a fresh boot begins a fresh log`() throws {
        for path in [logs.files.consoleLog(id), logs.files.olderConsoleLog(id)] {
            try FileSystem.write("before", to: path)
        }
        try logs.clear(id)
        #expect(try logs.read(id, limit: 100).isEmpty)
    }
}
