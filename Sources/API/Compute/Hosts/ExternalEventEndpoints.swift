import Compute
import HTTP
import ServiceCore

/// `/os-server-external-events`: what other services have to say about servers.
struct ExternalEventEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.post, "/v2.1/os-server-external-events", create)
    }

    /// `POST`: 200, or 207 when not all were taken; each event has a code of its own.
    func create(_ call: APICall) throws -> Response {
        let events = try call.content().object { reader in
            try reader.required("events").list(1...1000).map { try ExternalEvent($0, call) }
        }
        let received = try compute.takeEvents(about: events.map { ID($0.server) }, as: call.context)
        let codes = zip(events, received).map { $0.code($1) }
        return call.answer(codes.allSatisfy { $0 == 200 } ? .ok : 207) { json in
            json.list("events", zip(events, codes)) { json, pair in
                let (event, code) = pair
                json.object {
                    $0.member("name", event.name)
                    $0.member("server_uuid", event.server)
                    $0.optionalMember("tag", event.tag)
                    $0.member("status", code == 200 ? "completed" : "failed")
                    $0.member("code", code)
                }
            }
        }
    }
}

private struct ExternalEvent {
    let name: String
    let server: String
    let tag: String?

    init(_ member: JSONMember, _ call: APICall) throws {
        var names = ["network-changed", "network-vif-plugged", "network-vif-unplugged", "network-vif-deleted"]
        if call.isAtLeast(2, 51) { names.append("volume-extended") }
        if call.isAtLeast(2, 76) { names.append("power-update") }
        if call.isAtLeast(2, 82) { names.append("accelerator-request-bound") }
        if call.isAtLeast(2, 93) { names.append("volume-reimaged") }
        (name, server, tag) = try member.object { reader in
            _ = try reader.optional("status")?.choice(["failed", "completed", "in-progress"])
            return (
                try reader.required("name").choice(names), try reader.required("server_uuid").uuid(),
                try reader.optional("tag")?.text(0...255)
            )
        }
    }

    func code(_ reception: EventReception) -> Int {
        // These mean nothing without a tag.
        let needsTag = ["volume-extended", "volume-reimaged", "accelerator-request-bound"].contains(name)
        return switch reception {
        case .unknownInstance: 404
        case .taken: needsTag && tag == nil ? 400 : 200
        case .noHost: needsTag && tag == nil ? 400 : 422
        }
    }
}
