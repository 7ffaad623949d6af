public import Foundation
import Synchronization

/// A program that runs beside the test, with what it prints kept in a file.
public final class ChildProcess: Sendable {
    /// Its process number.
    public let id: Int32
    /// Everything it prints, on both streams.
    public let log: URL
    private let process: Mutex<Process>

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - log: a file to keep what it prints in; made in the temporary folder when not given.
    public init(
        _ program: String, _ arguments: [String], folder: URL? = nil, environment: [String: String] = [:],
        log: URL? = nil
    ) throws {
        let name = "daybreak-test-\(UUID().uuidString.prefix(8)).log"
        self.log = log ?? FileManager.default.temporaryDirectory.appending(path: name)
        _ = FileManager.default.createFile(atPath: self.log.path, contents: nil)
        let output = try FileHandle(forWritingTo: self.log)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try output.close()
        id = process.processIdentifier
        self.process = Mutex(process)
    }

    /// Whether it still runs.
    public var isRunning: Bool { process.withLock { $0.isRunning } }

    /// What it has printed so far.
    public var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// Waits for a line of its output.
    public func line(containing text: String, seconds: Double = 30) async throws -> String {
        try await waitUntil("\"\(text)\" is printed", seconds: seconds) {
            if let line = self.output.split(separator: "\n").first(where: { $0.contains(text) }) {
                return String(line)
            }
            guard self.isRunning else { throw NeverHappened(description: "the program ended:\n\(self.output)") }
            return nil
        }
    }

    /// Sends a signal.
    public func signal(_ number: Int32) { kill(id, number) }

    /// Waits for its end.
    ///
    /// - Returns: its exit status; for a program ended by a signal, the signal's number.
    public func end(seconds: Double = 30) async throws -> Int32 {
        try await waitUntil("the program ends", seconds: seconds) {
            self.process.withLock { $0.isRunning ? nil : $0.terminationStatus }
        }
    }

    /// Ends it at once. (Asking with SIGTERM may do nothing: a child inherits the signals that the thread which started
    /// it had blocked, and the threads tests run on block most.)
    public func stop() {
        if isRunning { signal(SIGKILL) }
    }
}
