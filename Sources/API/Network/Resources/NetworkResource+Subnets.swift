import HTTP
import Networking
import ServiceCore

extension NetworkResource where Item == Subnet {
    static func subnets(_ networking: NetworkingService) -> Self {
        NetworkResource(
            name: "subnet", plural: "subnets", path: "subnets", attributes: attributes, id: \.id.text,
            tagged: { ID(untrusted: $0).map(TaggedResource.subnet) },
            list: { try networking.subnets($0, as: $1) },
            show: { try networking.subnet(try identifier($0, "Subnet"), as: $1) },
            create: { bodies, context in
                try networking.createSubnets(
                    try bodies.map { (new: try newSubnet($0), networkID: try $0.requiredID("network_id")) }, as: context
                )
            },
            update: { id, body, seen, context in
                var update = try subnetUpdate(body)
                update.revision = seen
                return try networking.updateSubnet(try identifier(id, "Subnet"), update, as: context)
            },
            delete: { try networking.deleteSubnet(try identifier($0, "Subnet"), revision: $1, as: $2) })
    }

    private static var attributes: [NetworkAttribute<Subnet>] {
        [
            .init("id") { $0.id.text },
            .init("name", [.post, .put]) { $0.name },
        ] + NetworkAttribute.owner { $0.projectID } + [
            .init("network_id", .required) { $0.networkID.text },
            .init("ip_version", .required) { $0.version.rawValue },
            .init("subnetpool_id", .post) { $0.subnetPoolID?.text },
            .init("use_default_subnetpool", .post, writing: nil),
            .init("prefixlen", .post, writing: nil),
            .init("enable_dhcp", [.post, .put]) { $0.enableDHCP },
            .init("ipv6_ra_mode", .post) { $0.ipv6Mode?.routerAdvertisement },
            .init("ipv6_address_mode", .post) { $0.ipv6Mode?.address },
            .init("gateway_ip", [.post, .put]) { $0.gateway?.description },
            .init("cidr", .post) { $0.cidr.description },
            .init("allocation_pools", [.post, .put]) { $0.pools.map(PoolDocument.init) },
            .init("host_routes", [.post, .put]) { $0.hostRoutes.map(RouteDocument.init) },
            .init("dns_nameservers", [.post, .put]) { $0.dnsNameservers.map(\.description) },
            .init("description", [.post, .put]) { $0.description },
            .init("router:external") { $0.isExternal },
            .tags,
            .init("created_at") { $0.createdAt.iso8601 },
            .init("updated_at") { $0.updatedAt.iso8601 },
            .init("revision_number") { $0.revision },
        ]
    }
}

private struct PoolDocument: JSONWritable {
    let pool: AllocationPool

    func write(to json: inout JSONWriter) {
        json.object {
            $0.member("start", pool.range.first.description)
            $0.member("end", pool.range.last.description)
        }
    }
}

/// A route of a subnet or of a router.
struct RouteDocument: JSONWritable {
    let route: HostRoute

    func write(to json: inout JSONWriter) {
        json.object {
            $0.member("destination", route.destination.description)
            $0.member("nexthop", route.nextHop.description)
        }
    }
}

private func newSubnet(_ body: NetworkBody) throws -> NewSubnet {
    guard let number = try body["ip_version"]?.looseInteger(), let version = IPVersion(rawValue: number) else {
        throw APIError(.badRequest, "Invalid input for ip_version: it is 4 or 6.")
    }
    var new = NewSubnet(name: try body.text("name") ?? "", cidr: try body.nullableText("cidr") ?? "")
    new.description = try body.text("description") ?? ""
    new.version = version
    new.subnetPoolID = try body.id("subnetpool_id")
    new.usesDefaultPool = try body.flag("use_default_subnetpool") ?? false
    new.prefixLength = try body.typed("prefixlen")
    new.enableDHCP = try body.flag("enable_dhcp") ?? true
    new.ipv6Mode = try body.ipv6Mode(version)
    new.gateway = try body.gateway() ?? .automatic
    new.allocationPools = try body.pools() ?? []
    new.dnsNameservers = try body.list("dns_nameservers") { AddressInput(try $0.text()) } ?? []
    new.hostRoutes = try body.routes("host_routes") ?? []
    if new.cidr.isEmpty, new.subnetPoolID == nil, !new.usesDefaultPool {
        throw APIError(
            .badRequest, "Bad subnets request: a subnetpool must be specified in the absence of a cidr.",
            type: "BadRequest")
    }
    return new
}

private func subnetUpdate(_ body: NetworkBody) throws -> SubnetUpdate {
    var update = SubnetUpdate()
    update.name = try body.text("name")
    update.description = try body.text("description")
    update.gateway = try body.gateway()
    update.enableDHCP = try body.flag("enable_dhcp")
    update.allocationPools = try body.pools()
    update.dnsNameservers = try body.list("dns_nameservers") { AddressInput(try $0.text()) }
    update.hostRoutes = try body.routes("host_routes")
    return update
}

extension NetworkBody {
    /// Nil when it was not named; null is no gateway.
    fileprivate func gateway() throws -> GatewayInput? {
        guard let member = self["gateway_ip"] else { return nil }
        return member.isNull ? .disabled : .address(try member.text())
    }

    fileprivate func pools() throws -> [PoolInput]? {
        try list("allocation_pools") { pool in
            try pool.object { PoolInput(start: try $0.required("start").text(), end: try $0.required("end").text()) }
        }
    }

    /// The routes of a subnet or of a router.
    func routes(_ name: String) throws -> [HostRouteInput]? {
        try list(name) { route in
            try route.object {
                HostRouteInput(
                    destination: try $0.required("destination").text(), nextHop: try $0.required("nexthop").text())
            }
        }
    }

    /// Neutron's two attributes as one of the pairs that make sense (its documentation has the table).
    fileprivate func ipv6Mode(_ version: IPVersion) throws -> IPv6AddressMode? {
        let modes = ["slaac", "dhcpv6-stateful", "dhcpv6-stateless"]
        let advertised = try self["ipv6_ra_mode"].flatMap { $0.isNull ? nil : try $0.choice(modes) }
        let address = try self["ipv6_address_mode"].flatMap { $0.isNull ? nil : try $0.choice(modes) }
        guard advertised != nil || address != nil else { return nil }
        if version == .v4 {
            throw APIError(
                .badRequest, "Invalid input for operation: ipv6_ra_mode or ipv6_address_mode are of IPv6 only.",
                type: "InvalidInput")
        }
        if let mode = IPv6AddressMode.allCases.first(where: {
            $0.routerAdvertisement == advertised && $0.address == address
        }) {
            return mode
        }
        throw APIError(
            .badRequest,
            "Invalid input for operation: ipv6_ra_mode '\(advertised ?? "none")' with ipv6_address_mode "
                + "'\(address ?? "none")' is not valid.", type: "InvalidInput")
    }
}
