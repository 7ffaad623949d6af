import CSpawn
public import Foundation
import Synchronization

/// A program that runs beside the test, with what it prints kept in a file.
///
/// Not Foundation's `Process`: that one learns of a program's end by a socket which every program started at the same
/// moment inherits, and so waits for a memcached that another test has just started.
public final class ChildProcess: Sendable {
    /// Its process number.
    public let id: Int32
    /// Everything it prints, on both streams.
    public let log: URL
    /// How it ended, once it was asked for after the end.
    private let ending = Mutex<Int32?>(nil)

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - log: a file to keep what it prints in; made in the temporary folder when not given.
    /// - Throws: `NeverHappened` when it cannot be started.
    public init(
        _ program: String, _ arguments: [String], folder: URL? = nil, environment: [String: String] = [:],
        log: URL? = nil
    ) throws {
        let name = "daybreak-test-\(UUID().uuidString.prefix(8)).log"
        self.log = log ?? FileManager.default.temporaryDirectory.appending(path: name)
        let output = open(self.log.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw NeverHappened(description: "\(self.log.path) cannot be written") }
        defer { close(output) }
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var child: pid_t = 0
        let code = withCStrings([program] + arguments) { argv in
            withCStrings(variables) { cs_spawn(&child, program, argv, $0, folder?.path, -1, output, output) }
        }
        guard code == 0 else {
            throw NeverHappened(description: "\(program) cannot be started: \(String(cString: strerror(code)))")
        }
        id = child
    }

    /// Whether it still runs.
    public var isRunning: Bool { status == nil }

    /// Its exit status, or the number of the signal that ended it; nil while it runs.
    private var status: Int32? {
        ending.withLock { known in
            var status: Int32 = 0
            if known == nil, waitpid(id, &status, WNOHANG) == id {
                let signal = status & 0x7f
                known = signal == 0 ? status >> 8 & 0xff : signal
            }
            return known
        }
    }

    /// What it has printed so far.
    public var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// Waits for a line of its output.
    /// - Throws: `NeverHappened`; at once, with all it printed, when the program ends without it.
    public func line(containing text: String, seconds: Double = 30) async throws -> String {
        let answer = try await waitUntil("\"\(text)\" is printed", seconds: seconds) {
            () -> Result<String, NeverHappened>? in
            // Asked first: what it prints before its end is still seen.
            let mayPrint = self.isRunning
            if let line = self.output.split(separator: "\n").first(where: { $0.contains(text) }) {
                return .success(String(line))
            }
            return mayPrint ? nil : .failure(NeverHappened(description: "the program ended:\n\(self.output)"))
        }
        return try answer.get()
    }

    /// Sends a signal.
    public func signal(_ number: Int32) { kill(id, number) }

    /// Waits for its end.
    ///
    /// - Returns: its exit status; for a program ended by a signal, the signal's number.
    public func end(seconds: Double = 30) async throws -> Int32 {
        try await waitUntil("the program ends", seconds: seconds) { self.status }
    }

    /// Ends it at once.
    public func stop() {
        if isRunning { signal(SIGKILL) }
    }
}

/// `strings` as the null-terminated array of C strings that exec wants.
private func withCStrings<T>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> T
) -> T {
    let pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    // An array that holds at least the terminator has a base address.
    return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
}
