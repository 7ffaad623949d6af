import Compute
import Markup
import ServiceCore

/// Everything that can be done to one instance, in groups: the menu of its row, or a page of its own.
///
/// What cannot be done now stays in its place and says why. Of two actions that undo each other, the one that fits the
/// instance's state is shown.
struct InstanceMenu: TemplateModel {
    let groups: [Group]
    /// Why so much cannot be done, when it is the same reason for all of it.
    let note: String?

    static let shape = Shape<InstanceMenu>([.list("groups", \.groups), .optionalText("note", \.note)])

    struct Group: TemplateModel {
        let title: String
        let actions: [ActionModel]

        static let shape = Shape<Group>([.text("title", \.title), .list("actions", \.actions)])
    }

    /// Horizon's actions in Horizon's order, cut into groups by what people look for.
    private static let groups: [(title: Message, actions: [InstanceAction])] = [
        (
            Message("Power"),
            [
                .start, .rescue, .unrescue, .pause, .unpause, .suspend, .resume, .shelve, .unshelve, .softReboot,
                .hardReboot, .stop,
            ]
        ),
        (Message("Image"), [.createImage, .rebuild]),
        (Message("Hardware"), [.confirmResize, .revertResize, .attachInterface, .detachInterface, .resize]),
        (Message("Information"), [.rename, .updateMetadata, .console, .viewLog]),
        (Message("Protection"), [.editSecurityGroups, .lock, .unlock]),
        (Message("Deletion"), [.delete, .forceDelete]),
    ]

    /// - Parameter floating: what can be done about floating IPs; none where there are no routers.
    init(
        _ instance: Instance, _ available: [ActionAvailability], _ maker: RowMaker<Instance>, _ area: Area,
        floating: [RowAction] = []
    ) {
        let shown = available.filter { $0.action.isShown(for: instance, in: area) }
        let reasons = shown.compactMap(\.reason)
        let common = reasons.count > 3 && Set(reasons).count == 1 ? reasons.first : nil
        note = common.map(maker.says)
        let network = Group(
            title: maker.says(Message("Network")),
            actions: floating.compactMap { maker.action($0, instance.id.text) })
        let groups = Self.groups.compactMap { title, actions -> Group? in
            let models = actions.compactMap { action -> ActionModel? in
                guard let availability = shown.first(where: { $0.action == action }),
                    let row = action.rowAction(availability, on: instance.id, area)
                else { return nil }
                var model = maker.action(row, instance.id.text)
                // Said once above all, and the button is disabled all the same.
                if common != nil, model?.reason != nil { model?.reason = "" }
                return model
            }
            return models.isEmpty ? nil : Group(title: maker.says(title), actions: models)
        }
        self.groups = network.actions.isEmpty ? groups : groups + [network]
    }
}

/// The menu as a page, for those without scripts.
struct InstanceActionsContent: TemplateModel {
    let heading: String
    let status: Cell
    let menu: InstanceMenu
    /// Where forms of actions are sent.
    let action: String

    static let shape = Shape<InstanceActionsContent>([
        .text("heading", \.heading), .object("status", \.status), .object("menu", \.menu), .text("action", \.action),
    ])
}

extension InstanceAction {
    /// The order in which one action becomes the button of a row: what one most likely wants next and what does no harm.
    private static let foremost: [InstanceAction] = [
        .confirmResize, .start, .unpause, .resume, .unshelve, .unrescue, .viewLog,
    ]

    /// The button of a row: the first action that fits the state; nil when there is none.
    static func foremost(
        of available: [ActionAvailability], on instance: Instance, _ area: Area
    ) -> RowAction? {
        for action in foremost {
            guard let found = available.first(where: { $0.action == action }), found.allowed else { continue }
            return action.rowAction(found, on: instance.id, area)?.titled(action.shortLabel)
        }
        return nil
    }

    /// What stands on the button of a row, whose first cell says of what.
    private var shortLabel: Message {
        switch self {
        case .start: Message("Start")
        case .confirmResize: Message("Confirm")
        case .unpause, .resume: Message("Resume")
        case .unshelve: Message("Unshelve")
        case .unrescue: Message("Unrescue")
        default: label
        }
    }

    /// Whether the action says something about this instance: one that undoes what was never done does not.
    func isShown(for instance: Instance, in area: Area) -> Bool {
        switch self {
        case .unpause: instance.vmState == .paused
        case .pause: instance.vmState != .paused
        case .resume: instance.vmState == .suspended
        case .suspend: instance.vmState != .suspended
        case .unshelve: instance.isShelved
        case .shelve: !instance.isShelved
        case .unrescue: instance.vmState == .rescued
        case .rescue: instance.vmState != .rescued
        case .confirmResize, .revertResize: instance.vmState == .resized
        case .lock: !instance.locked
        case .unlock: instance.locked
        case .forceDelete: area == .admin
        default: true
        }
    }

    /// A link for what has a page, a button for the rest; nil for what no page offers.
    func rowAction(_ availability: ActionAvailability, on id: ID<Instance>, _ area: Area) -> RowAction? {
        let refused = availability.allowed ? nil : availability.reason ?? Message("Not possible now.")
        switch self {
        case .console: return .open(label, InstanceTab.console.url(area, id), refused: refused, help: help)
        case .viewLog: return .open(label, InstanceTab.log.url(area, id), refused: refused, help: help)
        default:
            guard let form = SiteURL.form(of: self, area, id.text) else {
                return .perform(rawValue, refused: refused)
            }
            return .open(label, form, refused: refused, help: help)
        }
    }
}

extension Instance {
    /// Whether its disk is an image and it has no host, or is about to have none.
    var isShelved: Bool { vmState == .shelved || vmState == .shelvedOffloaded }
}
