import Compute
import HTTP
import Images
import Markup
import Networking
import ServiceCore

/// Launch Instance as its template sees it: Horizon's steps as sections of one page.
struct LaunchContent: TemplateModel {
    let action: String
    let problem: String?
    let otherFaults: [String]
    let details: FormSection
    let images: ChoiceTable
    let flavors: ChoiceTable
    let networks: ChoiceTable
    let securityGroups: ChoiceTable
    let keypairs: ChoiceTable
    let configuration: FormSection
    let quota: [QuotaBar]

    static let shape = Shape<LaunchContent>([
        .text("action", \.action), .optionalText("problem", \.problem), .texts("otherFaults", \.otherFaults),
        .object("details", \.details), .object("images", \.images), .object("flavors", \.flavors),
        .object("networks", \.networks), .object("securityGroups", \.securityGroups),
        .object("keypairs", \.keypairs), .object("configuration", \.configuration),
        .list("quota", \.quota), .text("cancel") { _ in SiteURL.instances(.project).path },
        .text("createNetwork") { _ in SiteURL.createNetwork(.project).path },
    ])

    private static let fields = [
        "name", "description", "count", "availability_zone", "image_id", "flavor_id", "networks", "security_groups",
        "key_name", "user_data", "config_drive", "server_group", "metadata",
    ]

    init(_ form: LaunchForm, _ offer: LaunchOffer, _ fields: FormFields, isRefused: Bool) {
        action = SiteURL.launchInstance.path
        let wording = fields.wording
        problem =
            fields.faults.problem
            ?? (isRefused
                ? wording(Message("The instance was not launched. What has to change is marked below.")) : nil)
        otherFaults = fields.faults.others(than: Self.fields)
        details = FormSection(fields: Self.details(offer, fields))
        images = .images(offer.images, form, fields)
        flavors = .flavors(offer, form, fields)
        networks = .networks(offer.networks, form, fields)
        securityGroups = .securityGroups(
            offer.securityGroups, named: "security_groups", chosen: form.input.values("security_groups"), fields)
        keypairs = .keypairs(offer.keypairs, form, fields)
        configuration = FormSection(fields: Self.configuration(offer, fields))
        let flavor = offer.flavors.first { $0.id == form.flavorID }
        let adds = flavor.map { ComputeResources($0, count: max(0, min(form.count, LaunchRequest.countLimit))) }
        quota = QuotaBar.launch(
            offer.quota, adds: adds ?? ComputeResources(instances: max(0, form.count), cores: 0, memoryMiB: 0), wording)
    }

    private static func details(_ offer: LaunchOffer, _ fields: FormFields) -> [FormField] {
        var count = fields.text(
            "count", Message("Count"), help: Message("More than one are named with -1, -2, … at the end."),
            required: true)
        count.kind = .input("number")
        var name = fields.text(
            "name", Message("Instance Name"), help: Message("It becomes the host name of the guest too."),
            required: true)
        name.takesFocus = true
        let any = Choice(value: "", title: fields.wording(Message("Any Availability Zone")))
        // To name a host makes sense only where there are several.
        let hosts = offer.hosts.count > 1 ? offer.hosts : []
        let named = (offer.zones + hosts).map { Choice(value: $0, title: $0) }
        let zones = (named.count > 1 ? [any] : []) + named
        return [
            name, fields.text("description", Message("Description")),
            fields.select("availability_zone", Message("Availability Zone"), zones), count,
        ]
    }

    /// At most one group, by name and policy.
    private static func serverGroup(_ groups: [ServerGroup], _ fields: FormFields) -> FormField {
        let none = Choice(value: "", title: fields.wording(Message("No server group")))
        return fields.select(
            "server_group", Message("Server Group"),
            [none]
                + groups.map {
                    Choice(value: $0.id.text, title: "\($0.name) – \(fields.wording($0.policy.label))")
                },
            help: Message("Keeps its instances on one host, or on different ones."))
    }

    private static func configuration(_ offer: LaunchOffer, _ fields: FormFields) -> [FormField] {
        let groups = offer.serverGroups.isEmpty ? [] : [serverGroup(offer.serverGroups, fields)]
        let size = String(LaunchRequest.userDataLimit / 1024)
        var file = fields.text("user_data_file", Message("Load Customization Script from a file"), violation: "-")
        file.kind = .input("file")
        file.value = ""
        return groups + [
            fields.lines(
                "user_data", Message("Customization Script"),
                help: Message("Runs when the guest boots for the first time. At most {size} KiB.", ["size": size]),
                rows: 5),
            file,
            fields.checkbox(
                "config_drive", Message("Configuration Drive"),
                help: offer.hasMetadataService
                    ? Message("Gives the guest its metadata on a small disk, for networks without a metadata service.")
                    : Message("Every instance gets one here: without host networking there is no metadata service.")),
            MetadataLines.field(fields, rows: 3),
        ]
    }
}
