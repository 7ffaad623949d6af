import Testing

@testable import HTTP

/// The rows of one service, or of a part of it.
struct PolicyTable: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rows: [PolicyRow]

    /// - Parameter groups: what is answered (see ``PolicyRow/statuses``), and the requests that are answered so.
    init(_ name: String, below prefix: String, _ groups: KeyValuePairs<String, [String]>) {
        testDescription = name
        rows = groups.flatMap { statuses, requests in requests.map { PolicyRow($0, below: prefix, statuses) } }
    }

    static let all = [
        identity, identityRoles, identityCredentials, compute, computeServers, computeActions, computeHosts,
        computeProxies, image, imageMetadefs, network, networkRouters, placement,
    ]
}
