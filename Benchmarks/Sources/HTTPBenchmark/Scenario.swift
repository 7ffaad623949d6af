/// How wrk asks.
struct Scenario: Sendable {
    let title: String
    let connections: Int
    /// Requests sent together on a connection before their responses are read.
    var depth = 1
    /// Whether a request has the eleven fields a browser sends besides Host.
    var isBrowser = false
    /// Measured with shared processors too.
    var isShared = false

    static let all = [
        Scenario(title: "8 connections", connections: 8),
        Scenario(title: "64 connections", connections: 64, isShared: true),
        Scenario(title: "64 connections, a browser's 12 header fields", connections: 64, isBrowser: true),
        Scenario(title: "1000 connections", connections: 1000, isShared: true),
        Scenario(title: "16 connections, 16 requests pipelined on each", connections: 16, depth: 16),
    ]
}
