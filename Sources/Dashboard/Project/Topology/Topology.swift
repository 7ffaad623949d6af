import Compute
import Networking
import ServiceCore

/// A project's networks and what is plugged into them: what the drawing and the feed are made of.
struct Topology: Sendable {
    /// Something between the networks.
    struct Device: Sendable {
        enum Kind: Sendable {
            case router(NetworkRouter)
            case instance(Instance)
        }

        /// One of its ports.
        struct Plug: Sendable {
            /// The network's place in ``Topology/networks``.
            let lane: Int
            let portID: String
            let owner: String
            let addresses: [String]
            /// Whether the port has a page for the caller.
            var isVisible = true
        }

        let kind: Kind
        let id: String
        let name: String
        /// In the order of the networks.
        let plugs: [Plug]
    }

    /// The most of each kind that are drawn.
    static let limit = 100

    /// What leads out stands first, as in Horizon.
    let networks: [Network]
    /// Routers first, then instances; each kind by its first network.
    let devices: [Device]
    /// Whether the project has more than is drawn.
    let isCut: Bool

    /// The caller's project's, for administrators too. The ports are asked for device by device: a shared network may
    /// have any number of other people's.
    init(_ services: DashboardServices, as context: RequestContext) throws {
        let known = try services.networking.networks(as: context, filter: NetworkFilter(.project))
        let routers = try services.networking.routers(as: context)
        let instances = try services.compute.instances(page: PageRequest(limit: Self.limit), as: context)
        let networks = Array((known.filter(\.external) + known.filter { !$0.external }).prefix(Self.limit))
        let places = Dictionary(networks.enumerated().map { ($1.id, $0) }) { first, _ in first }
        let plugs = { (device: String) in
            try services.networking.ports(as: context, filter: PortFilter(deviceID: device)).compactMap { port in
                places[port.networkID].map {
                    Device.Plug($0, port.id, port.deviceOwner, port.fixedIPs)
                }
            }
        }
        let ways = try routers.prefix(Self.limit).map { router in
            Device(router, plugs: try plugs(router.id.text), places)
        }
        let guests = try instances.items.map { instance in
            Device(
                kind: .instance(instance), id: instance.id.text, name: instance.name,
                plugs: try plugs(instance.id.text).sorted { ($0.lane, $0.portID) < ($1.lane, $1.portID) })
        }
        self.networks = networks
        devices = Self.sorted(ways) + Self.sorted(guests)
        isCut = known.count > Self.limit || routers.count > Self.limit || instances.next != nil
    }

    private static func sorted(_ devices: [Device]) -> [Device] {
        func place(_ device: Device) -> (Int, String, String) {
            (device.plugs.first?.lane ?? .max, device.name, device.id)
        }
        return devices.sorted { place($0) < place($1) }
    }
}

extension Topology {
    /// Whether an instance is about to become something else.
    var isBusy: Bool {
        devices.contains { device in
            guard case .instance(let instance) = device.kind else { return false }
            return instance.isInProgress
        }
    }
}

extension Topology.Device {
    fileprivate init(_ router: NetworkRouter, plugs: [Plug], _ places: [ID<Network>: Int]) {
        var plugs = plugs
        // A project does not see its router's port outside, and knows its address all the same.
        if let gateway = router.gateway, let lane = places[gateway.networkID],
            !plugs.contains(where: { $0.portID == gateway.portID.text })
        {
            var plug = Plug(lane, gateway.portID, DeviceOwner.routerGateway, gateway.fixedIPs)
            plug.isVisible = false
            plugs.append(plug)
        }
        self.init(
            kind: .router(router), id: router.id.text, name: router.displayName,
            plugs: plugs.sorted { ($0.lane, $0.portID) < ($1.lane, $1.portID) })
    }

    var url: SiteURL {
        switch kind {
        case .router: .router(.project, id)
        case .instance: .instance(.project, id)
        }
    }
}

extension Topology.Device.Plug {
    fileprivate init(_ lane: Int, _ port: ID<Port>, _ owner: String, _ addresses: [FixedIP]) {
        self.init(lane: lane, portID: port.text, owner: owner, addresses: addresses.map { "\($0.address)" })
    }
}
