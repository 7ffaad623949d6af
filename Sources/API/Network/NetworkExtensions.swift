import HTTP
import Networking
import ServiceCore

/// `/extensions`: what this interface has beyond networks, subnets and ports. Clients look here before they use it, so
/// only what is served is named.
struct NetworkExtensions: Sendable {
    /// One extension, by neutron's alias.
    struct Entry: Sendable {
        let alias: String
        let name: String
        /// Whether it is of routers, which a cloud may be without.
        var isRouting = false
    }

    let entries: [Entry]

    /// - Parameter hasRouters: whether there are routers and floating IPs.
    init(hasRouters: Bool) {
        entries = Self.all.filter { hasRouters || !$0.isRouting }
    }

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.0/extensions", list)
        table.on(.get, "/v2.0/extensions.json", list)
        table.on(.get, "/v2.0/extensions/{id}", show)
    }

    /// `GET /extensions`: 200.
    func list(_ call: APICall) -> Response {
        call.answer(capacity: 8192) { json in
            json.list("extensions", entries) { json, entry in json.object { Self.write(entry, &$0) } }
        }
    }

    /// `GET /extensions/{alias}`: 200, or 404.
    func show(_ call: APICall) throws -> Response {
        guard let entry = entries.first(where: { $0.alias == call.resourceID }) else {
            throw APIError(
                .notFound, "Extension with alias \(call.resourceID) does not exist", type: "ExtensionNotFound")
        }
        return call.answer { json in json.object("extension") { Self.write(entry, &$0) } }
    }

    private static func write(_ entry: Entry, _ json: inout JSONWriter) {
        json.member("name", entry.name)
        json.member("alias", entry.alias)
        json.member("description", entry.name + ".")
        json.member("updated", "2026-01-01T00:00:00-00:00")
        json.list("links", [String]())
    }

    private static let all = [
        Entry(alias: "address-scope", name: "Address scope"),
        Entry(alias: "agent", name: "Agents"),
        Entry(alias: "allowed-address-pairs", name: "Allowed address pairs"),
        Entry(alias: "availability_zone", name: "Availability zones"),
        Entry(alias: "binding", name: "Port binding"),
        Entry(alias: "default-subnetpools", name: "Default subnet pools"),
        Entry(alias: "dhcp_agent_scheduler", name: "DHCP agent scheduler"),
        Entry(alias: "empty-string-filtering", name: "Filters by empty texts"),
        Entry(alias: "external-net", name: "External networks"),
        Entry(alias: "ext-gw-mode", name: "SNAT of router gateways", isRouting: true),
        Entry(alias: "extra_dhcp_opt", name: "DHCP options of ports"),
        Entry(alias: "extraroute", name: "Extra routes of routers", isRouting: true),
        Entry(alias: "extraroute-atomic", name: "Extra routes, added and removed one by one", isRouting: true),
        Entry(alias: "filter-validation", name: "Unknown filters are refused"),
        Entry(alias: "fip-port-details", name: "Ports in floating IPs", isRouting: true),
        Entry(alias: "ip-substring-filtering", name: "Filters by parts of addresses"),
        Entry(alias: "l3_agent_scheduler", name: "L3 agent scheduler", isRouting: true),
        Entry(alias: "net-mtu", name: "MTU of networks"),
        Entry(alias: "net-mtu-writable", name: "MTU of networks can be changed"),
        Entry(alias: "network-ip-availability", name: "Use of addresses"),
        Entry(alias: "network_availability_zone", name: "Availability zones of networks"),
        Entry(alias: "pagination", name: "Lists in pages"),
        Entry(alias: "port-security", name: "Port security"),
        Entry(alias: "project-id", name: "project_id beside tenant_id"),
        Entry(alias: "provider", name: "Provider networks"),
        Entry(alias: "quota_details", name: "Use of quotas"),
        Entry(alias: "quotas", name: "Quotas"),
        Entry(alias: "rbac-address-scope", name: "Address scopes shared with projects"),
        Entry(alias: "rbac-policies", name: "Networks shared with projects"),
        Entry(alias: "rbac-security-groups", name: "Security groups shared with projects"),
        Entry(alias: "rbac-subnetpool", name: "Subnet pools shared with projects"),
        Entry(alias: "revision-if-match", name: "Changes of what was seen"),
        Entry(alias: "router", name: "Routers and floating IPs", isRouting: true),
        Entry(alias: "security-group", name: "Security groups"),
        Entry(alias: "security-groups-normalized-cidr", name: "CIDRs of rules in one form"),
        Entry(alias: "security-groups-shared-filtering", name: "Filters by shared security groups"),
        Entry(alias: "sorting", name: "Sorted lists"),
        Entry(alias: "standard-attr-description", name: "Descriptions"),
        Entry(alias: "standard-attr-revisions", name: "Revisions"),
        Entry(alias: "standard-attr-tag", name: "Tags"),
        Entry(alias: "standard-attr-timestamp", name: "Times of creation and change"),
        Entry(alias: "stateful-security-group", name: "Stateless security groups"),
        Entry(alias: "tag", name: "Tags of networks"),
        Entry(alias: "subnet-external-network", name: "Subnets of external networks"),
        Entry(alias: "subnet_allocation", name: "Subnet pools"),
    ]
}

/// `/v2.0/`: the kinds of resources there are.
struct NetworkIndex: Sendable {
    let kinds: [(name: String, plural: String, path: String)]

    /// `GET`: 200.
    func show(_ call: APICall) -> Response {
        call.answer(capacity: 4096) { json in
            json.list("resources", kinds) { json, kind in
                json.object {
                    $0.list("links", [call.base + "/networking/v2.0/" + kind.path]) { $0.link("self", $1) }
                    $0.member("name", kind.name)
                    $0.member("collection", kind.plural)
                }
            }
        }
    }
}
