import HTTP
import Identity

/// `/v3/users/{user_id}/application_credentials` and `/v3/users/{user_id}/access_rules`.
struct ApplicationCredentialEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        let path = "/v3/users/{user_id}/application_credentials"
        table.on(.get, path, list)
        table.on(.post, path, create)
        table.on(.get, path + "/{credential_id}", show)
        table.on(.delete, path + "/{credential_id}", delete)
        table.on(.get, "/v3/users/{user_id}/access_rules", rules)
        table.on(.get, "/v3/users/{user_id}/access_rules/{rule_id}", rule)
        table.on(.delete, "/v3/users/{user_id}/access_rules/{rule_id}", deleteRule)
    }

    private func list(_ call: APICall) throws -> Response {
        let credentials = try identity.applicationCredentials(
            ofUser: call[parameter: "user_id"], named: call.query.filter("name"), as: call.context)
        return call.collection("application_credentials", credentials) { $0.applicationCredential($1, nil, call) }
    }

    private func create(_ call: APICall) throws -> Response {
        let new = try call.object("application_credential") { reader in
            reader.allowUnknown()
            var new = NewApplicationCredential(
                name: try reader.required("name").text(), secret: try reader.nullable("secret")?.text())
            new.description = try reader.nullable("description")?.text() ?? ""
            new.expiresAt = try reader.nullable("expires_at").map { member in
                guard let time = MicroTime(try member.text()) else { throw member.refusal("must be a time in UTC") }
                return time
            }
            new.isUnrestricted = try reader.nullable("unrestricted")?.bool() ?? false
            new.roles = try reader.nullable("roles")?.list().map { try $0.object(role) }
            new.accessRules = try reader.nullable("access_rules")?.list().map { try $0.object(rule) }
            return new
        }
        let (credential, secret) = try identity.createApplicationCredential(
            new, forUser: call[parameter: "user_id"], as: call.context)
        return call.document("application_credential", .created) { $0.applicationCredential(credential, secret, call) }
    }

    private func role(_ reader: JSONReader) throws -> NewApplicationCredential.RoleReference {
        reader.allowUnknown()
        if let id = reader.nullable("id") { return .id(try id.text()) }
        return .name(try reader.required("name").text())
    }

    private func rule(_ reader: JSONReader) throws -> NewApplicationCredential.Rule {
        if let id = reader.nullable("id") { return .id(try id.text()) }
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
        return .new(
            service: try reader.required("service").text(1...255),
            method: try reader.required("method").choice(methods),
            path: try reader.required("path").text(1...128))
    }

    private func show(_ call: APICall) throws -> Response {
        let credential = try identity.applicationCredential(
            call[parameter: "credential_id"], ofUser: call[parameter: "user_id"], as: call.context)
        return call.document("application_credential") { $0.applicationCredential(credential, nil, call) }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deleteApplicationCredential(
            call[parameter: "credential_id"], ofUser: call[parameter: "user_id"], as: call.context)
        return .nothing()
    }

    // MARK: Access rules

    private func rules(_ call: APICall) throws -> Response {
        let user = call[parameter: "user_id"]
        return call.collection("access_rules", try identity.accessRules(ofUser: user, as: call.context)) { json, rule in
            json.accessRule(rule)
            json.selfLink(call, "users/\(user)/access_rules/\(rule.id)")
        }
    }

    private func rule(_ call: APICall) throws -> Response {
        let user = call[parameter: "user_id"]
        let rule = try identity.accessRule(call[parameter: "rule_id"], ofUser: user, as: call.context)
        return call.document("access_rule") { json in
            json.accessRule(rule)
            json.selfLink(call, "users/\(user)/access_rules/\(rule.id)")
        }
    }

    private func deleteRule(_ call: APICall) throws -> Response {
        try identity.deleteAccessRule(
            call[parameter: "rule_id"], ofUser: call[parameter: "user_id"], as: call.context)
        return .nothing()
    }
}

extension JSONWriter {
    fileprivate mutating func applicationCredential(
        _ credential: ApplicationCredential, _ secret: String?, _ call: APICall
    ) {
        member("id", credential.id)
        member("name", credential.name)
        member("description", credential.description)
        member("project_id", credential.projectID)
        member("user_id", credential.userID)
        member("expires_at", credential.expiresAt?.iso8601)
        member("unrestricted", credential.isUnrestricted)
        member("system", String?.none)
        list("roles", credential.roles) { json, role in
            json.object {
                $0.member("id", role.id)
                $0.member("name", role.name)
                $0.member("domain_id", role.domainID)
            }
        }
        if let rules = credential.accessRules {
            list("access_rules", rules) { json, rule in json.object { $0.accessRule(rule) } }
        }
        optionalMember("secret", secret)
        selfLink(call, "users/\(credential.userID)/application_credentials/\(credential.id)")
    }

    fileprivate mutating func accessRule(_ rule: AccessRule) {
        member("id", rule.id)
        member("service", rule.service)
        member("method", rule.method)
        member("path", rule.path)
    }
}
