import Foundation

/// One run of wrk.
public final class Wrk {
    /// What it has to say in the end.
    public struct Report: Sendable {
        /// Requests answered.
        public let responses: Double
        /// How long it asked.
        public let microseconds: Double
        /// Latencies in microseconds.
        public let p50, p99: Double
        /// Connections that failed, wrong statuses, requests without a response in time.
        public let errors: Double
    }

    /// How it asks.
    public struct Load: Sendable {
        /// Kept open at the same time.
        public var connections: Int
        /// Requests sent together on a connection before their responses are read.
        public var depth: Int
        /// Whether a request has the eleven fields a browser sends besides Host.
        public var isBrowser: Bool
        /// More header fields, by name.
        public var fields: [String: String] = [:]
        /// The method, and the contents that are sent in turn; GET and none unless said otherwise.
        public var method = "GET"
        public var contents: [String] = []

        /// One request at a time on each connection, unless said otherwise.
        public init(connections: Int, depth: Int = 1, isBrowser: Bool = false) {
            self.connections = connections
            self.depth = depth
            self.isBrowser = isBrowser
        }
    }

    private let program: Program

    /// Begins to ask.
    public init(_ url: String, _ load: Load, _ placement: Placement, seconds: Int) throws {
        guard let script = Bundle.module.url(forResource: "report", withExtension: "lua") else {
            throw Failure("report.lua was not built")
        }
        let command = placement.wrk(
            [
                "/usr/bin/wrk", "--threads", "\(min(placement.wrkThreads, load.connections))",
                "--connections", "\(load.connections)", "--duration", "\(seconds)s", "--timeout", "2s",
                "--script", script.path, url, "--", "\(load.depth)",
                load.isBrowser ? "browser" : "plain",
            ] + load.fields.flatMap { [$0.key, $0.value] } + ["@method", load.method]
                + load.contents.flatMap { ["@content", $0] })
        program = try Program(command, keepsOutput: true)
    }

    /// Waits for the end.
    public func report() throws -> Report {
        let text = try program.end()
        let line = text.split(separator: "\n").last { $0.hasPrefix("report ") }
        let figures = line?.split(separator: " ").compactMap { Double($0) } ?? []
        guard figures.count == 5 else { throw Failure("wrk said:\n\(text)") }
        return Report(
            responses: figures[0], microseconds: figures[1], p50: figures[2], p99: figures[3], errors: figures[4])
    }
}
