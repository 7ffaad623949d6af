/// How wrk asks.
struct Scenario: Sendable {
    let title: String
    let connections: Int
    /// Requests sent together on a connection before their responses are read.
    var depth = 1

    static let all = [
        Scenario(title: "8 connections", connections: 8),
        Scenario(title: "64 connections", connections: 64),
        Scenario(title: "1000 connections", connections: 1000),
        Scenario(title: "16 connections, 16 requests pipelined on each", connections: 16, depth: 16),
    ]
}
