import BenchmarkKit

/// How wrk asks.
struct Scenario: Sendable {
    let title: String
    let load: Wrk.Load
    /// Measured with shared processors too.
    var isShared = false

    static let all = [
        Scenario(title: "8 connections", load: .init(connections: 8)),
        Scenario(title: "64 connections", load: .init(connections: 64), isShared: true),
        Scenario(
            title: "64 connections, a browser's 12 header fields", load: .init(connections: 64, isBrowser: true)),
        Scenario(title: "1000 connections", load: .init(connections: 1000), isShared: true),
        Scenario(
            title: "16 connections, 16 requests pipelined on each", load: .init(connections: 16, depth: 16)),
    ]
}
