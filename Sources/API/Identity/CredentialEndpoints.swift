import HTTP
import Identity

/// `/v3/credentials` and the EC2 keys among them, `/v3/users/{user_id}/credentials/OS-EC2`.
struct CredentialEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v3/credentials", list)
        table.on(.post, "/v3/credentials", create)
        table.on(.get, "/v3/credentials/{credential_id}", show)
        table.on(.patch, "/v3/credentials/{credential_id}", update)
        table.on(.delete, "/v3/credentials/{credential_id}", delete)
        table.on(.get, "/v3/users/{user_id}/credentials/OS-EC2", listKeys)
        table.on(.post, "/v3/users/{user_id}/credentials/OS-EC2", createKey)
        table.on(.get, "/v3/users/{user_id}/credentials/OS-EC2/{access}", showKey)
        table.on(.delete, "/v3/users/{user_id}/credentials/OS-EC2/{access}", deleteKey)
    }

    private func list(_ call: APICall) throws -> Response {
        let credentials = try identity.credentials(
            ofUser: call.query.filter("user_id"), type: call.query.filter("type"), as: call.context)
        return call.collection("credentials", credentials) { $0.credential($1, call) }
    }

    private func create(_ call: APICall) throws -> Response {
        let new = try call.object("credential") { reader in
            reader.allowUnknown()
            return NewCredential(
                userID: try reader.nullable("user_id")?.text(), projectID: try reader.nullable("project_id")?.text(),
                type: try reader.required("type").text(), blob: try reader.required("blob").text())
        }
        let credential = try identity.createCredential(new, as: call.context)
        return call.document("credential", .created) { $0.credential(credential, call) }
    }

    private func show(_ call: APICall) throws -> Response {
        let credential = try identity.credential(call[parameter: "credential_id"], as: call.context)
        return call.document("credential") { $0.credential(credential, call) }
    }

    private func update(_ call: APICall) throws -> Response {
        let id = call[parameter: "credential_id"]
        let old = try identity.credential(id, as: call.context)
        let blob = try call.object("credential") { reader in
            reader.allowUnknown()
            let fixed = [("user_id", old.userID), ("project_id", old.projectID), ("type", old.type), ("id", old.id)]
            for (name, value) in fixed {
                guard let member = reader.optional(name), try member.nullableText() != value else { continue }
                throw APIError(.badRequest, "\(member.path) cannot be changed.")
            }
            return try reader.optional("blob")?.text()
        }
        let credential = try blob.map { try identity.updateCredential(id, blob: $0, as: call.context) } ?? old
        return call.document("credential") { $0.credential(credential, call) }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deleteCredential(call[parameter: "credential_id"], as: call.context)
        return .nothing()
    }

    // MARK: EC2

    private func listKeys(_ call: APICall) throws -> Response {
        let keys = try identity.ec2Keys(ofUser: call[parameter: "user_id"], as: call.context)
        return call.collection("credentials", keys) { $0.key($1, call) }
    }

    private func createKey(_ call: APICall) throws -> Response {
        let projectID = try call.content().object { reader in
            reader.allowUnknown()
            return try reader.required("tenant_id").text()
        }
        let key = try identity.createEC2Key(
            forUser: call[parameter: "user_id"], projectID: projectID, as: call.context)
        return call.document("credential", .created) { $0.key(key, call) }
    }

    private func showKey(_ call: APICall) throws -> Response {
        let key = try identity.ec2Key(
            call[parameter: "access"], ofUser: call[parameter: "user_id"], as: call.context)
        return call.document("credential") { $0.key(key, call) }
    }

    private func deleteKey(_ call: APICall) throws -> Response {
        try identity.deleteEC2Key(call[parameter: "access"], ofUser: call[parameter: "user_id"], as: call.context)
        return .nothing()
    }
}

extension JSONWriter {
    fileprivate mutating func credential(_ credential: Credential, _ call: APICall) {
        member("id", credential.id)
        member("user_id", credential.userID)
        member("project_id", credential.projectID)
        member("type", credential.type)
        member("blob", credential.blob)
        selfLink(call, "credentials/" + credential.id)
    }

    fileprivate mutating func key(_ key: EC2Key, _ call: APICall) {
        member("access", key.access)
        member("secret", key.secret)
        member("user_id", key.userID)
        member("tenant_id", key.projectID)
        member("trust_id", String?.none)
        selfLink(call, "users/\(key.userID)/credentials/OS-EC2/\(key.access)")
    }
}
