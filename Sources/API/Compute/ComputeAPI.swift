import Compute
import HTTP
import Images
import Networking

/// Nova's interface, version 2.1 with its microversions.
struct ComputeAPI: Sendable {
    let compute: ComputeService
    let networking: NetworkingService
    let images: ImageService

    func register(on table: inout RouteTable) {
        let versions = ComputeVersions()
        table.open(.get, "", versions.choices)
        table.open(.get, "/v2.1", versions.current)
        table.open(.get, "/v2", versions.old)
        registerCatalogue(on: &table)
        registerServers(on: &table)
        registerHosts(on: &table)
        registerProxies(on: &table)
    }

    private func registerCatalogue(on table: inout RouteTable) {
        ExtensionEndpoints(compute: compute).register(on: &table)
        ExternalEventEndpoints(compute: compute).register(on: &table)
        FlavorEndpoints(compute: compute).register(on: &table)
        FlavorExtraEndpoints(compute: compute).register(on: &table)
        KeypairEndpoints(compute: compute).register(on: &table)
        ServerGroupEndpoints(compute: compute).register(on: &table)
        LimitsEndpoints(compute: compute, networking: networking).register(on: &table)
        QuotaEndpoints(compute: compute).register(on: &table)
        UsageEndpoints(compute: compute).register(on: &table)
    }

    private func registerServers(on table: inout RouteTable) {
        let servers = ServerEndpoints(compute: compute)
        let consoles = ConsoleEndpoints(compute: compute)
        servers.register(on: &table)
        consoles.register(on: &table)
        ServerActionEndpoints(
            compute: compute, servers: servers, consoles: consoles,
            addresses: FloatingIPProxy(compute: compute, networking: networking)
        ).register(on: &table)
        ServerMetadataEndpoints(compute: compute).register(on: &table)
        ServerInterfaceEndpoints(compute: compute, networking: networking).register(on: &table)
        ServerPartEndpoints(compute: compute, networking: networking).register(on: &table)
        InstanceActionEndpoints(compute: compute).register(on: &table)
    }

    private func registerHosts(on table: inout RouteTable) {
        AvailabilityZoneEndpoints(compute: compute).register(on: &table)
        ServiceEndpoints(compute: compute).register(on: &table)
        HypervisorEndpoints(compute: compute).register(on: &table)
        AggregateEndpoints(compute: compute).register(on: &table)
        HostEndpoints(compute: compute).register(on: &table)
        MigrationEndpoints(compute: compute).register(on: &table)
    }

    private func registerProxies(on table: inout RouteTable) {
        SecurityGroupProxy(compute: compute, networking: networking).register(on: &table)
        FloatingIPProxy(compute: compute, networking: networking).register(on: &table)
        NetworkProxy(compute: compute, networking: networking).register(on: &table)
        ImageProxy(images: images).register(on: &table)
    }
}

extension RouteTable {
    /// Adds an endpoint of nova's, until 2.35, that another service answers. Nova lets none but a project's people pass.
    mutating func onProxy(
        _ method: Method, _ path: String, of compute: ComputeService, _ endpoint: @escaping Endpoint
    ) {
        on(method, path, in: SecurityGroupProxy.versions) { call in
            try compute.require(.look, as: call.context)
            return try endpoint(call)
        }
    }
}
