import Compute
import ServiceCore

/// What was asked of an instance and what came of it, with Horizon's columns, the outcome and how long it took.
struct ActionLogTable {
    let area: Area
    let instance: ID<Instance>
    let wording: Wording

    func definition() -> TableDefinition<InstanceActionRecord> {
        let wording = wording
        var table = TableDefinition<InstanceActionRecord>(
            id: "audit", url: InstanceTab.actions.url(area, instance),
            columns: [
                Column(name: "request_id", title: Message("Request ID"), isMinor: true, isSortable: false) {
                    .code($0.requestID)
                },
                Column(name: "action", title: Message("Action"), isSortable: false) { .text(wording($0.label)) },
                Column(name: "start_time", title: Message("Start Time"), isSortable: false) {
                    .text(wording.time($0.startedAt))
                },
                Column(name: "duration", title: Message("Duration"), isSortable: false) {
                    .text($0.duration.map(wording.duration) ?? "–")
                },
                Column(name: "user", title: Message("User"), isSortable: false) { .text($0.userName) },
                Column(name: "outcome", title: Message("Result"), isSortable: false) { .outcome($0.outcome, wording) },
                Column(name: "message", title: Message("Message"), isSortable: false) {
                    .text($0.message.map(wording.callAsFunction) ?? "–")
                },
            ], objectID: { $0.requestID }, name: { $0.action })
        table.emptyTitle = Message("No actions yet")
        return table
    }
}

extension Cell {
    fileprivate static func outcome(_ outcome: InstanceActionRecord.Outcome, _ wording: Wording) -> Cell {
        switch outcome {
        case .running: .status(.busy, wording(Message("In progress")))
        case .success: .status(.good, wording(Message("Done")))
        case .error: .status(.bad, wording(Message("Failed")))
        }
    }
}

extension InstanceActionRecord {
    /// In milliseconds; nil while it runs.
    fileprivate var duration: Int64? { finishedAt.map { $0.milliseconds - startedAt.milliseconds } }

    /// The action in Horizon's words, which it has for nineteen of nova's actions; nova's name for any other that has no
    /// word here.
    fileprivate var label: Message {
        switch action {
        case "create": Message("Create")
        case "pause": Message("Pause")
        case "unpause": Message("Unpause")
        case "rebuild": Message("Rebuild")
        case "resize": Message("Resize")
        case "confirmResize": Message("Confirm Resize")
        case "revertResize": Message("Revert Resize")
        case "suspend": Message("Suspend")
        case "resume": Message("Resume")
        case "reboot": Message("Reboot")
        case "stop": Message("Stop")
        case "start": Message("Start")
        case "shelve": Message("Shelve")
        case "unshelve": Message("Unshelve")
        case "migrate": Message("Migrate")
        case "rescue": Message("Rescue")
        case "unrescue": Message("Unrescue")
        case "lock": Message("Lock")
        case "unlock": Message("Unlock")
        case "createImage": Message("Create Image")
        case "attach_interface": Message("Attach Interface")
        case "detach_interface": Message("Detach Interface")
        case "delete": Message("Delete")
        case "forceDelete": Message("Force Delete")
        case "update": Message("Update")
        case "updateMetadata": Message("Update Metadata")
        default: Message(action)
        }
    }
}
