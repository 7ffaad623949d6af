import Compute
import HTTP
import Markup
import ServiceCore

/// Resize Instance: another flavor, with what it does to the quota.
struct ResizeForm: InstanceForm {
    static let action = InstanceAction.resize
    static let template = "project/instances/resize"
    static let scripts = ["js/launch.js"]

    func initial(_ desk: InstanceDesk) -> FormData { FormData([]) }

    func content(_ desk: InstanceDesk, _ fields: FormFields) throws -> ResizeContent {
        let compute = desk.services.compute
        return ResizeContent(
            desk, fields, options: try compute.resizeOptions(for: desk.instance.id, as: desk.context),
            quota: try compute.quota(projectID: desk.instance.projectID, as: desk.context))
    }

    func send(_ input: FormData, _ desk: InstanceDesk) throws -> FormOutcome {
        _ = try desk.services.compute.resize(desk.instance.id, to: input["flavor_id"] ?? "", as: desk.context)
        return .done(Message("Resizing instance \"{name}\".", ["name": desk.instance.name]))
    }
}

/// Resize Instance as its template sees it.
struct ResizeContent: TemplateModel {
    let action: String
    let cancel: String
    let problem: String?
    let isBlocked: Bool
    let old: Cell
    let oldVCPUs: Int
    let oldMemory: Int
    let flavors: ChoiceTable
    let quota: [QuotaBar]

    static let shape = Shape<ResizeContent>([
        .text("action", \.action), .text("cancel", \.cancel), .optionalText("problem", \.problem),
        .flag("blocked", \.isBlocked), .object("old", \.old), .number("oldVCPUs", \.oldVCPUs),
        .number("oldMemory", \.oldMemory), .object("flavors", \.flavors), .list("quota", \.quota),
    ])

    init(_ desk: InstanceDesk, _ fields: FormFields, options: [ResizeOption], quota limits: ComputeQuota) {
        let (old, wording) = (desk.instance.flavor, desk.wording)
        action = desk.url
        cancel = desk.cancel
        problem = desk.problem(fields.faults, shown: ["flavor_id"])
        isBlocked = desk.refused != nil
        self.old = .flavor(of: desk.instance)
        (oldVCPUs, oldMemory) = (old.vcpus, old.memoryMiB)
        let chosen = fields.input["flavor_id"] ?? ""
        flavors = ChoiceTable(
            name: "flavor_id",
            columns: [
                wording(Message("Name")), wording(Message("vCPUs")), wording(Message("RAM")),
                wording(Message("Total Disk")),
            ],
            rows: options.filter { $0.flavor.id != old.id }.map { Self.row($0, chosen, desk) },
            faults: fields.faults.of("flavor_id"), empty: wording(Message("There is no other flavor.")))
        let new = options.first { $0.flavor.id == chosen }?.flavor
        let adds = ComputeResources(
            instances: 0, cores: new.map { $0.vcpus - old.vcpus } ?? 0,
            memoryMiB: new.map { $0.memoryMiB - old.memoryMiB } ?? 0)
        quota = Array(QuotaBar.launch(limits, adds: adds, wording).dropFirst())
    }

    private static func row(_ option: ResizeOption, _ chosen: String, _ desk: InstanceDesk) -> ChoiceRow {
        let (flavor, old) = (option.flavor, desk.instance.flavor)
        let reasons = option.refusals.map(\.message)
        func compared(_ new: Int, _ old: Int, _ unit: String) -> Cell {
            let difference = new - old
            let note = difference == 0 ? nil : (difference > 0 ? "+\(difference)" : "−\(-difference)")
            return .lines([Cell.Line(text: "\(new)\(unit)", note: note)])
        }
        return ChoiceRow(
            name: "flavor_id", type: "radio", value: flavor.id, title: flavor.name, isChosen: flavor.id == chosen,
            cells: [
                compared(flavor.vcpus, old.vcpus, ""), compared(flavor.memoryMiB, old.memoryMiB, " MB"),
                compared(flavor.diskGiB, old.diskGiB, " GB"),
            ],
            vcpus: flavor.vcpus, memory: flavor.memoryMiB,
            misfits: reasons.isEmpty
                ? []
                : [
                    Misfit(
                        imageID: desk.instance.imageID.text, reasons: reasons.map(desk.wording.callAsFunction),
                        isShown: true)
                ],
            isDisabled: !reasons.isEmpty)
    }
}
