import HTTP
import Markup
import Networking
import ServiceCore

/// The addresses that a port may use beside its own.
struct AddressPairTable {
    let networking: NetworkingService
    let area: Area
    let port: Port
    let visitor: Visitor

    func definition() -> TableDefinition<AddressPair> {
        let (networking, context, port) = (networking, visitor.context, port)
        var table = TableDefinition<AddressPair>(
            id: "allowed_address_pairs", url: PortTab.addressPairs.url(area, port.id),
            columns: [
                Column(name: "ip", title: Message("IP Address or CIDR")) { .name($0.ipAddress, nil) },
                Column(name: "mac", title: Message("MAC Address")) { .code($0.macAddress.description) },
            ], objectID: \.key, name: \.ipAddress)
        table.emptyTitle = Message("No allowed address pairs yet")
        table.emptyText = Message("The port sends from its own addresses only.")
        guard networking.canChange(port, as: context) else { return table }
        table.rowActions = { _ in [.perform("delete")] }
        table.actions = [
            TableAction(
                name: "delete", title: Message("Delete"), batchTitle: Message("Delete"), isDestructive: true,
                done: Message("Deleted address pair: {names}"),
                failed: Message("Unable to delete address pair: {names}")
            ) { key in
                // As it is now: of several that go at once each is taken from what the one before left.
                let current = try networking.port(port.id, as: context)
                var update = PortUpdate()
                update.revision = current.revision
                update.allowedAddressPairs = current.allowedAddressPairs.filter { $0.key != key }
                    .map(AddressPairInput.init)
                _ = try networking.updatePort(port.id, update, as: context)
            }
        ]
        table.links = [TableLink(title: Message("Add Allowed Address Pair"), url: .addAddressPair(area, port.id.text))]
        return table
    }
}

/// The tab Allowed Address Pairs of a port: adding to it and deleting from it.
struct AddressPairPages: Sendable {
    private let site: Site
    private let area: Area
    private let tables: TableActions
    private let formView: View<FormContent>

    private var networking: NetworkingService { site.services.networking }

    init(_ site: Site, _ area: Area, _ tables: TableActions) throws {
        self.site = site
        self.area = area
        self.tables = tables
        formView = try site.view("form", of: FormContent.self)
    }

    /// The form of the table of pairs.
    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        let port = try port(request, visitor)
        let table = AddressPairTable(networking: networking, area: area, port: port, visitor: visitor)
        return try tables.perform(table.definition(), request, visitor) { id in
            guard let pair = port.allowedAddressPairs.first(where: { $0.key == id }) else {
                throw ServiceError.notFound("Address pair", id)
            }
            return pair
        }
    }

    func showAdd(_ request: Request, _ visitor: Visitor) throws -> Response {
        pairPage(try port(request, visitor), FormData([]), .none(visitor.wording), visitor)
    }

    func add(_ request: Request, _ visitor: Visitor) throws -> Response {
        let port = try port(request, visitor)
        do {
            var update = PortUpdate()
            update.revision = port.revision
            update.allowedAddressPairs =
                port.allowedAddressPairs.map(AddressPairInput.init) + [
                    AddressPairInput(ipAddress: request.form["ip"] ?? "", macAddress: request.form["mac"])
                ]
            _ = try networking.updatePort(port.id, update, as: visitor.context)
            let text = Message("Address pair \"{ip}\" was successfully added.", ["ip": request.form["ip"] ?? ""])
            return site.seeOther(
                PortTab.addressPairs.url(area, port.id), Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            let faults = Faults(error, visitor.wording) ?? .reserved(error, visitor.wording)
            guard let faults else { throw error }
            return pairPage(port, request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    private func port(_ request: Request, _ visitor: Visitor) throws -> Port {
        try networking.port(request.id("port_id", of: "Port"), as: visitor.context)
    }

    private func head(_ port: Port, _ visitor: Visitor, _ crumb: Crumb, _ heading: String) -> PageHead {
        let network = Crumb(port.networkTitle, NetworkTab.ports.url(area, port.networkID))
        return .networks(area, visitor, network, crumb, Crumb(heading))
    }

    private func pairPage(
        _ port: Port, _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let last = "allowed_address_pairs[\(port.allowedAddressPairs.count)]"
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Add Allowed Address Pair"))
        let content = FormContent(
            heading: heading, action: SiteURL.addAddressPair(area, port.id.text).path, verb: heading,
            cancel: PortTab.addressPairs.url(area, port.id).description,
            problem: faults.problem
                ?? faults.others(than: [last + ".ip_address", last + ".mac_address"]).first,
            fields: [
                fields.text(
                    "ip", Message("IP Address or CIDR"), help: Message("A single IP Address or CIDR"),
                    violation: last + ".ip_address", required: true),
                fields.text(
                    "mac", Message("MAC Address"), help: Message("Left empty, the port's own."),
                    violation: last + ".mac_address"),
            ],
            notes: [
                visitor.text(
                    Message(
                        "Add an allowed address pair for this port. This will allow multiple MAC/IP address (range) pairs to pass through this port."
                    ))
            ])
        let crumb = Crumb(port.displayName, PortTab.addressPairs.url(area, port.id))
        return formView.page(content, head(port, visitor, crumb, heading), visitor, status: status)
    }
}

extension AddressPair {
    /// Names it on its port's page: no port has two that are the same.
    fileprivate var key: String { "\(ipAddress) \(macAddress)" }
}

extension AddressPairInput {
    init(_ pair: AddressPair) { self.init(ipAddress: pair.ipAddress, macAddress: pair.macAddress.description) }
}
