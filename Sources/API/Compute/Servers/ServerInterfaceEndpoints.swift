import Compute
import HTTP
import Networking
import ServiceCore

/// `/servers/{id}/os-interface` and `/servers/{id}/ips`.
struct ServerInterfaceEndpoints: Sendable {
    let compute: ComputeService
    let networking: NetworkingService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/servers/{id}/os-interface", list)
        table.on(.post, "/v2.1/servers/{id}/os-interface", attach)
        table.on(.get, "/v2.1/servers/{id}/os-interface/{port}", show)
        table.on(.delete, "/v2.1/servers/{id}/os-interface/{port}", detach)
        table.on(.get, "/v2.1/servers/{id}/ips", addresses)
        table.on(.get, "/v2.1/servers/{id}/ips/{network}", addressesOfNetwork)
    }

    func list(_ call: APICall) throws -> Response {
        let ports = try self.ports(call)
        return call.answer { json in
            json.list("interfaceAttachments", ports) { $0.interface($1, call) }
        }
    }

    func show(_ call: APICall) throws -> Response {
        let wanted = call[parameter: "port"]
        guard let port = try ports(call).first(where: { $0.id.text == wanted }) else {
            throw APIError(.notFound, "Instance \(call[parameter: "id"]) does not have a port with id \(wanted)")
        }
        return answer(port, call)
    }

    func attach(_ call: APICall) throws -> Response {
        let id = try call.serverID()
        let request = try call.content().object { content -> InterfaceRequest in
            guard let member = content.optional("interfaceAttachment") else {
                return try anyNetwork(call)
            }
            return try member.object { try self.request($0, call) }
        }
        return answer(try compute.attachInterface(to: id, request, as: call.context), call)
    }

    func detach(_ call: APICall) throws -> Response {
        try compute.detachInterface(
            portID: call[parameter: "port"], from: call.serverID(), as: call.context)
        return .nothing(.accepted)
    }

    private func request(_ reader: JSONReader, _ call: APICall) throws -> InterfaceRequest {
        let network = try reader.optional("net_id")?.uuid()
        let port = try reader.optional("port_id")?.uuid()
        let address = try reader.optional("fixed_ips")?.list(1...1).first?.object { item in
            let member = try item.required("ip_address")
            guard IPAddress(try member.text()) != nil else { throw member.refusal("must be an address") }
            return try member.text()
        }
        if call.isAtLeast(2, 49) { _ = try reader.nullable("tag")?.tag() }
        if let port {
            guard network == nil else {
                throw APIError(.badRequest, "Must not input both network_id and port_id")
            }
            guard address == nil else { throw APIError(.badRequest, "Must not input both port_id and fixed_ips") }
            return InterfaceRequest(portID: port)
        }
        guard let network else {
            guard address == nil else { throw APIError(.badRequest, "Must input network_id when request IP address") }
            return try anyNetwork(call)
        }
        return InterfaceRequest(networkID: network, fixedIP: address)
    }

    /// The only network of the project, as at a launch.
    private func anyNetwork(_ call: APICall) throws -> InterfaceRequest {
        let networks = try compute.attachableNetworks(as: call.context)
        guard networks.count == 1, let network = networks.first else {
            throw APIError(
                networks.isEmpty ? .badRequest : .conflict, "Name a network: \(networks.count) are possible.")
        }
        return InterfaceRequest(networkID: network.id.text)
    }

    private func ports(_ call: APICall) throws -> [Port] {
        let id = try call.serverID()
        _ = try compute.instance(id, as: call.context)
        return try networking.ports(as: call.context, filter: PortFilter(deviceID: id.text))
            .sorted { ($0.nicIndex ?? 0) < ($1.nicIndex ?? 0) }
    }

    private func answer(_ port: Port, _ call: APICall) -> Response {
        call.answer { json in json.entry("interfaceAttachment") { $0.interface(port, call) } }
    }
}

extension ServerInterfaceEndpoints {
    func addresses(_ call: APICall) throws -> Response {
        let addresses = try all(call)
        return call.answer { json in
            json.object("addresses") { ServerDocument.networks(addresses, types: false, &$0) }
        }
    }

    func addressesOfNetwork(_ call: APICall) throws -> Response {
        let name = call[parameter: "network"]
        let addresses = try all(call).filter { $0.networkName == name }
        guard !addresses.isEmpty else { throw APIError(.notFound, "Instance is not a member of specified network") }
        return call.answer { ServerDocument.networks(addresses, types: false, &$0) }
    }

    private func all(_ call: APICall) throws -> [InstanceAddress] {
        let instance = try compute.instance(call.serverID(), as: call.context)
        let details = try compute.details(of: [instance], as: call.context)[instance.id]
        return instance.addresses + (details?.floatingAddresses ?? [])
    }
}

extension JSONWriter {
    /// A port as nova shows it.
    fileprivate mutating func interface(_ port: Port, _ call: APICall) {
        object {
            $0.member("net_id", port.networkID.text)
            $0.member("port_id", port.id.text)
            $0.member("mac_addr", port.macAddress.description)
            $0.member("port_state", port.status.rawValue)
            $0.list("fixed_ips", port.fixedIPs) { json, address in
                json.object {
                    $0.member("subnet_id", address.subnetID.text)
                    $0.member("ip_address", address.address.description)
                }
            }
            if call.isAtLeast(2, 70) { $0.member("tag", nil as String?) }
        }
    }
}
