import Foundation

/// One run of wrk.
final class Wrk {
    struct Report {
        let responses, microseconds, p50, p99, errors: Double
    }

    private let process = Process()
    private let output = Pipe()

    init(_ url: String, _ scenario: Scenario, _ placement: Placement, seconds: Int, script: URL) throws {
        let command = placement.wrk([
            "/usr/bin/wrk", "--threads", "\(placement.wrkThreads)", "--connections", "\(scenario.connections)",
            "--duration", "\(seconds)s", "--timeout", "2s", "--script", script.path, url, "--", "\(scenario.depth)",
            scenario.isBrowser ? "browser" : "plain",
        ])
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardOutput = output
        try process.run()
    }

    /// Waits for the end.
    func report() throws -> Report {
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let line = text.split(separator: "\n").last { $0.hasPrefix("report ") }
        let figures = line?.split(separator: " ").compactMap { Double($0) } ?? []
        guard figures.count == 5 else { throw Failure("wrk said:\n\(text)") }
        return Report(
            responses: figures[0], microseconds: figures[1], p50: figures[2], p99: figures[3], errors: figures[4])
    }
}
