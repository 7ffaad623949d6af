import ComputeHost
import Foundation
import Synchronization

/// The guests' console logs. A guest writes as much as it likes, the emulator appends it all, and nobody else bounds
/// it: a log that is full becomes the older one, and the log before that one goes.
struct ConsoleLogs: Sendable {
    let files: InstanceFiles
    /// Bytes after which a log is full. There are two for each guest.
    var limit = 1 << 20

    /// The end of what the guest wrote, oldest first, at most `limit` bytes of it.
    func read(_ instanceID: String, limit: Int) throws(HostError) -> [UInt8] {
        let log = try FileSystem.readEnd(of: files.consoleLog(instanceID), limit: limit) ?? []
        guard log.count < limit else { return log }
        let older = try FileSystem.readEnd(of: files.olderConsoleLog(instanceID), limit: limit - log.count) ?? []
        return older + log
    }

    /// Begins a new log with the next start.
    func clear(_ instanceID: String) throws(HostError) {
        try FileSystem.remove(files.olderConsoleLog(instanceID))
        try FileSystem.remove(files.consoleLog(instanceID))
    }

    /// Rotates the logs that are full.
    func rotateAll() {
        for name in FileSystem.names(in: files.root) where InstanceID.isValid(name) {
            // Whoever cannot be served now is served a second later.
            try? rotate(name)
        }
    }

    /// The emulator has the log open and goes on writing into it: it is copied and emptied, not moved.
    func rotate(_ instanceID: String) throws(HostError) {
        let path = files.consoleLog(instanceID)
        guard let size = FileSystem.allocatedSize(of: path), size >= limit else { return }
        let part = files.olderConsoleLog(instanceID) + ".part"
        guard let bytes = try FileSystem.readEnd(of: path, limit: limit) else { return }
        try FileSystem.write(bytes, to: part)
        try FileSystem.move(part, to: files.olderConsoleLog(instanceID))
        guard truncate(path, 0) == 0 else { throw FileSystem.failure("empty", path) }
    }
}

/// Looks at the console logs every second, on a thread of its own.
final class ConsoleLogKeeper: Sendable {
    private let logs: ConsoleLogs
    private let isStopped = Atomic(false)

    init(_ logs: ConsoleLogs) { self.logs = logs }

    func start() {
        let thread = Thread { [self] in
            while !isStopped.load(ordering: .relaxed) {
                logs.rotateAll()
                sleep(1)
            }
        }
        thread.name = "console-logs"
        thread.start()
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }
}
