import Compute
import HTTP
import ServiceCore

/// `/servers/{id}/os-instance-actions`: what was asked for and what came of it.
struct InstanceActionEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/servers/{id}/os-instance-actions", list)
        table.on(.get, "/v2.1/servers/{id}/os-instance-actions/{request}", show)
    }

    func list(_ call: APICall) throws -> Response {
        let id = try call.serverID()
        let query = call.query
        let since = call.isAtLeast(2, 58) ? try query.moment("changes-since") : nil
        let before = call.isAtLeast(2, 66) ? try query.moment("changes-before") : nil
        let page = call.isAtLeast(2, 58) ? try query.novaPage() : PageRequest()
        try query.finish(call)
        if let since, let before, since > before {
            throw APIError(.badRequest, "The value of changes-since must be less than or equal to changes-before.")
        }
        var records = try compute.actionLog(of: id, evenDeleted: call.isAtLeast(2, 21), as: call.context).filter {
            $0.updatedAt >= since ?? $0.updatedAt && $0.updatedAt <= before ?? $0.updatedAt
        }
        if let marker = page?.marker {
            guard let place = records.firstIndex(where: { $0.requestID == marker }) else {
                throw APIError(.badRequest, "marker [\(marker.prefix(80))] not found")
            }
            records.removeFirst(place + 1)
        }
        let items = Array(records.prefix(page?.limit ?? 0))
        return call.answer { json in
            json.list("instanceActions", items) { json, record in
                json.object { $0.action(record, id, call) }
            }
            if call.isAtLeast(2, 58) {
                json.nextLink("links", records.count > items.count ? items.last?.requestID : nil, call)
            }
        }
    }

    func show(_ call: APICall) throws -> Response {
        let id = try call.serverID()
        let wanted = call[parameter: "request"]
        let records = try compute.actionLog(of: id, evenDeleted: call.isAtLeast(2, 21), as: call.context)
        guard let record = records.first(where: { $0.requestID == wanted }) else {
            throw APIError(.notFound, "Action \(wanted.prefix(80)) not found")
        }
        let isAdmin = compute.seesHosts(call.context)
        return call.answer { json in
            json.object("instanceAction") { json in
                json.action(record, id, call)
                guard isAdmin || call.isAtLeast(2, 51) else { return }
                json.list("events", record.events) { json, event in
                    json.object { $0.event(event, record, isAdmin: isAdmin, call) }
                }
            }
        }
    }
}

extension InstanceActionRecord {
    /// When it last got further.
    fileprivate var updatedAt: Timestamp {
        finishedAt ?? events.compactMap { $0.finishedAt ?? $0.startedAt }.max() ?? startedAt
    }
}

extension JSONWriter {
    fileprivate mutating func action(_ record: InstanceActionRecord, _ id: ID<Instance>, _ call: APICall) {
        member("action", record.action)
        member("instance_uuid", id.text)
        member("request_id", record.requestID)
        member("user_id", record.userID)
        member("project_id", record.projectID ?? "")
        member("start_time", record.startedAt.withMicroseconds)
        member("message", record.outcome == .error ? record.message?.english ?? "Error" : nil as String?)
        if call.isAtLeast(2, 58) { member("updated_at", record.updatedAt.withMicroseconds) }
    }

    fileprivate mutating func event(
        _ event: InstanceActionEvent, _ record: InstanceActionRecord, isAdmin: Bool, _ call: APICall
    ) {
        member("event", event.event)
        member("start_time", event.startedAt.withMicroseconds)
        member("finish_time", event.finishedAt?.withMicroseconds)
        let result: String? =
            switch event.outcome {
            case .running: nil
            case .success: "Success"
            case .error: "Error"
            }
        member("result", result)
        if isAdmin { member("traceback", nil as String?) }
        if call.isAtLeast(2, 62) {
            member("hostId", event.hostID ?? "")
            if isAdmin { member("host", event.host ?? "") }
        }
        if call.isAtLeast(2, 84) {
            member("details", event.outcome == .error ? record.message?.english : nil as String?)
        }
    }
}
