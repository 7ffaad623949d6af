import HTTP
import Identity

/// Keystone's interface, version 3.
struct IdentityAPI: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        let versions = IdentityVersions()
        table.open(.get, "", versions.choices)
        table.open(.get, "/v3", versions.current)

        let tokens = TokenEndpoints(identity: identity)
        table.open(.post, "/v3/auth/tokens", tokens.issue)
        table.on(.get, "/v3/auth/tokens", tokens.validate)
        table.on(.delete, "/v3/auth/tokens", tokens.revoke)
    }
}
