import Foundation

/// Which processors the server and wrk run on.
enum Placement: String, CaseIterable, Sendable {
    /// The server has one processor and one event loop, wrk another: neither takes time from the other.
    case apart
    /// The server has an event loop for each of two processors and shares them with wrk's two threads.
    case shared

    var loops: Int { self == .apart ? 1 : 2 }
    var wrkThreads: Int { self == .apart ? 1 : 2 }

    func server(_ command: [String]) -> [String] { on(self == .apart ? "0" : "0,1", command) }
    func wrk(_ command: [String]) -> [String] { on(self == .apart ? "1" : "0,1", command) }

    /// As the heading of a table says it.
    var title: String {
        switch self {
        case .apart: "one loop on one processor, wrk on another"
        case .shared: "two loops, sharing two processors with wrk"
        }
    }

    private func on(_ processors: String, _ command: [String]) -> [String] {
        ProcessInfo.processInfo.processorCount < 2 ? command : ["/usr/bin/taskset", "-c", processors] + command
    }
}
