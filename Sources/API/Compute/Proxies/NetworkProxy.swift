import Compute
import HTTP
import Networking
import ServiceCore

/// `/os-networks` and `/os-tenant-networks`: neutron's networks as nova showed them until 2.35.
struct NetworkProxy: Sendable {
    let compute: ComputeService
    let networking: NetworkingService

    func register(on table: inout RouteTable) {
        table.onProxy(.get, "/v2.1/os-networks", of: compute, list)
        table.onProxy(.get, "/v2.1/os-networks/{id}", of: compute, show)
        table.onProxy(.get, "/v2.1/os-tenant-networks", of: compute, tenantList)
        table.onProxy(.get, "/v2.1/os-tenant-networks/{id}", of: compute, tenantShow)
    }

    func list(_ call: APICall) throws -> Response {
        let networks = try networking.networks(as: call.context)
        return call.answer { json in json.list("networks", networks) { $0.network($1) } }
    }

    func show(_ call: APICall) throws -> Response {
        let network = try find(call)
        return call.answer { json in json.entry("network") { $0.network(network) } }
    }

    func tenantList(_ call: APICall) throws -> Response {
        let networks = try networking.networks(as: call.context)
        return call.answer { json in json.list("networks", networks) { $0.tenantNetwork($1) } }
    }

    func tenantShow(_ call: APICall) throws -> Response {
        let network = try find(call)
        return call.answer { json in json.entry("network") { $0.tenantNetwork(network) } }
    }

    private func find(_ call: APICall) throws -> Network {
        guard let id = ID<Network>(untrusted: call[parameter: "id"]) else {
            throw APIError(.notFound, "Network not found")
        }
        return try networking.network(id, as: call.context)
    }
}

extension JSONWriter {
    fileprivate mutating func tenantNetwork(_ network: Network) {
        object {
            $0.member("id", network.id.text)
            $0.member("cidr", nil as String?)
            $0.member("label", network.name)
        }
    }

    /// The columns of nova-network's table, nearly all of which neutron has nothing for.
    fileprivate mutating func network(_ network: Network) {
        object {
            $0.member("id", network.id.text)
            $0.member("label", network.name)
            for name in Self.empty { $0.entry(name, nil as String?) }
        }
    }

    private static let empty = [
        "bridge", "bridge_interface", "broadcast", "cidr", "cidr_v6", "created_at", "deleted", "deleted_at",
        "dhcp_server", "dhcp_start", "dns1", "dns2", "enable_dhcp", "gateway", "gateway_v6", "host", "injected", "mtu",
        "multi_host", "netmask", "netmask_v6", "priority", "project_id", "rxtx_base", "share_address", "updated_at",
        "vlan", "vpn_private_address", "vpn_public_address", "vpn_public_port",
    ]
}
