import Compute
import Foundation
import HTTP
import Networking
import ServiceCore

/// The table of instances with Horizon's columns and actions.
struct InstanceTable {
    static let id = "instances"

    let site: Site
    let area: Area
    let visitor: Visitor
    /// The processor use to show; nil leaves the column out.
    var load: (@Sendable (Instance) -> InstanceLoad?)?

    private var compute: ComputeService { site.services.compute }

    func definition() -> TableDefinition<Instance> {
        let (area, context) = (area, visitor.context)
        let offer = compute.actionOffer(to: context)
        var table = TableDefinition<Instance>(
            id: Self.id, url: .instances(area), columns: columns(), objectID: { $0.id.text }, name: { $0.name })
        table.isBusy = { $0.isInProgress }
        table.liveKind = "instance"
        table.filters = InstanceFilterField.allCases.filter { $0.isShown(in: area) }.map(\.filter)
        table.rowActions = { instance in
            InstanceAction.foremost(of: offer.actions(for: instance), on: instance, area).map { [$0] } ?? []
        }
        table.rowMenu = { .instanceActions(area, $0.id.text) }
        table.actions = actions()
        if area == .project, compute.canLaunch(as: context) {
            table.links = [TableLink(title: Message("Launch Instance"), url: .launchInstance)]
        }
        table.emptyTitle = Message("No instances yet")
        table.emptyText = Message("Launch one from an image: it takes a name, a flavor and a network.")
        return table
    }

    private func columns() -> [Column<Instance>] {
        let (area, wording, context, compute) = (area, visitor.wording, visitor.context, compute)
        let now = site.clock.now()
        var columns: [Column<Instance>] = []
        if area == .admin {
            columns += [
                Column(name: "project", title: Message("Project"), isSortable: false) { .text($0.projectName) },
                Column(name: "host", title: Message("Host"), isMinor: true, isSortable: false) {
                    .text(compute.internals(of: $0, as: context)?.host ?? "–")
                },
            ]
        }
        columns += [
            Column(name: "name", title: Message("Instance Name"), isSortable: false) {
                .name($0.name, .instance(area, $0.id.text))
            },
            Column(name: "image", title: Message("Image Name"), isMinor: true, isSortable: false) {
                .text($0.imageName)
            },
            Column(name: "ip", title: Message("IP Address"), isSortable: false) { .addresses(of: $0) },
            Column(name: "flavor", title: Message("Flavor"), isSortable: false) { .flavor(of: $0) },
            Column(name: "key", title: Message("Key Pair"), isMinor: true, isSortable: false) {
                .text($0.keyName ?? "–")
            },
            Column(name: "status", title: Message("Status"), isSortable: false) { .status(of: $0, wording) },
        ]
        if area == .project {
            columns.append(
                Column(name: "zone", title: Message("Availability Zone"), isMinor: true, isSortable: false) {
                    .text($0.availabilityZone)
                })
        }
        columns += [
            Column(name: "task", title: Message("Task"), isSortable: false) { .task(of: $0, wording) },
            Column(name: "power", title: Message("Power State"), isSortable: false) {
                .text(wording($0.powerState.label))
            },
        ]
        if let load {
            columns.append(
                Column(name: "load", title: Message("CPU"), isMinor: true, isSortable: false) { .load(load($0)) })
        }
        columns += [
            Column(name: "age", title: Message("Age"), isSortable: false) {
                .compact(wording.age(from: $0.createdAt, to: now))
            }
        ]
        return columns
    }

    /// What is done with a click.
    private func actions() -> [TableAction] {
        let (context, compute) = (visitor.context, compute)
        return InstanceAction.allCases.compactMap { action in
            guard let outcome = action.outcome else { return nil }
            return TableAction(
                name: action.rawValue, title: action.label,
                batchTitle: compute.allows(action, as: context) ? action.batchTitle : nil,
                isDestructive: action.isDestructive, isDisruptive: action.isDisruptive, isMinor: action == .start,
                help: action.help, done: outcome.done, failed: outcome.failed
            ) { id in
                guard let id = ID<Instance>(untrusted: id) else { throw ServiceError.notFound("Instance", id) }
                _ = try compute.perform(action, on: id, as: context)
            }
        }
    }
}

extension Instance {
    /// Something is going on that will end by itself.
    var isInProgress: Bool { taskState != nil || status == .build }
}

extension Cell {
    static func status(of instance: Instance, _ wording: Wording) -> Cell {
        let why = instance.lockReason.map { wording(Message("Locked: {reason}", ["reason": $0])) }
        let lock = instance.locked ? Mark(icon: "lock", title: why ?? wording(Message("Locked"))) : nil
        return .status(instance.status.level, wording(instance.status.label), mark: lock)
    }

    static func task(of instance: Instance, _ wording: Wording) -> Cell {
        guard let task = instance.taskState else { return .text(wording(Message("None"))) }
        return .status(.busy, wording(task.label))
    }

    /// One line an address; the network is named when there are several.
    static func addresses(of instance: Instance) -> Cell {
        let several = Set(instance.addresses.map(\.networkID)).count > 1
        return .lines(
            instance.addresses.map {
                Cell.Line(text: $0.address.description, note: several ? $0.networkName : nil)
            })
    }

    static func flavor(of instance: Instance) -> Cell {
        .lines([Cell.Line(text: instance.flavor.name, note: instance.flavor.summary)])
    }
}

extension InstanceFlavor {
    /// `1 vCPU · 128 MB · 1 GB`: the same in every language, and never broken into lines.
    var summary: String {
        "\(vcpus)\u{A0}vCPU\u{A0}·\u{A0}\(memoryMiB)\u{A0}MB\u{A0}·\u{A0}\(diskGiB)\u{A0}GB"
    }
}

extension InstanceStatus {
    fileprivate var level: StatusLevel {
        switch self {
        case .active: .good
        case .build, .reboot, .hardReboot, .resize, .revertResize, .rebuild: .busy
        case .verifyResize, .rescue: .waiting
        case .paused, .suspended, .shutoff, .shelved, .shelvedOffloaded, .deleted: .off
        case .error: .bad
        }
    }
}
