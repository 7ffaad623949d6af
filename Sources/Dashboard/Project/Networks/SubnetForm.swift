import HTTP
import Markup
import Networking
import ServiceCore

/// What was typed about a subnet, under Horizon's field names. Text becomes the service's input values here and back;
/// no rule is checked here.
struct SubnetForm: Sendable {
    let input: FormData

    init(input: FormData) { self.input = input }

    /// The form of a subnet as it is stored: saving it unchanged changes nothing.
    init(_ subnet: Subnet) {
        var pairs: [(name: String, value: String)] = [
            ("subnet_name", subnet.name), ("cidr", subnet.cidr.description),
            ("gateway_ip", subnet.gateway?.description ?? ""),
            ("allocation_pools", Self.text(of: subnet.pools.map(\.range))),
            ("dns_nameservers", subnet.dnsNameservers.map(\.description).joined(separator: "\n")),
            ("host_routes", subnet.hostRoutes.map { "\($0.destination),\($0.nextHop)" }.joined(separator: "\n")),
            ("revision_number", String(subnet.revision)),
        ]
        if subnet.gateway == nil { pairs.append(("no_gateway", "on")) }
        if subnet.enableDHCP { pairs.append(("enable_dhcp", "on")) }
        input = FormData(pairs)
    }

    /// One "start,end" a line.
    static func text(of pools: [AddressRange]) -> String {
        pools.map { "\($0.first),\($0.last)" }.joined(separator: "\n")
    }

    /// White space around a comma is what people type and no mistake; the API is stricter.
    var pools: [PoolInput] { PoolInput.lines(of: Self.tightened(input["allocation_pools"])) }
    private var routes: [HostRouteInput] { HostRouteInput.lines(of: Self.tightened(input["host_routes"])) }
    var wantsWholeRange: Bool { input["whole_range"] != nil }

    /// Whether the form is sent to be shown again with its effect, and nothing is to be saved.
    var wantsPreview: Bool { input["preview"] != nil || input["stretch"] != nil }
    /// The part of the map that is asked for, or was shown.
    var stretch: CIDR? { (input["stretch"] ?? input["shown_stretch"]).flatMap { CIDR($0) } }

    /// The tab the form was sent from.
    var wantsDetails: Bool { input["shown_tab"] == "details" }

    /// The gateway as it would be: for the default range, which leaves it out.
    func gatewayOnly() -> IPAddress? {
        input.isTicked("no_gateway") ? nil : IPAddress(input["gateway_ip"] ?? "")
    }

    /// The same form with these pools in the box.
    func replacingPools(_ pools: [AddressRange]) -> SubnetForm {
        var pairs = input.pairs.filter { $0.name != "allocation_pools" && $0.name != "whole_range" }
        pairs.append(("allocation_pools", Self.text(of: pools)))
        return SubnetForm(input: FormData(pairs))
    }

    var newSubnet: NewSubnet {
        var new = NewSubnet(name: input["subnet_name"] ?? "", cidr: Self.trimmed(input["cidr"]))
        new.version = input["ip_version"].flatMap { Int($0) }.flatMap(IPVersion.init)
        let gateway = Self.trimmed(input["gateway_ip"])
        new.gateway = input.isTicked("no_gateway") ? .disabled : gateway.isEmpty ? .automatic : .address(gateway)
        new.enableDHCP = input.isTicked("enable_dhcp")
        new.ipv6Mode = new.version == .v6 ? input["ipv6_modes"].flatMap(IPv6AddressMode.init) : nil
        new.allocationPools = pools
        new.dnsNameservers = AddressInput.lines(of: input["dns_nameservers"] ?? "")
        new.hostRoutes = routes
        if isFromPool { takePool(for: &new) }
        return new
    }

    /// All fields of the form; an emptied box clears its list.
    var update: SubnetUpdate {
        var update = SubnetUpdate()
        update.name = input["subnet_name"] ?? ""
        update.gateway = input.isTicked("no_gateway") ? .disabled : .address(Self.trimmed(input["gateway_ip"]))
        update.enableDHCP = input.isTicked("enable_dhcp")
        update.allocationPools = pools
        update.dnsNameservers = AddressInput.lines(of: input["dns_nameservers"] ?? "")
        update.hostRoutes = routes
        update.revision = input["revision_number"].flatMap { Int($0) }
        return update
    }

    static let poolsHelp = Message(
        "One range a line: start,end (for example 192.168.1.100,192.168.1.120). Ranges must not overlap or hold the gateway."
    )
    static let dnsHelp = Message("One IP address a line.")
    static let routesHelp = Message(
        "One route a line: destination network,next hop (for example 192.168.200.0/24,10.56.1.254).")

    static func addressFields(_ fields: FormFields, features: NetworkFeatures, pools: [SubnetPool]) -> [FormField] {
        var cidr = fields.text(
            "cidr", Message("Network Address"), help: Message("In CIDR format, for example 192.168.0.0/24."),
            required: true)
        cidr.group = "by-hand"
        var list =
            [fields.text("subnet_name", Message("Subnet Name"), violation: "name")] + poolFields(fields, pools) + [cidr]
        if features.enableIPv6 {
            var version = fields.select(
                "ip_version", Message("IP Version"),
                [Choice(value: "4", title: "IPv4"), Choice(value: "6", title: "IPv6")])
            version.group = "by-hand"
            list.append(version)
        }
        list += [
            fields.text(
                "gateway_ip", Message("Gateway IP"),
                help: Message("Empty: the first address of the network, such as 192.168.0.1 of 192.168.0.0/24.")),
            fields.checkbox("no_gateway", Message("Disable Gateway")),
        ]
        return list
    }

    static func detailFields(_ fields: FormFields, features: NetworkFeatures) -> [FormField] {
        var list = [fields.checkbox("enable_dhcp", Message("Enable DHCP"))]
        if features.enableIPv6 {
            let modes: [(String, Message)] = [
                ("", Message("No options selected")),
                ("slaac/slaac", Message("SLAAC: Address discovered from OpenStack Router")),
                ("none/slaac", Message("SLAAC: Address discovered from an external router")),
                ("dhcpv6-stateful/dhcpv6-stateful", Message("DHCPv6 stateful: Address discovered from OpenStack DHCP")),
                (
                    "dhcpv6-stateless/dhcpv6-stateless",
                    Message(
                        "DHCPv6 stateless: Address discovered from OpenStack Router and additional information from OpenStack DHCP"
                    )
                ),
            ]
            list.append(
                fields.select(
                    "ipv6_modes", Message("IPv6 Address Configuration Mode"),
                    modes.map { Choice(value: $0, title: fields.wording($1)) }, help: Message("For IPv6 subnets only."))
            )
        }
        list += [
            poolsField(fields),
            fields.lines("dns_nameservers", Message("DNS Name Servers"), help: dnsHelp),
            fields.lines("host_routes", Message("Host Routes"), help: routesHelp),
        ]
        return list
    }

    static func poolsField(_ fields: FormFields) -> FormField {
        fields.lines("allocation_pools", Message("Allocation Pools"), help: poolsHelp, rows: 4)
    }

    /// What the map follows from: the fields whose faults change while one types.
    static func drawnFields(_ fields: FormFields) -> [FormField] {
        [
            fields.text("cidr", Message("Network Address")), fields.text("gateway_ip", Message("Gateway IP")),
            poolsField(fields),
        ]
    }

    private static func tightened(_ text: String?) -> String {
        let lines = (text ?? "").split(omittingEmptySubsequences: false) { $0.isNewline }
        return lines.map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map { trimmed(String($0)) }
                .joined(separator: ",")
        }.joined(separator: "\n")
    }

    static func trimmed(_ text: String?) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let bytes = (text ?? "").utf8.drop(while: isSpace)
        return String(decoding: bytes.reversed().drop(while: isSpace).reversed(), as: UTF8.self)
    }
}

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
    let studio: PoolStudio
    var clash: SubnetClash? {
        didSet { showsDetails = clash?.rows.first(where: \.differs)?.isDetail ?? showsDetails }
    }

    static let shape = Shape<SubnetUpdateContent>([
        .text("action", \.action), .text("cancel", \.cancel), .number("revision", \.revision),
        .optionalText("problem", \.problem), .flag("showsDetails", \.showsDetails),
        .number("subnetFaults", \.subnetFaults), .number("detailFaults", \.detailFaults), .object("name", \.name),
        .object("cidr", \.cidr), .object("gateway", \.gateway), .object("noGateway", \.noGateway),
        .object("dhcp", \.dhcp), .object("pools", \.pools), .object("dns", \.dns), .object("routes", \.routes),
        .text("defaultRange", \.defaultRange), .object("studio", \.studio), .optional("clash", \.clash),
    ])

    init(_ form: SubnetForm, _ fields: FormFields, _ subnet: Subnet, _ studio: PoolStudio, _ area: Area) {
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
        pools = SubnetForm.poolsField(fields)
        dns = fields.lines("dns_nameservers", Message("DNS Name Servers"), help: SubnetForm.dnsHelp)
        routes = fields.lines("host_routes", Message("Host Routes"), help: SubnetForm.routesHelp)
        let ranges = subnet.cidr.defaultPools(gateway: form.gatewayOnly())
        defaultRange = wording(
            Message(
                "Every usable address but the gateway: {ranges}",
                [
                    "ranges": ranges.map(AddressGrid.text).joined(separator: ", ")
                ]))
        self.studio = studio
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
