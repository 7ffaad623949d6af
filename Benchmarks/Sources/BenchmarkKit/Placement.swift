import Foundation

/// Which processors the server and wrk run on.
public enum Placement: String, CaseIterable, Sendable {
    /// The server has one processor and one event loop, wrk another: neither takes time from the other.
    case apart
    /// The server has an event loop for each of two processors and shares them with wrk's two threads.
    case shared

    /// Event loops the server gets.
    public var loops: Int { self == .apart ? 1 : 2 }
    /// Threads wrk gets.
    public var wrkThreads: Int { self == .apart ? 1 : 2 }

    /// The server's command, on its processors.
    public func server(_ command: [String]) -> [String] { on(self == .apart ? "0" : "0,1", command) }
    /// wrk's command, on its processors.
    public func wrk(_ command: [String]) -> [String] { on(self == .apart ? "1" : "0,1", command) }

    /// As the heading of a table says it.
    public var title: String {
        switch self {
        case .apart: "one loop on one processor, wrk on another"
        case .shared: "two loops, sharing two processors with wrk"
        }
    }

    private func on(_ processors: String, _ command: [String]) -> [String] {
        ProcessInfo.processInfo.processorCount < 2 ? command : ["/usr/bin/taskset", "-c", processors] + command
    }
}
