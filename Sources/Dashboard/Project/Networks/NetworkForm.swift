import HTTP
import Markup
import Networking
import ServiceCore

/// A group of fields under a heading.
struct FormSection: TemplateModel {
    let fields: [FormField]

    static let shape = Shape<FormSection>([.list("fields", \.fields)])
}

/// Create Network, Edit Network and Create Subnet as their template sees them.
struct NetworkFormContent: TemplateModel {
    let heading: String
    let action: String
    let verb: String
    let cancel: String
    let problem: String?
    var network: FormSection?
    var subnet: FormSection?
    var details: FormSection?
    var studio: PoolStudio?
    let notes: [String]
    var revision = ""

    static let shape = Shape<NetworkFormContent>([
        .text("heading", \.heading), .text("action", \.action), .text("verb", \.verb), .text("cancel", \.cancel),
        .optionalText("problem", \.problem), .optional("network", \.network), .optional("subnet", \.subnet),
        .optional("details", \.details), .optional("studio", \.studio), .texts("notes", \.notes),
        .text("revision", \.revision),
    ])
}

/// What was typed about a network, under Horizon's field names.
struct NetworkForm: Sendable {
    let input: FormData

    init(input: FormData) { self.input = input }

    /// An empty form.
    init(initial projectID: String) {
        input = FormData([
            ("tenant_id", projectID), ("admin_state", "on"), ("with_subnet", "on"), ("network_type", "local"),
            ("enable_dhcp", "on"), ("ip_version", "4"),
        ])
    }

    init(_ network: Network) {
        var pairs = [("net_name", network.name), ("revision_number", String(network.revision))]
        for (name, isOn) in [
            ("admin_state", network.adminStateUp), ("shared", network.shared), ("external", network.external),
        ] where isOn { pairs.append((name, "on")) }
        input = FormData(pairs)
    }

    var wantsSubnet: Bool { input.isTicked("with_subnet") }
    var subnet: SubnetForm { SubnetForm(input: input) }

    func newNetwork(_ area: Area) -> NewNetwork {
        var new = NewNetwork(name: input["net_name"] ?? "")
        new.adminStateUp = input.isTicked("admin_state")
        new.shared = input.isTicked("shared")
        new.mtu = input["mtu"]
        guard area == .admin else { return new }
        new.external = input.isTicked("external")
        new.projectID = input["tenant_id"]
        new.provider = input["network_type"].map {
            ProviderInput(
                type: $0, physicalNetwork: input["physical_network"], segmentationID: input["segmentation_id"])
        }
        return new
    }

    func update(_ context: RequestContext) -> NetworkUpdate {
        var update = NetworkUpdate()
        update.name = input["net_name"] ?? ""
        update.adminStateUp = input.isTicked("admin_state")
        if context.isAdmin {
            update.shared = input.isTicked("shared")
            update.external = input.isTicked("external")
        }
        update.revision = input["revision_number"].flatMap { Int($0) }
        return update
    }

    func createContent(
        _ area: Area, _ projects: [Choice], _ pools: [SubnetPool], _ fields: FormFields, features: NetworkFeatures,
        isAdmin: Bool
    ) -> NetworkFormContent {
        let wording = fields.wording
        var subnetFields = fields
        subnetFields.prefix = "subnet."
        let network = FormSection(fields: networkFields(area, projects, fields, isAdmin: isAdmin))
        let subnet = FormSection(fields: SubnetForm.addressFields(subnetFields, features: features, pools: pools))
        let details = FormSection(fields: SubnetForm.detailFields(subnetFields, features: features))
        return NetworkFormContent(
            heading: wording(Message("Create Network")), action: SiteURL.createNetwork(area).path,
            verb: wording(Message("Create")), cancel: SiteURL.networks(area).path, problem: fields.faults.problem,
            network: network, subnet: subnet, details: details,
            notes: [
                wording(Message("Create a new network. A subnet associated with it can be created in the same step.")),
                wording(Message("The network and its subnet are made together or not at all.")),
            ])
    }

    func updateContent(
        _ network: Network, _ area: Area, _ fields: FormFields, isAdmin: Bool
    ) -> NetworkFormContent {
        let wording = fields.wording
        var list = [
            fields.text("net_name", Message("Network Name"), violation: "name"),
            fields.checkbox("admin_state", Message("Enable Admin State"), help: Self.adminStateHelp),
        ]
        if isAdmin { list += Self.sharingFields(fields) }
        return NetworkFormContent(
            heading: wording(Message("Edit Network")), action: SiteURL.updateNetwork(area, network.id.text).path,
            verb: wording(Message("Save Changes")), cancel: SiteURL.networks(area).path,
            problem: fields.faults.problem, network: FormSection(fields: list), notes: [],
            revision: String(network.revision))
    }

    private static let adminStateHelp = Message("A network that is down forwards nothing.")

    private func networkFields(
        _ area: Area, _ projects: [Choice], _ fields: FormFields, isAdmin: Bool
    ) -> [FormField] {
        var list = [fields.text("net_name", Message("Network Name"), violation: "name")]
        if area == .admin {
            list.append(fields.select("tenant_id", Message("Project"), projects, violation: "project_id"))
            let types = ProviderType.allCases.map { Choice(value: $0.rawValue, title: $0.rawValue) }
            list += [
                fields.select(
                    "network_type", Message("Provider Network Type"), types,
                    help: Message("How the network is carried between hosts."), violation: "provider:network_type"),
                fields.text(
                    "physical_network", Message("Physical Network"), help: Message("For flat and vlan networks."),
                    violation: "provider:physical_network"),
                fields.text(
                    "segmentation_id", Message("Segmentation ID"),
                    help: Message("vlan: 1 to 4094; gre: 1 to 4294967295; vxlan and geneve: 1 to 16777215."),
                    violation: "provider:segmentation_id"),
            ]
        }
        list += [
            fields.text("mtu", Message("MTU"), help: Message("Bytes, at least 68. Empty: the cloud's default.")),
            fields.checkbox("admin_state", Message("Enable Admin State"), help: Self.adminStateHelp),
        ]
        if isAdmin { list += area == .admin ? Self.sharingFields(fields) : [Self.sharingFields(fields)[0]] }
        list.append(
            fields.checkbox(
                "with_subnet", Message("Create Subnet"),
                help: Message("Untick to leave the fields below alone and create a network without a subnet.")))
        return list
    }

    private static func sharingFields(_ fields: FormFields) -> [FormField] {
        [
            fields.checkbox("shared", Message("Shared"), help: Message("Every project may attach to the network.")),
            fields.checkbox(
                "external", Message("External Network"), help: Message("The network leads out of the cloud.")),
        ]
    }
}
