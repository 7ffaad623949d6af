import HTTP
import Networking
import ServiceCore

extension NetworkResource where Item == NetworkAgent {
    static func agents(_ networking: NetworkingService) -> Self {
        NetworkResource(
            name: "agent", plural: "agents", path: "agents", attributes: attributes, id: \.id.text,
            list: { listing, context in
                try listing.applied(to: try networking.networkAgents(as: context), texts)
            },
            show: { id, context in
                try networking.networkAgent(try identifier(id, "Agent"), as: context)
            },
            update: { id, body, _, context in
                let id: ID<NetworkAgent> = try identifier(id, "Agent")
                return try networking.updateNetworkAgent(
                    id, adminStateUp: try body.flag("admin_state_up"), description: try body.text("description"),
                    as: context)
            },
            delete: { id, _, context in
                try networking.deleteNetworkAgent(try identifier(id, "Agent"), as: context)
            })
    }

    static var attributes: [NetworkAttribute<NetworkAgent>] {
        [
            .init("id") { $0.id.text },
            .init("agent_type") { $0.kind.rawValue },
            .init("binary") { $0.kind.binary },
            .init("topic") { $0.kind.topic },
            .init("host") { $0.host },
            .init("availability_zone") { $0.kind.availabilityZone },
            .init("admin_state_up", .put) { $0.adminStateUp },
            .init("alive") { $0.isAlive },
            .init("created_at") { $0.createdAt.plain },
            .init("started_at") { $0.createdAt.plain },
            .init("heartbeat_timestamp") { $0.updatedAt.plain },
            .init("description", .put) { $0.description },
            .init("configurations") { _ in [String: String]() },
            .init("resource_versions") { _ in [String: String]() },
            .init("resources_synced") { _ in Bool?.none },
        ]
    }

    /// What agents are filtered and sorted by.
    private static let texts: [String: @Sendable (NetworkAgent) -> String] = [
        "id": { $0.id.text }, "agent_type": { $0.kind.rawValue }, "binary": { $0.kind.binary },
        "topic": { $0.kind.topic }, "host": { $0.host }, "alive": { String($0.isAlive) },
        "admin_state_up": { String($0.adminStateUp) }, "availability_zone": { $0.kind.availabilityZone ?? "" },
    ]
}

extension NetworkAgent.Kind {
    /// The queue that neutron would reach it by.
    fileprivate var topic: String {
        switch self {
        case .dhcp: "dhcp_agent"
        case .layer3: "l3_agent"
        case .bridge, .metadata: "N/A"
        }
    }
}

extension Timestamp {
    /// As neutron writes the times of agents: `2026-11-23 17:06:50`.
    fileprivate var plain: String {
        String(iso8601.dropLast()).replacing("T", with: " ")
    }
}

/// A zone, by what can be placed in it.
struct NetworkZone: Sendable {
    let name: String
    let resource: String

    /// This cloud has one zone, for networks' DHCP servers and for routers.
    static let all = [NetworkZone(name: "nova", resource: "network"), NetworkZone(name: "nova", resource: "router")]
}

extension NetworkResource where Item == NetworkZone {
    static func availabilityZones() -> Self {
        NetworkResource(
            name: "availability_zone", plural: "availability_zones", path: "availability_zones",
            attributes: [
                .init("name") { $0.name }, .init("resource") { $0.resource }, .init("state") { _ in "available" },
            ], id: \.resource,
            list: { listing, _ in
                try listing.applied(
                    to: NetworkZone.all,
                    ["name": { $0.name }, "resource": { $0.resource }, "state": { _ in "available" }])
            },
            show: { id, _ in throw ServiceError.notFound("Availability zone", id) })
    }
}

extension Listing {
    /// The same for a list that is short, and in no store: an attribute's text must be one of the filter's, in any case of
    /// letters. Stretches go forwards only.
    /// - Throws: `APIError` 400 for an attribute that is none.
    func applied<Item>(to items: [Item], _ texts: [String: @Sendable (Item) -> String]) throws -> [Item] {
        var items = items
        for filter in filters {
            guard let text = texts[filter.attribute] else {
                throw APIError(.badRequest, "'\(filter.attribute)' is nothing that is filtered by.")
            }
            let wanted = Set(filter.values.map { $0.lowercased() })
            items.removeAll { !wanted.contains(text($0).lowercased()) }
        }
        for key in sort.reversed() {
            guard let text = texts[key.attribute] else {
                throw APIError(.badRequest, "Nothing is sorted by '\(key.attribute)'.")
            }
            items.sort { key.isDescending ? text($0) > text($1) : text($0) < text($1) }
        }
        guard let stretch else { return items }
        if let marker = stretch.marker, let id = texts["id"] {
            items = Array(items.drop { id($0) != marker }.dropFirst())
        }
        return Array(items.prefix(stretch.limit))
    }
}
