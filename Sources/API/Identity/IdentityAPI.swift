import HTTP
import Identity

/// Keystone's interface, version 3.
struct IdentityAPI: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        let versions = IdentityVersions()
        table.open(.get, "", versions.choices)
        table.open(.get, "/v3", versions.current)
        TokenEndpoints(identity: identity).register(on: &table)
        DomainEndpoints(identity: identity).register(on: &table)
        ProjectEndpoints(identity: identity).register(on: &table)
        UserEndpoints(identity: identity).register(on: &table)
        GroupEndpoints(identity: identity).register(on: &table)
        RoleEndpoints(identity: identity).register(on: &table)
        GrantEndpoints(identity: identity).register(on: &table)
        RoleAssignmentEndpoints(identity: identity).register(on: &table)
        CatalogEndpoints(identity: identity).register(on: &table)
        RegionEndpoints(identity: identity).register(on: &table)
        CredentialEndpoints(identity: identity).register(on: &table)
        ApplicationCredentialEndpoints(identity: identity).register(on: &table)
        TrustEndpoints(identity: identity).register(on: &table)
        LimitEndpoints(identity: identity).register(on: &table)
        PolicyEndpoints(identity: identity).register(on: &table)
        EndpointFilterEndpoints(identity: identity).register(on: &table)
        DomainConfigurationEndpoints(identity: identity).register(on: &table)
        ConsumerEndpoints(identity: identity).register(on: &table)
    }
}
