import Compute
import HTTP
import Networking
import ServiceCore

/// The smaller parts of a server: its security groups, volumes, password, topology, diagnostics.
struct ServerPartEndpoints: Sendable {
    let compute: ComputeService
    let networking: NetworkingService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/servers/{id}/os-security-groups", securityGroups)
        table.on(.get, "/v2.1/servers/{id}/os-volume_attachments", volumes)
        table.on(.post, "/v2.1/servers/{id}/os-volume_attachments", attachVolume)
        let volume = "/v2.1/servers/{id}/os-volume_attachments/{volume}"
        table.on(.get, volume) { try noVolume($0, for: nil) }
        table.on(.put, volume) { try noVolume($0, for: .changeVolume) }
        table.on(.delete, volume) { try noVolume($0, for: .detachVolume) }
        table.on(.get, "/v2.1/servers/{id}/os-server-password", password)
        table.on(.delete, "/v2.1/servers/{id}/os-server-password", clearPassword)
        table.on(
            .get, "/v2.1/servers/{id}/topology", in: .since(78), topology)
        table.on(.get, "/v2.1/servers/{id}/diagnostics", diagnostics)
        table.on(.get, "/v2.1/servers/{id}/migrations", in: .since(23), migrations)
        table.on(.get, "/v2.1/servers/{id}/os-virtual-interfaces", gone)
        table.on(.get, "/v2.1/servers/{id}/shares", in: .since(97), shares)
        table.on(.post, "/v2.1/servers/{id}/shares", in: .since(97), attachShare)
        table.on(.get, "/v2.1/servers/{id}/shares/{share}", in: .since(97)) { try noShare($0, for: nil) }
        table.on(.delete, "/v2.1/servers/{id}/shares/{share}", in: .since(97)) { try noShare($0, for: .detachShare) }
    }

    func gone(_ call: APICall) throws -> Response { throw APIError(.gone, "This resource is no longer available.") }

    func securityGroups(_ call: APICall) throws -> Response {
        let id = try call.serverID()
        _ = try compute.instance(id, as: call.context)
        let groups = try networking.securityGroups(ofInstance: id.text, as: call.context)
        let names = SecurityGroupNames([], networking, call)
        return call.answer { json in
            json.list("security_groups", groups) { $0.securityGroup($1, names) }
        }
    }

    /// This cloud has no volumes.
    func volumes(_ call: APICall) throws -> Response {
        _ = try compute.instance(call.serverID(), as: call.context)
        return call.answer { $0.list("volumeAttachments", [] as [String]) }
    }

    func attachVolume(_ call: APICall) throws -> Response {
        let volume = try call.object("volumeAttachment") { reader in
            _ = try reader.nullable("device")?.text(1...255)
            if call.isAtLeast(2, 49) { _ = try reader.nullable("tag")?.tag() }
            if call.isAtLeast(2, 79) { _ = try reader.optional("delete_on_termination")?.looseBool() }
            return try reader.required("volumeId").uuid()
        }
        _ = try compute.instance(call.serverID(), for: .attachVolume, as: call.context)
        throw APIError(.notFound, "Volume \(volume) could not be found.")
    }

    private func noVolume(_ call: APICall, for request: UnservedRequest?) throws -> Response {
        try requireSeen(call, for: request)
        throw APIError(.notFound, "volume_id not found: \(call[parameter: "volume"].prefix(80))")
    }

    /// This cloud has no shared file systems either.
    func shares(_ call: APICall) throws -> Response {
        _ = try compute.instance(call.serverID(), as: call.context)
        return call.answer { $0.list("shares", [] as [String]) }
    }

    func attachShare(_ call: APICall) throws -> Response {
        let share = try call.object("share") { reader in
            _ = try reader.optional("tag")?.text(1...255)
            return try reader.required("share_id").uuid()
        }
        _ = try compute.instance(call.serverID(), for: .attachShare, as: call.context)
        throw APIError(.notFound, "Share \(share) could not be found.")
    }

    private func noShare(_ call: APICall, for request: UnservedRequest?) throws -> Response {
        try requireSeen(call, for: request)
        throw APIError(.notFound, "Share \(call[parameter: "share"].prefix(80)) could not be found.")
    }

    /// Refuses who may not see the server, or not ask for this.
    private func requireSeen(_ call: APICall, for request: UnservedRequest?) throws {
        let id = try call.serverID()
        if let request {
            _ = try compute.instance(id, for: request, as: call.context)
        } else {
            _ = try compute.instance(id, as: call.context)
        }
    }

    /// Guests of this cloud set no password.
    func password(_ call: APICall) throws -> Response {
        _ = try compute.instance(call.serverID(), as: call.context)
        return call.answer { $0.member("password", "") }
    }

    func clearPassword(_ call: APICall) throws -> Response {
        try requireSeen(call, for: .clearPassword)
        return .nothing()
    }

    func topology(_ call: APICall) throws -> Response {
        let instance = try compute.instance(call.serverID(), as: call.context)
        return call.answer { json in
            json.list("nodes", [instance]) { json, instance in
                json.object {
                    $0.member("memory_mb", instance.flavor.memoryMiB)
                    $0.list("siblings", [] as [Int])
                    $0.list("vcpu_set", Array(0..<instance.flavor.vcpus))
                    if call.context.isAdmin {
                        $0.object("cpu_pinning") { _ in }
                        $0.member("host_node", 0)
                    }
                }
            }
            json.member("pagesize_kb", nil as Int?)
        }
    }

    func migrations(_ call: APICall) throws -> Response {
        try requireSeen(call, for: .listMigrations)
        return call.answer { $0.list("migrations", [] as [String]) }
    }
}

extension ServerPartEndpoints {
    func diagnostics(_ call: APICall) throws -> Response {
        let diagnostics = try compute.diagnostics(of: call.serverID(), as: call.context)
        let instance = diagnostics.instance
        return call.answer { json in
            guard call.isAtLeast(2, 48) else {
                // Before 2.48 each driver said what it liked; libvirt's said these.
                json.member("cpu0_time", diagnostics.cpuTime ?? 0)
                json.member("memory", instance.flavor.memoryMiB * 1024)
                return
            }
            json.member("state", diagnostics.state)
            json.member("driver", "libvirt")
            json.member("hypervisor", instance.domainType)
            json.member("hypervisor_os", "linux")
            json.member("uptime", nil as Int?)
            json.member("config_drive", instance.configDrive)
            json.member("num_cpus", instance.flavor.vcpus)
            json.member("num_nics", diagnostics.interfaces.count)
            json.member("num_disks", diagnostics.disks.count)
            json.object("memory_details") {
                $0.member("maximum", instance.flavor.memoryMiB)
                $0.member("used", diagnostics.memoryUsedMiB)
            }
            json.list("cpu_details", 0..<instance.flavor.vcpus) { json, number in
                json.object {
                    $0.member("id", number)
                    $0.member("time", number == 0 ? diagnostics.cpuTime : nil)
                    $0.member("utilisation", nil as Int?)
                }
            }
            json.list("nic_details", diagnostics.interfaces) { json, traffic in json.object { $0.card(traffic) } }
            json.list("disk_details", diagnostics.disks) { json, traffic in json.object { $0.disk(traffic) } }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func card(_ traffic: InstanceDiagnostics.Traffic) {
        member("mac_address", nil as String?)
        member("rx_octets", traffic.bytesIn)
        member("rx_errors", traffic.errorsIn)
        member("rx_drop", nil as Int?)
        member("rx_packets", traffic.countIn)
        member("rx_rate", nil as Int?)
        member("tx_octets", traffic.bytesOut)
        member("tx_errors", traffic.errorsOut)
        member("tx_drop", nil as Int?)
        member("tx_packets", traffic.countOut)
        member("tx_rate", nil as Int?)
    }

    fileprivate mutating func disk(_ traffic: InstanceDiagnostics.Traffic) {
        member("read_bytes", traffic.bytesIn)
        member("read_requests", traffic.countIn)
        member("write_bytes", traffic.bytesOut)
        member("write_requests", traffic.countOut)
        member("errors_count", nil as Int?)
    }
}
