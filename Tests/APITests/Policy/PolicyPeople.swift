import Database
import HTTP
import Identity
import ServiceCore
import Testing

@testable import Networking

/// People with all kinds of roles, and what one of their projects owns: all of it made by the interfaces themselves.
final class PolicyPeople {
    let cloud: APICloud
    /// By ``Asker``.
    private let tokens: [String?]
    private let userIDs: [String]
    private let imageID: String
    private let projectIDs: [String: String]
    private let roleIDs: [String: String]
    /// What `{…}` stands for, until somebody changed something.
    private var things: [String: String] = [:]
    private var made = 0

    init() throws {
        let cloud = try APICloud()
        let admin = try cloud.token()
        let ask = { (method: HTTP.Method, path: String, json: String?) in
            let answer = cloud.ask(method, path, token: admin, json: json)
            #expect(answer.status < 300, "\(method) \(path): \(answer.text)")
            return answer
        }
        let roles = ask(.get, "/identity/v3/roles", nil).list("roles").compactMap { $0 as? [String: Any] }
        roleIDs = roles.reduce(into: [:]) { $0["\($1["name"] ?? "")"] = $1["id"] as? String }
        var projectIDs: [String: String] = [:]
        for name in ["lab", "other"] {
            let answer = ask(.post, "/identity/v3/projects", #"{"project": {"name": "\#(name)"}}"#)
            projectIDs[name] = answer.text("project.id")
        }
        var tokens: [String?] = [nil]
        var userIDs = [""]
        for (name, role, project) in Self.people {
            let json = #"{"user": {"name": "\#(name)", "password": "\#(Self.password)"}}"#
            let user = try #require(ask(.post, "/identity/v3/users", json).text("user.id"))
            let scope = project.isEmpty ? "system" : "projects/\(projectIDs[project] ?? "")"
            let roleID = try #require(roleIDs[role])
            _ = ask(.put, "/identity/v3/\(scope)/users/\(user)/roles/\(roleID)", nil)
            userIDs.append(user)
            tokens.append(
                try project.isEmpty
                    ? cloud.systemToken(name, Self.password)
                    : cloud.token(name, password: Self.password, project: project))
        }
        tokens.insert(admin, at: Asker.admin.rawValue)
        userIDs.insert(try cloud.identity.validate(admin).user.id, at: Asker.admin.rawValue)
        let lab = try #require(projectIDs["lab"])
        _ = ask(.put, "/compute/v2.1/os-quota-sets/\(lab)", Self.computeQuota)
        let own = try #require(try cloud.identity.validate(admin).project?.id)
        for project in [lab, own] { _ = ask(.put, "/networking/v2.0/quotas/\(project)", Self.networkQuota) }
        (self.cloud, self.tokens, self.userIDs, self.projectIDs) = (cloud, tokens, userIDs, projectIDs)
        imageID = try cloud.publicImage()
        // The simulated host has no bridges, and so nothing that beats.
        try cloud.database.write { transaction in
            for kind in [NetworkAgent.Kind.dhcp, .layer3] {
                try AgentStore().beat(kind, on: "node1", at: cloud.clock.now(), in: transaction)
            }
        }
    }

    private static let people = [
        ("rita", "reader", "lab"), ("max", "member", "lab"), ("otto", "member", "other"), ("sue", "reader", ""),
    ]
    private static let password = "s3cret-Word"
    /// More is made for the table than a project may have.
    private static let computeQuota =
        #"{"quota_set": {"instances": -1, "cores": -1, "ram": -1, "key_pairs": -1, "server_groups": -1}}"#
    private static let networkQuota = """
        {"quota": {"network": -1, "subnet": -1, "port": -1, "router": -1, "floatingip": -1, "security_group": -1,
          "security_group_rule": -1, "subnetpool": -1, "rbac_policy": -1}}
        """

    /// Asks everybody and holds the answers against the table.
    func check(_ table: PolicyTable) throws {
        for row in table.rows {
            let answers = try Asker.allCases.map { try answer(to: row, $0) }
            let statuses = answers.map { String($0.status) }.joined(separator: " ")
            #expect(statuses == row.statuses, "\(row): \(answers.map(\.text))")
        }
    }

    func answer(to row: PolicyRow, _ asker: Asker) throws -> APIAnswer {
        let path = try filled(row.path, asker)
        let json = try row.json.map { try filled($0, asker) }
        var fields = row.fields
        if row.method != .post, row.path.hasSuffix("/auth/tokens") {
            fields["X-Subject-Token"] = try filled("{session}", asker)
        }
        let answer = cloud.ask(
            row.method, path, token: tokens[asker.rawValue], version: row.version, json: json, fields: fields)
        // Who was refused changed nothing, and who only looked did not either.
        if answer.status < 400, row.method != .get, row.method != .head { try clear() }
        return answer
    }

    /// A text with things in the place of `{…}`. Who shows no token is not told what there is: anything will do.
    private func filled(_ text: String, _ asker: Asker) throws -> String {
        var text = text
        while let name = text.firstMatch(of: /\{([a-z]+)\}/)?.output.1 {
            let name = String(name)
            text = text.replacing("{\(name)}", with: try asker == .nobody ? "x" : thing(name, asker))
        }
        return text
    }

    func thing(_ name: String, _ asker: Asker) throws -> String {
        switch name {
        case "me": return userIDs[asker.rawValue]
        case "mytoken": return tokens[asker.rawValue] ?? ""
        case "member": return userIDs[Asker.member.rawValue]
        case "outsider": return userIDs[Asker.outsider.rawValue]
        case "project": return projectIDs["lab"] ?? ""
        case "other": return projectIDs["other"] ?? ""
        case "memberrole": return roleIDs["member"] ?? ""
        case "publicimage": return imageID
        case "none": return "c4dae3ab-51e3-4a4b-a2a0-111111111111"
        case "new":
            made += 1
            return "thing-\(made)"
        default: break
        }
        if let known = things[name] { return known }
        if name == "session" {
            things[name] = try cloud.token(Self.people[1].0, password: Self.password, project: "lab")
            return things[name] ?? ""
        }
        let recipe = try #require(PolicyThings.all[name], "nobody knows how to make \(name)")
        let thing = try make(recipe)
        things[name] = thing
        return thing
    }

    private func make(_ recipe: PolicyThings.Recipe) throws -> String {
        var id = recipe.id
        for (index, request) in recipe.requests.enumerated() {
            let row = PolicyRow(request)
            let path = try filled(row.path.replacing("{this}", with: id), .member)
            let token = tokens[(recipe.isAdmins ? Asker.admin : .member).rawValue]
            let answer = cloud.ask(
                row.method, path, token: token, version: row.version,
                json: try row.json.map { try filled($0.replacing("{this}", with: id), .member) }, fields: row.fields)
            try #require(answer.status < 300, "\(request): \(answer.text)")
            if index == 0, !recipe.isLiteral { id = "\(try #require(answer[recipe.id], "\(answer.text)"))" }
        }
        if recipe.hasJobs { try cloud.jobs.drain() }
        return id
    }

    /// Forgets all things; servers go, because a host has room for so many only.
    private func clear() throws {
        let server = things["server"]
        things = [:]
        guard let server else { return }
        _ = cloud.ask(.delete, "/compute/v2.1/servers/\(server)", token: tokens[Asker.admin.rawValue])
        try cloud.jobs.drain()
    }
}

extension APICloud {
    /// The token of a user for the whole system.
    func systemToken(_ user: String, _ password: String) throws -> String {
        let login = PasswordLogin(
            domain: "default", userName: user, password: password, remoteAddress: "127.0.0.1", scope: .system)
        return try identity.authenticate(login).text
    }
}

extension PolicyRow {
    /// What is said about the content.
    fileprivate var fields: [String: String] {
        var fields = ["Accept": "application/json"]
        if path.hasPrefix("/image/"), method == .patch {
            fields["Content-Type"] = "application/openstack-images-v2.1-json-patch"
        }
        if method == .put, path.hasSuffix("/file") || path.hasSuffix("/stage") {
            fields["Content-Type"] = "application/octet-stream"
        }
        return fields
    }
}
