import HTTP
import Identity

/// `/v3/users` with their password, projects and groups.
struct UserEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v3/users", list)
        table.on(.post, "/v3/users", create)
        table.on(.get, "/v3/users/{user_id}", show)
        table.on(.patch, "/v3/users/{user_id}", update)
        table.on(.delete, "/v3/users/{user_id}", delete)
        table.open(.post, "/v3/users/{user_id}/password", changePassword)
        table.on(.get, "/v3/users/{user_id}/projects", projects)
        table.on(.get, "/v3/users/{user_id}/groups", groups)
    }

    private func list(_ call: APICall) throws -> Response {
        let query = call.query
        let filter = UserFilter(
            domainID: query.filter("domain_id"), name: query.filter("name"), isEnabled: query.flag("enabled"))
        return call.collection("users", try identity.users(filter, as: call.context)) { $0.user($1, call) }
    }

    private func create(_ call: APICall) throws -> Response {
        let new = try call.object("user") { reader in
            var new = NewUser(
                domainID: try reader.nullable("domain_id")?.text(), name: try reader.required("name").text(),
                password: try reader.nullable("password")?.text(), email: try reader.nullable("email")?.text() ?? "",
                defaultProjectID: try reader.nullable("default_project_id")?.text())
            new.description = try reader.nullable("description")?.text() ?? ""
            new.isEnabled = try reader.optional("enabled")?.bool() ?? true
            new.options = try options(reader)
            new.extra = ExtraAttributes(reader.others())
            return new
        }
        let user = try identity.createUser(new, as: call.context)
        return call.document("user", .created) { $0.user(user, call) }
    }

    private func show(_ call: APICall) throws -> Response {
        let user = try identity.user(call[parameter: "user_id"], as: call.context)
        return call.document("user") { $0.user(user, call) }
    }

    private func update(_ call: APICall) throws -> Response {
        let id = call[parameter: "user_id"]
        let update = try call.object("user") { reader in
            var update = UserUpdate(
                name: try reader.optional("name")?.text(),
                email: try reader.optional("email").map { try $0.nullableText() ?? "" },
                description: try reader.optional("description").map { try $0.nullableText() ?? "" },
                isEnabled: try reader.optional("enabled")?.bool(),
                defaultProjectID: try reader.optional("default_project_id").map { try $0.nullableText() })
            update.password = try reader.nullable("password")?.text()
            if let domain = reader.optional("domain_id") {
                guard try domain.text() == identity.user(id, as: call.context).domainID else {
                    throw APIError(.badRequest, "user.domain_id cannot be changed.")
                }
            }
            update.options = try options(reader)
            update.extra = ExtraAttributes(reader.others())
            return update
        }
        let user = try identity.updateUser(id, update, as: call.context)
        return call.document("user") { $0.user(user, call) }
    }

    private func options(_ reader: JSONReader) throws -> ExtraAttributes {
        guard let options = reader.optional("options") else { return .none }
        return try options.object { ExtraAttributes($0.others()) }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deleteUser(call[parameter: "user_id"], as: call.context)
        return .nothing()
    }

    /// Needs no token: who knows the password may change it.
    private func changePassword(_ request: Request) throws -> Response {
        let content = JSONMember(value: try JSONValue(parsing: request.content), path: "")
        let (original, new) = try content.object { reader in
            try reader.required("user").object { user in
                user.allowUnknown()
                return try (user.required("original_password").text(), user.required("password").text())
            }
        }
        try identity.changePassword(
            userID: request.parameters["user_id"], original: original, new: new, remoteAddress: request.remoteAddress)
        return .nothing()
    }

    private func projects(_ call: APICall) throws -> Response {
        let projects = try identity.projects(ofUser: call[parameter: "user_id"], as: call.context)
        return call.collection("projects", projects) { $0.project($1, call) }
    }

    private func groups(_ call: APICall) throws -> Response {
        let name = call.query.filter("name")
        let groups = try identity.groups(ofUser: call[parameter: "user_id"], as: call.context)
        return call.collection("groups", groups.filter { name == nil || $0.name == name }) { $0.group($1, call) }
    }
}

extension JSONWriter {
    mutating func user(_ user: User, _ call: APICall) {
        member("id", user.id)
        member("name", user.name)
        member("domain_id", user.domainID)
        member("enabled", user.isEnabled)
        optionalMember("default_project_id", user.defaultProjectID)
        if !user.email.isEmpty { member("email", user.email) }
        if !user.description.isEmpty { member("description", user.description) }
        // Passwords here do not end by themselves.
        member("password_expires_at", String?.none)
        object("options") { $0.members(user.options) }
        selfLink(call, "users/" + user.id)
        members(user.extra)
    }
}
