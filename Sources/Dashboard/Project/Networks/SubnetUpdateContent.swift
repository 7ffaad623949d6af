import HTTP
import Markup
import Networking
import ServiceCore

/// Edit Subnet as its template sees it: two tabs of one form, and beside them how the addresses are used.
struct SubnetUpdateContent: TemplateModel {
    let action: String
    let cancel: String
    let revision: Int
    let problem: String?
    /// Horizon opens the first tab; a form that came back opens the one with the fault.
    private(set) var showsDetails: Bool
    let subnetFaults: Int
    let detailFaults: Int
    let name: FormField
    let cidr: FormField
    let gateway: FormField
    let noGateway: FormField
    let dhcp: FormField
    let pools: FormField
    let dns: FormField
    let routes: FormField
    let defaultRange: String
    let map: AddressMapDrawing
    /// For the script that draws pools while they are typed: the first address as a number, and how many there are.
    /// Both empty for IPv6, whose numbers no script can hold.
    let firstNumber: String
    let addressCount: String
    var clash: SubnetClash? {
        didSet { showsDetails = clash?.rows.first(where: \.differs)?.isDetail ?? showsDetails }
    }

    static let shape = Shape<SubnetUpdateContent>([
        .text("action", \.action), .text("cancel", \.cancel), .number("revision", \.revision),
        .optionalText("problem", \.problem), .flag("showsDetails", \.showsDetails),
        .number("subnetFaults", \.subnetFaults), .number("detailFaults", \.detailFaults), .object("name", \.name),
        .object("cidr", \.cidr), .object("gateway", \.gateway), .object("noGateway", \.noGateway),
        .object("dhcp", \.dhcp), .object("pools", \.pools), .object("dns", \.dns), .object("routes", \.routes),
        .text("defaultRange", \.defaultRange), .text("firstNumber", \.firstNumber),
        .text("addressCount", \.addressCount), .object("map", \.map), .optional("clash", \.clash),
    ])

    init(_ form: SubnetForm, _ fields: FormFields, _ subnet: Subnet, _ map: AddressMap, _ area: Area) {
        let wording = fields.wording
        let faults = fields.faults
        action = SiteURL.updateSubnet(area, subnet.networkID.text, subnet.id.text).path
        cancel = NetworkTab.subnets.url(area, subnet.networkID).description
        revision = subnet.revision
        subnetFaults = faults.count(of: "name", "cidr", "gateway_ip")
        detailFaults = faults.count(of: "enable_dhcp", "allocation_pools", "dns_nameservers", "host_routes")
        let unplaced = faults.others(than: [
            "name", "cidr", "gateway_ip", "enable_dhcp", "allocation_pools", "dns_nameservers", "host_routes",
        ])
        problem = faults.problem ?? (unplaced.isEmpty ? nil : unplaced.joined(separator: " "))
        showsDetails =
            subnetFaults == 0 && (detailFaults > 0 || form.wantsDetails)
        name = fields.text("subnet_name", Message("Subnet Name"), violation: "name")
        var address = fields.text("cidr", Message("Network Address"), required: true)
        address.value = subnet.cidr.description
        address.isReadOnly = true
        cidr = address
        gateway = fields.text(
            "gateway_ip", Message("Gateway IP"), help: Message("To do without a gateway, tick Disable Gateway."))
        noGateway = fields.checkbox("no_gateway", Message("Disable Gateway"))
        dhcp = fields.checkbox("enable_dhcp", Message("Enable DHCP"))
        pools = fields.lines("allocation_pools", Message("Allocation Pools"), help: SubnetForm.poolsHelp, rows: 4)
        dns = fields.lines("dns_nameservers", Message("DNS Name Servers"), help: SubnetForm.dnsHelp)
        routes = fields.lines("host_routes", Message("Host Routes"), help: SubnetForm.routesHelp)
        let ranges = subnet.cidr.defaultPools(gateway: form.gatewayOnly())
        defaultRange = wording(
            Message(
                "Every usable address but the gateway: {ranges}",
                [
                    "ranges": ranges.map { $0.first == $0.last ? "\($0.first)" : "\($0.first) – \($0.last)" }.joined(
                        separator: ", ")
                ]))
        self.map = AddressMapDrawing(map, wording)
        let all = subnet.cidr.range
        firstNumber = all.version == .v4 ? String(all.first.bits) : ""
        addressCount = all.version == .v4 ? String(all.count) : ""
    }
}

/// What stands in the database and what was typed, side by side, when somebody else was quicker.
struct SubnetClash: TemplateModel {
    let explanation: String
    let rows: [Row]

    struct Row: TemplateModel {
        let label: String
        let stored: String
        let entered: String
        /// On the second tab.
        var isDetail = false
        var differs: Bool { stored != entered }

        static let shape = Shape<Row>([
            .text("label", \.label), .text("stored", \.stored), .text("entered", \.entered),
            .flag("differs", \.differs),
        ])
    }

    static let shape = Shape<SubnetClash>([.text("explanation", \.explanation), .list("rows", \.rows)])

    init(stored: Subnet, entered: SubnetForm, _ wording: Wording) {
        let now = SubnetForm(stored).input
        let typed = entered.input
        func row(_ label: Message, _ field: String, isDetail: Bool = false) -> Row {
            Row(
                label: wording(label), stored: Self.lines(now[field]), entered: Self.lines(typed[field]),
                isDetail: isDetail)
        }
        func tick(_ label: Message, _ field: String, isDetail: Bool = false) -> Row {
            Row(
                label: wording(label), stored: wording.yesNo(now.isTicked(field)),
                entered: wording.yesNo(typed.isTicked(field)), isDetail: isDetail)
        }
        explanation = wording(
            Message(
                "It was saved at {time}, after you opened this form. Nothing of yours was saved. Save again to replace it with what you entered, or cancel to keep it.",
                ["time": wording.time(stored.updatedAt)]))
        rows = [
            row(Message("Subnet Name"), "subnet_name"), row(Message("Gateway IP"), "gateway_ip"),
            tick(Message("Disable Gateway"), "no_gateway"),
            tick(Message("Enable DHCP"), "enable_dhcp", isDetail: true),
            row(Message("Allocation Pools"), "allocation_pools", isDetail: true),
            row(Message("DNS Name Servers"), "dns_nameservers", isDetail: true),
            row(Message("Host Routes"), "host_routes", isDetail: true),
        ]
    }

    private static func lines(_ text: String?) -> String {
        (text ?? "").split { $0 == "\r\n" || $0 == "\n" }.joined(separator: "\n")
    }
}

/// The page of one subnet.
struct SubnetDetailContent: TemplateModel {
    let heading: String
    let actions: [ActionModel]
    let facts: [Cell]
    let map: AddressMapDrawing

    static let shape = Shape<SubnetDetailContent>([
        .text("heading", \.heading), .list("actions", \.actions), .list("facts", \.facts), .object("map", \.map),
    ])

    init(
        _ subnet: Subnet, _ network: Network, _ map: AddressMap, _ area: Area, mayChange: Bool, _ wording: Wording
    ) {
        heading = subnet.displayName
        actions =
            mayChange
            ? [
                ActionModel(
                    title: wording(Message("Edit Subnet")),
                    href: SiteURL.updateSubnet(area, network.id.text, subnet.id.text).path)
            ] : []
        let pools = subnet.pools.map { pool in
            wording(
                Message("Start {first} - End {last}", ["first": "\(pool.range.first)", "last": "\(pool.range.last)"]))
        }
        let none = wording(Message("None"))
        func lines(_ texts: [String]) -> Cell {
            .lines((texts.isEmpty ? [none] : texts).map { Cell.Line(text: $0) })
        }
        facts = [
            Cell.text(subnet.displayName).labelled(wording(Message("Name"))),
            Cell.code(subnet.id.text).labelled(wording(Message("ID"))),
            Cell.link(network.displayName, .network(area, network.id.text)).labelled(wording(Message("Network Name"))),
            Cell.code(subnet.projectID).labelled(wording(Message("Project ID"))),
            Cell.text(subnet.version.name).labelled(wording(Message("IP Version"))),
            Cell.text(subnet.cidr.description).labelled(wording(Message("CIDR"))),
            lines(pools).labelled(wording(Message("IP Allocation Pools"))),
            Cell.text(subnet.gateway?.description ?? none).labelled(wording(Message("Gateway IP"))),
            Cell.text(wording.yesNo(subnet.enableDHCP)).labelled(wording(Message("DHCP Enabled"))),
            lines(subnet.hostRoutes.map { "\($0.destination) – \($0.nextHop)" })
                .labelled(wording(Message("Additional Routes"))),
            lines(subnet.dnsNameservers.map(\.description)).labelled(wording(Message("DNS Name Servers"))),
        ]
        self.map = AddressMapDrawing(map, wording)
    }
}

extension Faults {
    /// What an emptied box of pools is answered with: Horizon would silently change nothing.
    static func emptyPools(_ wording: Wording) -> Faults {
        let message = Message(
            "The box was empty. The whole range has been filled in: save to use it, or cancel to keep the pools as they were."
        )
        return Faults(
            violations: [Violation(field: "allocation_pools", code: "empty_pools", message: message)],
            wording: wording)
    }
}
