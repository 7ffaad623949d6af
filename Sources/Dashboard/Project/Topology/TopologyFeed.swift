import Compute
import Networking
import ServiceCore

/// What scripts ask for: Horizon's feed, with its names.
struct TopologyFeed: Encodable {
    struct Server: Encodable {
        let id, name, status, url: String
    }

    struct Subnet: Encodable {
        let id, name, cidr, url: String
    }

    struct Network: Encodable {
        let id, name, status, url: String
        let subnets: [Subnet]
        let isExternal: Bool

        enum CodingKeys: String, CodingKey {
            case id, name, status, url, subnets
            case isExternal = "router:external"
        }
    }

    struct Router: Encodable {
        let id, name, status, url: String
    }

    struct FixedIP: Encodable {
        let address: String

        enum CodingKeys: String, CodingKey {
            case address = "ip_address"
        }
    }

    struct Port: Encodable {
        let id, deviceID, deviceOwner, networkID: String
        let fixedIPs: [FixedIP]

        enum CodingKeys: String, CodingKey {
            case id
            case deviceID = "device_id"
            case deviceOwner = "device_owner"
            case networkID = "network_id"
            case fixedIPs = "fixed_ips"
        }
    }

    private(set) var servers: [Server] = []
    private(set) var routers: [Router] = []
    let networks: [Network]
    let ports: [Port]

    init(_ topology: Topology) {
        networks = topology.networks.map { network in
            Network(
                id: network.id.text, name: network.displayName, status: network.status.rawValue,
                url: SiteURL.network(.project, network.id.text).path,
                subnets: network.subnets.map {
                    Subnet(
                        id: $0.id.text, name: $0.name, cidr: "\($0.cidr)",
                        url: SiteURL.subnet(.project, $0.id.text).path)
                },
                isExternal: network.external)
        }
        ports = topology.devices.flatMap { device in
            device.plugs.map { plug in
                Port(
                    id: plug.portID, deviceID: device.id, deviceOwner: plug.owner,
                    networkID: topology.networks[plug.lane].id.text,
                    fixedIPs: plug.addresses.map(FixedIP.init))
            }
        }
        for device in topology.devices {
            switch device.kind {
            case .instance(let instance):
                servers.append(
                    Server(id: device.id, name: device.name, status: instance.status.rawValue, url: device.url.path))
            case .router(let router):
                routers.append(Router(id: device.id, name: device.name, status: router.status, url: device.url.path))
            }
        }
    }
}
