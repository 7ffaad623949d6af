import Compute
import HTTP
import Networking
import ServiceCore

/// `/os-floating-ips`, `/os-floating-ip-pools`, and the two actions: neutron's floating IPs as nova showed them until 2.35.
struct FloatingIPProxy: Sendable {
    let compute: ComputeService
    let networking: NetworkingService

    func register(on table: inout RouteTable) {
        table.onProxy(.get, "/v2.1/os-floating-ips", of: compute, list)
        table.onProxy(.post, "/v2.1/os-floating-ips", of: compute, create)
        table.onProxy(.get, "/v2.1/os-floating-ips/{id}", of: compute, show)
        table.onProxy(.delete, "/v2.1/os-floating-ips/{id}", of: compute, delete)
        table.onProxy(.get, "/v2.1/os-floating-ip-pools", of: compute, pools)
    }

    func list(_ call: APICall) throws -> Response {
        let all = try networking.floatingIPs(as: call.context)
        return call.answer { json in json.list("floating_ips", all) { $0.floatingIP($1) } }
    }

    func show(_ call: APICall) throws -> Response {
        answer(try networking.floatingIP(id(call), as: call.context), call)
    }

    func create(_ call: APICall) throws -> Response {
        var pool: String?
        if !call.request.content.isEmpty, try !call.content().isNull {
            pool = try call.content().object { try $0.nullable("pool")?.text() }
        }
        let external = try self.external(call)
        guard let network = external.first(where: { pool == nil || $0.name == pool || $0.id.text == pool }) else {
            throw APIError(.notFound, "Floating IP pool not found.")
        }
        let new = NewFloatingIP(networkID: network.id)
        return answer(try networking.createFloatingIP(new, as: call.context), call)
    }

    func delete(_ call: APICall) throws -> Response {
        try networking.releaseFloatingIP(id(call), as: call.context)
        return .nothing(.accepted)
    }

    func pools(_ call: APICall) throws -> Response {
        let external = try self.external(call)
        return call.answer { json in
            json.list("floating_ip_pools", external) { json, network in
                json.object { $0.member("name", network.name) }
            }
        }
    }

    /// `addFloatingIp` and `removeFloatingIp`.
    func act(_ name: String, _ member: JSONMember, _ id: ID<Instance>, _ call: APICall) throws -> Response {
        let (address, fixed) = try member.object { reader in
            (
                try reader.required("address").ipv4(),
                name == "addFloatingIp" ? try reader.nullable("fixed_address")?.ipv4() : nil
            )
        }
        let instance = try compute.instance(id, as: call.context)
        try networking.require(.updateFloatingIP, as: call.context)
        let floating = try networking.floatingIPs(as: call.context).first { $0.address.description == address }
        guard let floating else { throw APIError(.notFound, "floating IP not found") }
        guard name == "addFloatingIp" else {
            guard floating.association?.deviceID == id.text else {
                throw APIError(.conflict, "Floating IP \(address) is not associated with instance \(id).")
            }
            _ = try networking.disassociate(floating.id, as: call.context)
            return .nothing(.accepted)
        }
        let ports = try networking.ports(as: call.context, filter: PortFilter(deviceID: instance.id.text))
        let port = ports.first { port in
            port.fixedIPs.contains { fixed == nil ? $0.address.version == .v4 : $0.address.description == fixed }
        }
        guard let port else { throw APIError(.badRequest, "No fixed IPs associated to instance") }
        do {
            _ = try networking.associate(floating.id, portID: port.id, fixedIP: fixed, as: call.context)
        } catch let error as ServiceError where [.conflict, .notFound].contains(error.kind) {
            // nova said so of whatever neutron had against it.
            throw APIError(.badRequest, "Unable to associate floating IP \(address). \(error.message.english)")
        }
        return .nothing(.accepted)
    }

    private func external(_ call: APICall) throws -> [Network] {
        try networking.networks(as: call.context).filter(\.external)
    }

    private func id(_ call: APICall) throws -> ID<FloatingIP> {
        let text = call[parameter: "id"]
        guard text.isUUID, let id = ID<FloatingIP>(untrusted: text) else {
            throw APIError(.notFound, "Floating IP not found for ID \(text.prefix(80))")
        }
        return id
    }

    private func answer(_ floatingIP: FloatingIP, _ call: APICall) -> Response {
        call.answer { json in json.entry("floating_ip") { $0.floatingIP(floatingIP) } }
    }
}

extension JSONWriter {
    fileprivate mutating func floatingIP(_ floatingIP: FloatingIP) {
        object {
            $0.member("id", floatingIP.id.text)
            $0.member("ip", floatingIP.address.description)
            $0.member("pool", floatingIP.networkName)
            $0.member("fixed_ip", floatingIP.association?.fixedAddress.description)
            let association = floatingIP.association
            $0.member("instance_id", association.flatMap { $0.deviceOwner == DeviceOwner.instance ? $0.deviceID : nil })
        }
    }
}
