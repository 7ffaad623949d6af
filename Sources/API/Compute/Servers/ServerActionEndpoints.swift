import Compute
import HTTP
import Images
import ServiceCore

/// `POST /servers/{id}/action`: an object of one member, whose name is the action.
struct ServerActionEndpoints: Sendable {
    let compute: ComputeService
    let servers: ServerEndpoints
    let consoles: ConsoleEndpoints
    let addresses: FloatingIPProxy

    func register(on table: inout RouteTable) {
        table.on(.post, "/v2.1/servers/{id}/action", act)
    }

    func act(_ call: APICall) throws -> Response {
        let id = try call.serverID()
        return try call.content().object { reader in
            guard let name = reader.names.first, reader.names.count == 1 else {
                throw APIError(.badRequest, "The request names no action, or more than one.")
            }
            let member = try reader.required(name)
            if let action = Self.plain[name] { return try perform(action, on: id, call) }
            if let response = try known(name, member, id, call) { return response }
            throw APIError(.badRequest, "There is no such action: \(name.prefix(80))")
        }
    }

    /// Actions that say all with their name.
    private static let plain: [String: InstanceAction] = [
        "os-start": .start, "os-stop": .stop, "pause": .pause, "unpause": .unpause, "suspend": .suspend,
        "resume": .resume, "unrescue": .unrescue, "shelve": .shelve, "confirmResize": .confirmResize,
        "revertResize": .revertResize,
    ]

    private func perform(_ action: InstanceAction, on id: ID<Instance>, _ call: APICall) throws -> Response {
        try compute.perform(action, on: id, as: call.context)
        return .nothing(action == .confirmResize ? .noContent : .accepted)
    }

    private func known(
        _ name: String, _ member: JSONMember, _ id: ID<Instance>, _ call: APICall
    ) throws -> Response? {
        switch name {
        case "reboot": return try reboot(member, id, call)
        case "lock": return try lock(member, id, call)
        case "unlock": try compute.unlock(id, again: true, as: call.context)
        case "forceDelete":
            let action: InstanceAction = compute.allows(.forceDelete, as: call.context) ? .forceDelete : .delete
            try compute.perform(action, on: id, as: call.context)
        case "restore":
            _ = try compute.instance(id, for: .restore, as: call.context)
            throw APIError(.conflict, "Cannot 'restore' instance \(id): deleted instances are gone.")
        case "unshelve": return try unshelve(member, id, call)
        case "shelveOffload": return try offload(id, call)
        case "resize": return try resize(member, id, call)
        case "rebuild": return try rebuild(member, id, call)
        case "rescue": return try rescue(member, id, call)
        case "createImage": return try createImage(member, id, call)
        case "createBackup": return try createBackup(member, id, call)
        case "addSecurityGroup", "removeSecurityGroup":
            let group = try member.object { try $0.required("name").name() }
            try compute.changeSecurityGroups(
                of: id, group, isAdded: name == "addSecurityGroup", as: call.context)
        case "os-resetState":
            let state = try member.object { try $0.required("state").choice(["active", "error"]) }
            try compute.resetState(of: id, toError: state == "error", as: call.context)
        case "os-getConsoleOutput": return try consoles.output(member, id, call)
        case "os-getVNCConsole", "os-getSPICEConsole", "os-getRDPConsole", "os-getSerialConsole":
            return try consoles.old(name, member, id, call)
        case "addFixedIp", "removeFixedIp", "addFloatingIp", "removeFloatingIp":
            guard !call.isAtLeast(2, 44) else { return nil }
            return try address(name, member, id, call)
        default: return try unsupported(name, member, id, call)
        }
        return .nothing(.accepted)
    }
}

extension ServerActionEndpoints {
    /// What clients ask neutron for since 2.44.
    private func address(
        _ name: String, _ member: JSONMember, _ id: ID<Instance>, _ call: APICall
    ) throws -> Response {
        switch name {
        case "addFixedIp":
            let network = try member.object { try $0.required("networkId").typed() }
            try compute.addFixedIP(to: id, onNetwork: network, as: call.context)
        case "removeFixedIp":
            try compute.removeFixedIP(try member.object { try $0.required("address").ip() }, from: id, as: call.context)
        default: return try addresses.act(name, member, id, call)
        }
        return .nothing(.accepted)
    }

    private func reboot(_ member: JSONMember, _ id: ID<Instance>, _ call: APICall) throws -> Response {
        let type = try member.object {
            try $0.required("type").choice(["HARD", "Hard", "hard", "SOFT", "Soft", "soft"])
        }
        return try perform(type.lowercased() == "hard" ? .hardReboot : .softReboot, on: id, call)
    }

    private func lock(_ member: JSONMember, _ id: ID<Instance>, _ call: APICall) throws -> Response {
        var reason: String?
        if call.isAtLeast(2, 73), !member.isNull {
            reason = try member.object { try $0.required("locked_reason").text(1...255) }
        }
        try compute.lock(id, reason: reason, again: true, as: call.context)
        return .nothing(.accepted)
    }

    private func unshelve(_ member: JSONMember, _ id: ID<Instance>, _ call: APICall) throws -> Response {
        if call.isAtLeast(2, 77), !member.isNull {
            let zone = try member.object { reader -> String? in
                if call.isAtLeast(2, 91) {
                    _ = try reader.optional("host")?.text()
                    return try reader.nullable("availability_zone")?.text()
                }
                return try reader.required("availability_zone").name()
            }
            let zones = try compute.zoneStates(as: call.context).map(\.name)
            if let zone, !zones.contains(zone) {
                throw APIError(.badRequest, "The requested availability zone is not available")
            }
        }
        return try perform(.unshelve, on: id, call)
    }

    /// Instances here leave their host as soon as they are shelved: there is never one to be taken off later.
    private func offload(_ id: ID<Instance>, _ call: APICall) throws -> Response {
        let instance = try compute.instance(id, for: .offload, as: call.context)
        guard instance.vmState == .shelved || instance.vmState == .shelvedOffloaded else {
            throw APIError(
                .conflict,
                "Cannot 'shelveOffload' instance \(id) while it is in vm_state \(instance.vmState.rawValue)")
        }
        return .nothing(.accepted)
    }

    private func resize(_ member: JSONMember, _ id: ID<Instance>, _ call: APICall) throws -> Response {
        let (flavor, diskConfig) = try member.object { reader in
            (
                try reader.required("flavorRef").flavorReference(),
                try reader.optional("OS-DCF:diskConfig")?.diskConfig()
            )
        }
        try compute.resize(id, to: flavor, diskConfig: diskConfig, as: call.context)
        return .nothing(.accepted)
    }

    private func rescue(_ member: JSONMember, _ id: ID<Instance>, _ call: APICall) throws -> Response {
        var (image, password): (String?, String?)
        if !member.isNull {
            (image, password) = try member.object { reader in
                (try reader.optional("rescue_image_ref")?.uuid(), try reader.optional("adminPass")?.text())
            }
        }
        let given = password ?? ServerCreation.newPassword()
        try compute.rescue(id, imageID: image, adminPassword: given, as: call.context)
        return call.answer { $0.member("adminPass", given) }
    }

    private func createImage(_ member: JSONMember, _ id: ID<Instance>, _ call: APICall) throws -> Response {
        let (name, metadata) = try member.object { reader in
            (try reader.required("name").name(), try reader.optional("metadata")?.metadata() ?? [:])
        }
        let image = try compute.createImage(of: id, name: name, properties: metadata, as: call.context)
        return answer(image: image.id.text, call)
    }

    private func createBackup(_ member: JSONMember, _ id: ID<Instance>, _ call: APICall) throws -> Response {
        let backup = try member.object { reader in
            (
                name: try reader.required("name").name(), type: try reader.required("backup_type").text(0...255),
                rotation: try reader.required("rotation").count(0),
                metadata: try reader.optional("metadata")?.metadata() ?? [:]
            )
        }
        let image = try compute.createBackup(
            of: id, name: backup.name, type: backup.type, rotation: backup.rotation, properties: backup.metadata,
            as: call.context)
        guard let image else { return .nothing(.accepted) }
        return answer(image: image.id.text, call)
    }

    private func answer(image: String, _ call: APICall) -> Response {
        if call.isAtLeast(2, 45) { return call.answer(.accepted) { $0.member("image_id", image) } }
        var response = Response.nothing(.accepted)
        response.fields.set("Location", call.base + "/image/v2/images/" + image)
        return response
    }

    private func rebuild(_ member: JSONMember, _ id: ID<Instance>, _ call: APICall) throws -> Response {
        let rebuild = try ServerRebuild(member, call)
        try compute.rebuild(id, rebuild.request, as: call.context)
        let instance = try compute.instance(id, as: call.context)
        var response = try servers.rebuilt(instance, password: rebuild.password, call)
        response.fields.set("Location", call.root + "/servers/" + id.text)
        return response
    }

    /// What needs more than one host, volumes, or an agent in the guest. Who may not ask is told so first.
    private func unsupported(
        _ name: String, _ member: JSONMember, _ id: ID<Instance>, _ call: APICall
    ) throws -> Response? {
        switch name {
        case "migrate", "os-migrateLive", "evacuate":
            let request: UnservedRequest =
                name == "migrate" ? .migrate : name == "evacuate" ? .evacuate : .migrateLive
            _ = try compute.instance(id, for: request, as: call.context)
            throw APIError(.badRequest, "No valid host was found: instances of this cloud keep their host.")
        case "changePassword":
            _ = try member.object { try $0.required("adminPass").text() }
            let instance = try compute.instance(id, for: .changePassword, as: call.context)
            guard instance.vmState == .active else {
                throw APIError(
                    .conflict,
                    "Cannot 'changePassword' instance \(id) while it is in vm_state \(instance.vmState.rawValue)")
            }
            // Nova's words for a guest without the agent, as all guests here are.
            throw APIError(.conflict, "QEMU guest agent is not enabled")
        case "trigger_crash_dump":
            guard call.isAtLeast(2, 17) else { return nil }
            _ = try compute.instance(id, for: .crashDump, as: call.context)
            throw APIError(.badRequest, "Triggering a crash dump is not supported.")
        case "injectNetworkInfo":
            // Nova takes it and has nothing to do with libvirt: guests learn of their network by themselves.
            _ = try compute.instance(id, for: .injectNetworkInfo, as: call.context)
            return .nothing(.accepted)
        case "resetNetwork":
            throw APIError(.gone, "This action is no longer supported.")
        default: return nil
        }
    }
}
