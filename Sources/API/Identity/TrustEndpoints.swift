import HTTP
import Identity

/// `/v3/OS-TRUST/trusts`.
struct TrustEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        let path = "/v3/OS-TRUST/trusts"
        table.on(.get, path, list)
        table.on(.post, path, create)
        table.on(.get, path + "/{trust_id}", show)
        table.on(.delete, path + "/{trust_id}", delete)
        table.on(.get, path + "/{trust_id}/roles", roles)
        table.on(.get, path + "/{trust_id}/roles/{role_id}", role)
    }

    private func list(_ call: APICall) throws -> Response {
        let trusts = try identity.trusts(
            ofTrustor: call.query.filter("trustor_user_id"), ofTrustee: call.query.filter("trustee_user_id"),
            as: call.context)
        return call.collection("trusts", trusts) { $0.trust($1, call) }
    }

    private func create(_ call: APICall) throws -> Response {
        let new = try call.object("trust") { reader in
            reader.allowUnknown()
            var new = NewTrust(
                trustorID: try reader.required("trustor_user_id").text(),
                trusteeID: try reader.required("trustee_user_id").text(),
                projectID: try reader.nullable("project_id")?.text(),
                isImpersonation: try reader.required("impersonation").bool(),
                roles: try reader.nullable("roles")?.list().map { try $0.object(reference) } ?? [])
            new.expiresAt = try reader.nullable("expires_at").map { member in
                guard let time = MicroTime(try member.text()) else { throw member.refusal("must be a time in UTC") }
                return time
            }
            new.allowsRedelegation = try reader.nullable("allow_redelegation")?.bool() ?? false
            new.redelegationCount = try reader.nullable("redelegation_count")?.integer(0...Int(Int32.max))
            new.remainingUses = try reader.nullable("remaining_uses")?.integer(1...Int(Int32.max))
            return new
        }
        let trust = try identity.createTrust(
            new, token: call.request.fields["X-Auth-Token"], as: call.context)
        return call.document("trust", .created) { json in
            json.trust(trust, call)
            json.roles(trust, call)
        }
    }

    private func reference(_ reader: JSONReader) throws -> NewApplicationCredential.RoleReference {
        reader.allowUnknown()
        if let id = reader.nullable("id") { return .id(try id.text()) }
        return .name(try reader.required("name").text())
    }

    private func show(_ call: APICall) throws -> Response {
        let trust = try identity.trust(call[parameter: "trust_id"], as: call.context)
        return call.document("trust") { json in
            json.trust(trust, call)
            json.roles(trust, call)
        }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deleteTrust(call[parameter: "trust_id"], as: call.context)
        return .nothing()
    }

    private func roles(_ call: APICall) throws -> Response {
        let trust = try identity.trust(call[parameter: "trust_id"], as: call.context)
        return call.collection("roles", trust.roles) { $0.role($1, call) }
    }

    private func role(_ call: APICall) throws -> Response {
        let role = try identity.role(
            call[parameter: "role_id"], ofTrust: call[parameter: "trust_id"], as: call.context)
        return call.document("role") { $0.role(role, call) }
    }
}

extension JSONWriter {
    fileprivate mutating func trust(_ trust: Trust, _ call: APICall) {
        member("id", trust.id)
        member("trustor_user_id", trust.trustorID)
        member("trustee_user_id", trust.trusteeID)
        member("project_id", trust.projectID)
        member("impersonation", trust.isImpersonation)
        member("expires_at", trust.expiresAt.map { $0.iso8601 + "Z" })
        member("deleted_at", String?.none)
        member("remaining_uses", trust.remainingUses)
        member("redelegation_count", trust.redelegationCount)
        optionalMember("redelegated_trust_id", trust.redelegatedTrustID)
        selfLink(call, "OS-TRUST/trusts/" + trust.id)
    }

    fileprivate mutating func roles(_ trust: Trust, _ call: APICall) {
        list("roles", trust.roles) { json, role in json.object { $0.role(role, call) } }
        object("roles_links") { json in
            json.member("self", call.base + "/identity/v3/OS-TRUST/trusts/\(trust.id)/roles")
            json.member("previous", String?.none)
            json.member("next", String?.none)
        }
    }
}
