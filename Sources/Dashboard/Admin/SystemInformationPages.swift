import Compute
import HTTP
import Markup
import Networking
import ServiceCore

/// System Information: where the services are, and which of their parts report that they are alive.
struct SystemInformationPages: Sendable {
    private let site: Site
    private let view: View<TabbedTable>

    init(_ site: Site) throws {
        self.site = site
        view = try site.view("admin/info/index", of: TabbedTable.self)
    }

    /// By Horizon's names.
    private enum Tab: String, CaseIterable {
        case services = "system_info__services"
        case compute = "system_info__nova_services"
        case network = "system_info__network_agents"

        var title: Message {
            switch self {
            case .services: Message("Services")
            case .compute: Message("Compute Services")
            case .network: Message("Network Agents")
            }
        }

        var url: SiteURL { SiteURL.systemInformation.with("tab", rawValue) }
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let tab = request.query["tab"].flatMap(Tab.init) ?? .services
        let table =
            switch tab {
            case .services: Self.endpoints(visitor).model(site.configuration.endpoints, request, visitor)
            case .compute:
                Self.services(visitor).model(
                    try site.services.compute.services(as: visitor.context), request, visitor)
            case .network:
                Self.agents(visitor).model(
                    try site.services.networking.networkAgents(as: visitor.context), request, visitor)
            }
        let content = TabbedTable(
            heading: visitor.text(Message("System Information")),
            tabs: Tab.allCases.map {
                TabModel(title: visitor.text($0.title), href: $0.url.description, current: $0 == tab)
            }, table: table)
        let head = PageHead.admin(
            .systemInformation, Message("System"), Message("System Information"), visitor)
        return view.page(content, head, visitor)
    }

    private static func endpoints(_ visitor: Visitor) -> TableDefinition<ServiceEndpoint> {
        var table = TableDefinition<ServiceEndpoint>(
            id: "services", url: Tab.services.url,
            columns: [
                Column(name: "name", title: Message("Name")) { .name($0.name, nil) },
                Column(name: "service_type", title: Message("Service")) { .text($0.type) },
                Column(name: "region", title: Message("Region")) { .text($0.region) },
                Column(name: "endpoints", title: Message("Endpoints"), isSortable: false) { endpoint in
                    guard let url = endpoint.url else {
                        return .text(visitor.text(Message("None: it is used through these pages only.")))
                    }
                    return .lines(["Admin", "Internal", "Public"].map { Cell.Line(text: $0, note: url) })
                },
            ], objectID: { $0.type }, name: { $0.name })
        table.filters = [.contains("name", Message("Name"), \.name)]
        return table
    }

    private static func agents(_ visitor: Visitor) -> TableDefinition<NetworkAgent> {
        let wording = visitor.wording
        var table = TableDefinition<NetworkAgent>(
            id: "network_agents", url: Tab.network.url,
            columns: [
                Column(name: "agent_type", title: Message("Type")) { .name($0.kind.rawValue, nil) },
                Column(name: "binary", title: Message("Name")) { .text($0.kind.binary) },
                Column(name: "host", title: Message("Host")) { .text($0.host) },
                Column(name: "zone", title: Message("Zone")) { .text($0.kind.availabilityZone ?? "–") },
                Column(name: "status", title: Message("Status")) {
                    .text(wording($0.adminStateUp ? Message("Enabled") : Message("Disabled")))
                },
                Column(name: "state", title: Message("State")) { .state($0, wording) },
                Column(name: "heartbeat", title: Message("Last Updated")) { .text(wording.time($0.updatedAt)) },
            ], objectID: { $0.id.text }, name: { "\($0.kind.rawValue) \($0.host)" })
        table.filters = [
            .contains("type", Message("Type"), \.kind.rawValue), .contains("host", Message("Host"), \.host),
        ]
        table.emptyTitle = Message("No network agents")
        table.emptyText = Message("Hosts whose guests are each alone on a network of the emulator's have none.")
        return table
    }

    private static func services(_ visitor: Visitor) -> TableDefinition<ServiceRecord> {
        let wording = visitor.wording
        var table = TableDefinition<ServiceRecord>(
            id: "nova_services", url: Tab.compute.url,
            columns: [
                Column(name: "binary", title: Message("Name")) { .name($0.binary, nil) },
                Column(name: "host", title: Message("Host")) { .text($0.host) },
                Column(name: "zone", title: Message("Zone")) { .text($0.zone) },
                Column(name: "status", title: Message("Status")) { .enabled($0, wording) },
                Column(name: "state", title: Message("State")) { .state($0, wording) },
                Column(name: "updated", title: Message("Last Updated")) {
                    .text($0.updatedAt.map(wording.time) ?? "–")
                },
                Column(name: "reason", title: Message("Disabled Reason")) {
                    .text($0.disabledReason ?? "–")
                },
            ], objectID: { "\($0.binary)@\($0.host)" }, name: { $0.binary })
        table.filters = [
            .contains("name", Message("Name"), \.binary), .contains("host", Message("Host"), \.host),
            .contains("zone", Message("Zone"), \.zone),
        ]
        return table
    }
}

/// A page with tabs, one of which is a table.
struct TabbedTable: TemplateModel {
    let heading: String
    let tabs: [TabModel]
    let table: TableModel

    static let shape = Shape<TabbedTable>([
        .text("heading", \.heading), .list("tabs", \.tabs), .object("table", \.table),
    ])
}
