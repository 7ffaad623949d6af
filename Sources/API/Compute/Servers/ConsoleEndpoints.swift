import Compute
import HTTP
import ServiceCore

/// What a guest wrote to its console, and addresses to look at it.
struct ConsoleEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(
            .post, "/v2.1/servers/{id}/remote-consoles", in: .since(6), create)
    }

    func create(_ call: APICall) throws -> Response {
        let id = try call.serverID()
        let types =
            ["novnc", "xvpvnc", "spice-html5", "serial", "rdp-html5", "webmks"]
            + (call.isAtLeast(2, 99) ? ["spice-direct"] : [])
        let (protocolName, type) = try call.object("remote_console") { reader in
            (
                try reader.required("protocol").choice(["vnc", "spice", "serial", "rdp", "mks"]),
                try reader.required("type").choice(types)
            )
        }
        let console = try compute.createConsole(of: id, protocol: protocolName, type: type, as: call.context)
        return call.answer { json in
            json.object("remote_console") {
                $0.member("protocol", protocolName)
                $0.member("type", type)
                $0.member("url", Self.url(of: console, call))
            }
        }
    }

    /// The actions that there were before 2.6.
    func old(_ name: String, _ member: JSONMember, _ id: ID<Instance>, _ call: APICall) throws -> Response? {
        guard !call.isAtLeast(2, 6) else { return nil }
        let (protocolName, types) =
            switch name {
            case "os-getVNCConsole": ("vnc", ["novnc", "xvpvnc"])
            case "os-getSPICEConsole": ("spice", ["spice-html5"])
            case "os-getRDPConsole": ("rdp", ["rdp-html5"])
            default: ("serial", ["serial"])
            }
        let type = try member.object { try $0.required("type").choice(types) }
        let console = try compute.createConsole(of: id, protocol: protocolName, type: type, as: call.context)
        return call.answer { json in
            json.object("console") {
                $0.member("type", type)
                $0.member("url", Self.url(of: console, call))
            }
        }
    }

    /// What the guest wrote, or its last lines.
    func output(_ member: JSONMember, _ id: ID<Instance>, _ call: APICall) throws -> Response {
        var lines: Int?
        if !member.isNull {
            lines = try member.object { try $0.nullable("length")?.looseInteger(-1...Int(Int32.max)) }
        }
        let bytes = try compute.consoleLog(of: id, tail: lines == -1 ? nil : lines, as: call.context)
        return call.answer(capacity: bytes.count + 64) {
            $0.member("output", String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func url(of console: RemoteConsole, _ call: APICall) -> String {
        switch console.type {
        case .novnc: call.base + "/vnc_auto.html?path=%3Ftoken%3D" + console.token
        case .serial:
            (call.request.isSecure ? "wss://" : "ws://") + call.request.host + "/websockify?token=" + console.token
        }
    }
}
