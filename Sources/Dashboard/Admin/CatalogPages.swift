import Compute
import HTTP
import ServiceCore

/// What an administrator reads about the cloud itself: flavors, hypervisors, services.
struct CatalogPages: Sendable {
    private let site: Site
    private let list: View<TableContent>

    private var compute: ComputeService { site.services.compute }

    init(_ site: Site) throws {
        self.site = site
        list = try site.view("table", of: TableContent.self)
    }

    func flavors(_ request: Request, _ visitor: Visitor) throws -> Response {
        let wording = visitor.wording
        var table = TableDefinition<Flavor>(
            id: "flavors", url: .flavors,
            columns: [
                Column(name: "name", title: Message("Flavor Name")) { .name($0.name, nil) },
                Column(name: "vcpus", title: Message("vCPUs"), order: { $0.vcpus < $1.vcpus }) { .text("\($0.vcpus)") },
                Column(name: "ram", title: Message("RAM"), order: { $0.memoryMiB < $1.memoryMiB }) {
                    .text("\($0.memoryMiB) MB")
                },
                Column(name: "disk", title: Message("Root Disk"), order: { $0.diskGiB < $1.diskGiB }) {
                    .text("\($0.diskGiB) GB")
                },
                Column(name: "id", title: Message("ID")) { .code($0.id) },
                Column(name: "public", title: Message("Public")) { .text(wording.yesNo($0.isPublic)) },
            ], objectID: { $0.id }, name: { $0.name })
        table.filters = [.contains("name", Message("Flavor Name"), \.name)]
        return page(
            Message("Flavors"), Message("Compute"), table, try compute.flavors(as: visitor.context), request, visitor)
    }

    func services(_ request: Request, _ visitor: Visitor) throws -> Response {
        let wording = visitor.wording
        let table = TableDefinition<ServiceRecord>(
            id: "nova_services", url: .systemInformation,
            columns: [
                Column(name: "binary", title: Message("Name")) { .name($0.binary, nil) },
                Column(name: "host", title: Message("Host")) { .text($0.host) },
                Column(name: "zone", title: Message("Zone")) { .text($0.zone) },
                Column(name: "status", title: Message("Status")) {
                    .text($0.isEnabled ? wording(Message("Enabled")) : wording(Message("Disabled")))
                },
                Column(name: "state", title: Message("State")) {
                    .status($0.isUp ? .good : .bad, $0.isUp ? wording(Message("Up")) : wording(Message("Down")))
                },
                Column(name: "updated", title: Message("Last Updated")) { .text(wording.time($0.updatedAt)) },
                Column(name: "reason", title: Message("Disabled Reason"), isMinor: true) {
                    .text($0.disabledReason ?? "–")
                },
            ], objectID: { "\($0.binary)@\($0.host)" }, name: { $0.binary })
        return page(
            Message("System Information"), Message("System"), table, try compute.services(as: visitor.context), request,
            visitor)
    }

    func hypervisors(_ request: Request, _ visitor: Visitor) throws -> Response {
        @Sendable func share(_ used: Int, _ all: Int?, _ unit: String) -> Cell {
            .text("\(used) / \(all.map(String.init) ?? "–") \(unit)")
        }
        let table = TableDefinition<HypervisorRecord>(
            id: "hypervisors", url: .hypervisors,
            columns: [
                Column(name: "host", title: Message("Hostname")) { .name($0.host, nil) },
                Column(name: "type", title: Message("Type")) { .text($0.domainType) },
                Column(name: "vcpus", title: Message("vCPUs (used / total)"), isSortable: false) {
                    share($0.promised.vcpus, $0.total?.vcpus, "")
                },
                Column(name: "ram", title: Message("RAM (used / total)"), isSortable: false) {
                    share($0.promised.memoryMiB, $0.total?.memoryMiB, "MB")
                },
                Column(name: "disk", title: Message("Storage (used / total)"), isSortable: false) {
                    share($0.promised.diskGiB, $0.total?.diskGiB, "GB")
                },
                Column(name: "reason", title: Message("Note"), isMinor: true, isSortable: false) {
                    .text($0.reason)
                },
            ], objectID: { $0.host }, name: { $0.host })
        return page(
            Message("Hypervisors"), Message("Compute"), table, try compute.hypervisors(as: visitor.context), request,
            visitor)
    }

    private func page<Item>(
        _ title: Message, _ group: Message, _ table: TableDefinition<Item>, _ items: [Item], _ request: Request,
        _ visitor: Visitor
    ) -> Response {
        let heading = visitor.text(title)
        let head = PageHead(
            table.url, [Crumb(visitor.text(Area.admin.title)), Crumb(visitor.text(group)), Crumb(heading)])
        return list.page(TableContent(heading: heading, table: table.model(items, request, visitor)), head, visitor)
    }
}

/// Horizon's addresses of these pages.
extension SiteURL {
    static let flavors = SiteURL("admin", "flavors")
    static let hypervisors = SiteURL("admin", "hypervisors")
    static let systemInformation = SiteURL("admin", "info")
}
