import Compute
import HTTP
import Markup
import ServiceCore

/// The hosts: what they have and what is promised of it, and whether they take launches.
struct HypervisorPages: Sendable {
    private let site: Site
    private let tables: TableActions
    private let view: View<HypervisorsContent>
    private let formView: View<FormContent>

    private var compute: ComputeService { site.services.compute }

    init(_ site: Site, _ tables: TableActions) throws {
        self.site = site
        self.tables = tables
        view = try site.view("admin/hypervisors/index", of: HypervisorsContent.self)
        formView = try site.view("form", of: FormContent.self)
    }

    /// By Horizon's names.
    private enum Tab: String, CaseIterable {
        case hypervisors = "hypervisor_info__hypervisor"
        case hosts = "hypervisor_info__compute_host"

        var title: Message {
            switch self {
            case .hypervisors: Message("Hypervisor")
            case .hosts: Message("Compute Host")
            }
        }

        var url: SiteURL { SiteURL.hypervisors.with("tab", rawValue) }
    }

    func index(_ request: Request, _ visitor: Visitor) throws -> Response {
        let records = try compute.hypervisors(as: visitor.context)
        let tab = request.query["tab"].flatMap(Tab.init) ?? .hypervisors
        let table =
            tab == .hypervisors
            ? Self.hypervisors(try compute.hostLoads(as: visitor.context), visitor.wording)
                .model(records, request, visitor)
            : hosts(visitor).model(records, request, visitor)
        let content = HypervisorsContent(
            heading: visitor.text(Message("All Hypervisors")), rings: Self.rings(records, visitor.wording),
            tabs: Tab.allCases.map {
                TabModel(title: visitor.text($0.title), href: $0.url.description, current: $0 == tab)
            }, table: table)
        return view.page(content, Self.head(visitor), visitor)
    }

    /// The forms of the table of hosts.
    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        try tables.perform(hosts(visitor), request, visitor) { try record($0, visitor) }
    }

    func showDisable(_ request: Request, _ visitor: Visitor) throws -> Response {
        let host = try record(request.parameters["compute_host"], visitor).host
        return disablePage(host, FormData(), .none(visitor.wording), visitor)
    }

    func disable(_ request: Request, _ visitor: Visitor) throws -> Response {
        let host = try record(request.parameters["compute_host"], visitor).host
        do {
            try compute.setService(
                "nova-compute", on: host, enabled: false, reason: request.form["reason"], as: visitor.context)
            let text = Message("Disabled compute service for host: {host}.", ["host": host])
            return site.seeOther(Tab.hosts.url, Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return disablePage(host, request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    private func record(_ host: String, _ visitor: Visitor) throws -> HypervisorRecord {
        guard let record = try compute.hypervisors(as: visitor.context).first(where: { $0.host == host }) else {
            throw ServiceError.notFound("Host", host)
        }
        return record
    }

    private func disablePage(
        _ host: String, _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Disable Service"))
        var name = fields.text("host", Message("Host"))
        name.value = host
        name.isReadOnly = true
        let content = FormContent(
            heading: heading, action: SiteURL.disableService(host).path, verb: heading,
            cancel: Tab.hosts.url.description, problem: faults.problem,
            fields: [
                name, fields.text("reason", Message("Reason"), violation: "disabled_reason"),
            ],
            notes: [
                visitor.text(Message("Nothing new is launched on a disabled host. Instances that are there run on."))
            ])
        return formView.page(content, Self.head(visitor, Crumb(heading)), visitor, status: status)
    }

    private static func head(_ visitor: Visitor, _ more: Crumb...) -> PageHead {
        .admin(.hypervisors, Message("Compute"), Message("Hypervisors"), visitor, more)
    }

    private static func rings(_ records: [HypervisorRecord], _ wording: Wording) -> [LimitRing] {
        func sum(_ part: (HostResources) -> Int) -> (used: Int, total: Int) {
            (records.map { part($0.promised) }.reduce(0, +), records.compactMap(\.total).map(part).reduce(0, +))
        }
        let (cpu, memory, disk) = (sum(\.vcpus), sum(\.memoryMiB), sum(\.diskGiB))
        return [
            LimitRing(Message("vCPU Usage"), used: cpu.used, of: cpu.total, "", wording),
            LimitRing(Message("Memory Usage"), used: memory.used, of: memory.total, "MB", wording),
            LimitRing(Message("Local Disk Usage"), used: disk.used, of: disk.total, "GB", wording),
        ]
    }

    private static func hypervisors(
        _ loads: [String: HostLoad], _ wording: Wording
    ) -> TableDefinition<HypervisorRecord> {
        @Sendable func share(_ used: Int, _ all: Int?, _ unit: String) -> Cell {
            .compact("\(used) / \(all.map(String.init) ?? "–")" + (unit.isEmpty ? "" : " " + unit))
        }
        var table = TableDefinition<HypervisorRecord>(
            id: "hypervisors", url: Tab.hypervisors.url,
            columns: [
                Column(name: "host", title: Message("Hostname")) {
                    .name(
                        $0.host,
                        SiteURL.instances(.admin).with("instances__filter__q_field", InstanceFilterField.host.rawValue)
                            .with("instances__filter__q", $0.host))
                },
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
                Column(
                    name: "load", title: Message("Taken by guests now"),
                    order: { (loads[$0.host]?.busyVCPUs ?? -1) < (loads[$1.host]?.busyVCPUs ?? -1) }
                ) { record in
                    loads[record.host].map { .load($0, wording) } ?? .text("–")
                },
                Column(
                    name: "instances", title: Message("Instances"),
                    order: { ($0.runningGuests ?? 0) < ($1.runningGuests ?? 0) }
                ) {
                    .text($0.runningGuests.map(String.init) ?? "–")
                },
                Column(name: "reason", title: Message("Note"), isMinor: true, isSortable: false) { .text($0.reason) },
            ], objectID: { $0.host }, name: { $0.host })
        table.filters = [.contains("host", Message("Hostname"), \.host)]
        return table
    }

    private func hosts(_ visitor: Visitor) -> TableDefinition<HypervisorRecord> {
        let (compute, context, wording, now) = (compute, visitor.context, visitor.wording, site.clock.now())
        var table = TableDefinition<HypervisorRecord>(
            id: "compute_host", url: Tab.hosts.url,
            columns: [
                Column(name: "host", title: Message("Host")) { .name($0.host, nil) },
                Column(name: "zone", title: Message("Availability Zone")) { .text($0.service.zone) },
                Column(name: "status", title: Message("Status")) { .enabled($0.service, wording) },
                Column(name: "state", title: Message("State")) { .state($0.service, wording) },
                Column(name: "updated", title: Message("Time since update"), isSortable: false) {
                    .text($0.service.updatedAt.map { wording.age(from: $0, to: now) } ?? "–")
                },
                Column(name: "reason", title: Message("Disabled Reason")) {
                    .text($0.service.disabledReason ?? "–")
                },
            ], objectID: { $0.host }, name: { $0.host })
        table.filters = [.contains("host", Message("Host"), \.host)]
        table.rowActions = { record in
            record.service.isEnabled
                ? [.open(Message("Disable Service"), .disableService(record.host))] : [.perform("enable")]
        }
        table.actions = [
            TableAction(
                name: "enable", title: Message("Enable Service"),
                done: Message("Enabled compute service for hosts: {names}"),
                failed: Message("Unable to enable compute service for hosts: {names}")
            ) { try compute.setService("nova-compute", on: $0, enabled: true, as: context) }
        ]
        return table
    }
}

extension Cell {
    /// What the guests of a host really take of it, which is less than they were promised.
    fileprivate static func load(_ load: HostLoad, _ wording: Wording) -> Cell {
        let busy = Int((load.busyVCPUs * 100).rounded())
        let amount = "\(busy / 100).\(busy % 100 < 10 ? "0" : "")\(busy % 100)"
        return .lines([
            Line(text: wording(Message("{amount} vCPUs", ["amount": amount]))),
            Line(text: wording(Message("{amount} of RAM", ["amount": Quantity.bytes.text(load.residentBytes)]))),
        ])
    }
}

/// The page of the hosts.
struct HypervisorsContent: TemplateModel {
    let heading: String
    let rings: [LimitRing]
    let tabs: [TabModel]
    let table: TableModel

    static let shape = Shape<HypervisorsContent>([
        .text("heading", \.heading), .list("rings", \.rings), .list("tabs", \.tabs), .object("table", \.table),
    ])
}
