import Compute
import HTTP
import Images
import Markup
import Networking
import ServiceCore

/// A table one chooses from: each row begins with a radio button or a check box.
struct ChoiceTable: TemplateModel {
    let name: String
    var takesSeveral = false
    let columns: [String]
    let rows: [ChoiceRow]
    let faults: [FieldFaultModel]
    /// What to say when there is nothing to choose from.
    let empty: String

    static let shape = Shape<ChoiceTable>([
        .text("name", \.name), .text("type") { $0.takesSeveral ? "checkbox" : "radio" }, .texts("columns", \.columns),
        .list("rows", \.labelledRows), .flag("hasRows") { !$0.rows.isEmpty }, .list("faults", \.faults),
        .flag("invalid") { !$0.faults.isEmpty }, .text("empty", \.empty),
    ])

    /// A narrow window shows rows as cards, where each value carries the title of its column.
    private var labelledRows: [ChoiceRow] {
        rows.map { row in
            var row = row
            row.cells = zip(row.cells, columns.dropFirst()).map { $0.labelled($1) }
            return row
        }
    }
}

struct ChoiceRow: TemplateModel {
    let name: String
    let type: String
    let value: String
    let title: String
    let isChosen: Bool
    var cells: [Cell]
    /// What a flavor takes, for the picture of the quota.
    var vcpus = 0
    var memory = 0
    var misfits: [Misfit] = []
    /// Cannot be chosen at all; its misfits say why.
    var isDisabled = false

    static let shape = Shape<ChoiceRow>([
        .text("name", \.name), .text("type", \.type), .text("value", \.value), .text("title", \.title),
        .flag("chosen", \.isChosen), .list("cells", \.cells), .number("vcpus", \.vcpus), .number("memory", \.memory),
        .list("misfits", \.misfits), .flag("disabled", \.isDisabled),
        .flag("unfit") { $0.misfits.contains { $0.isShown } },
    ])
}

/// Why a flavor is too small for one image; shown while that image is the chosen one.
struct Misfit: TemplateModel {
    let imageID: String
    let reasons: [String]
    let isShown: Bool

    static let shape = Shape<Misfit>([
        .text("imageID", \.imageID), .texts("reasons", \.reasons), .flag("shown", \.isShown),
    ])
}

extension ChoiceTable {
    static func images(_ images: [Image], _ form: LaunchForm, _ fields: FormFields) -> ChoiceTable {
        let wording = fields.wording
        return ChoiceTable(
            name: "image_id",
            columns: [
                wording(Message("Name")), wording(Message("Updated")), wording(Message("Size")),
                wording(Message("Format")), wording(Message("Visibility")), wording(Message("Needs")),
            ],
            rows: images.map { image in
                ChoiceRow(
                    name: "image_id", type: "radio", value: image.id.text, title: image.title,
                    isChosen: image.id.text == form.imageID,
                    cells: [
                        .text(wording.time(image.updatedAt)), .text(wording.bytes(image.size ?? 0)),
                        .text(image.diskFormat?.rawValue.uppercased() ?? "–"), .text(wording(image.visibility.label)),
                        .text("\(image.minRAMMiB) MB · \(max(image.minDiskGiB, image.virtualSizeGiB)) GB"),
                    ])
            },
            faults: fields.faults.of("image_id"),
            empty: wording(Message("There is no image to launch from yet. Upload one under Images.")))
    }

    static func flavors(_ offer: LaunchOffer, _ form: LaunchForm, _ fields: FormFields) -> ChoiceTable {
        let wording = fields.wording
        return ChoiceTable(
            name: "flavor_id",
            columns: [
                wording(Message("Name")), wording(Message("vCPUs")), wording(Message("RAM")),
                wording(Message("Total Disk")), wording(Message("Public")),
            ],
            rows: offer.flavors.map { flavor in
                ChoiceRow(
                    name: "flavor_id", type: "radio", value: flavor.id, title: flavor.name,
                    isChosen: flavor.id == form.flavorID,
                    cells: [
                        .number(flavor.vcpus), .text("\(flavor.memoryMiB) MB"), .text("\(flavor.diskGiB) GB"),
                        .text(wording.yesNo(flavor.isPublic)),
                    ],
                    vcpus: flavor.vcpus, memory: flavor.memoryMiB,
                    misfits: offer.images.compactMap { image in
                        let reasons = flavor.shortcomings(for: image)
                        guard !reasons.isEmpty else { return nil }
                        return Misfit(
                            imageID: image.id.text, reasons: reasons.map(wording.callAsFunction),
                            isShown: image.id.text == form.imageID)
                    })
            },
            faults: fields.faults.of("flavor_id"), empty: wording(Message("There is no flavor.")))
    }

    static func networks(_ networks: [Network], _ form: LaunchForm, _ fields: FormFields) -> ChoiceTable {
        let wording = fields.wording
        let chosen = Set(form.networkIDs)
        return ChoiceTable(
            name: "networks", takesSeveral: true,
            columns: [
                wording(Message("Network")), wording(Message("Subnets Associated")), wording(Message("Shared")),
                wording(Message("Admin State")), wording(Message("Status")),
            ],
            rows: networks.map { network in
                ChoiceRow(
                    name: "networks", type: "checkbox", value: network.id.text, title: network.displayName,
                    isChosen: chosen.contains(network.id.text),
                    cells: [
                        .lines(network.subnets.map { Cell.Line(text: $0.name, note: $0.cidr.description) }),
                        .text(wording.yesNo(network.shared)), .text(wording.adminState(network.adminStateUp)),
                        .status(network.status, wording),
                    ])
            },
            faults: fields.faults.of("networks"),
            empty: wording(Message("There is no network with a subnet yet. Create one under Networks.")))
    }

    static func keypairs(_ keypairs: [Keypair], _ form: LaunchForm, _ fields: FormFields) -> ChoiceTable {
        let wording = fields.wording
        let chosen = form.input["key_name"] ?? ""
        func row(_ value: String, _ title: String, _ cells: [Cell]) -> ChoiceRow {
            ChoiceRow(
                name: "key_name", type: "radio", value: value, title: title, isChosen: value == chosen, cells: cells)
        }
        return ChoiceTable(
            name: "key_name",
            columns: [wording(Message("Name")), wording(Message("Type")), wording(Message("Fingerprint"))],
            rows: [row("", wording(Message("No key pair")), [.text("–"), .text("–")])]
                + keypairs.map { row($0.name, $0.name, [.text($0.type), .code($0.fingerprint)]) },
            faults: fields.faults.of("key_name"), empty: "")
    }
}

extension ImageVisibility {
    /// The visibility in Horizon's words.
    var label: Message {
        switch self {
        case .public: Message("Public")
        case .private: Message("Private")
        case .shared: Message("Shared")
        case .community: Message("Community")
        }
    }
}
