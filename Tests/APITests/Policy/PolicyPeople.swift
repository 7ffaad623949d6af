import Foundation
import HTTP
import ServiceCore
import Testing

/// People with all kinds of roles, and what one project owns: all of it made by the interfaces themselves.
final class PolicyPeople {
    let cloud: APICloud
    /// Nobody's, a reader's, a member's, somebody else's and the administrator's.
    let tokens: [String?]
    private let projectID: String
    private let admin: String
    private let member: String
    private var made = 0

    init() throws {
        let cloud = try APICloud()
        let admin = try cloud.token()
        func make(_ path: String, _ json: String, _ id: String) throws -> String {
            let answer = cloud.ask(.post, path, token: admin, json: json)
            return try #require(answer.text(id), "\(answer.status) \(answer.text)")
        }
        let roles = cloud.ask(.get, "/identity/v3/roles", token: admin).list("roles")
        let names = roles.compactMap { $0 as? [String: Any] }
        var projects: [String: String] = [:]
        for name in ["lab", "other"] {
            projects[name] = try make("/identity/v3/projects", #"{"project": {"name": "\#(name)"}}"#, "project.id")
        }
        var tokens: [String?] = [nil]
        for (name, role, project) in [("rita", "reader", "lab"), ("max", "member", "lab"), ("otto", "member", "other")]
        {
            let user = try make(
                "/identity/v3/users", #"{"user": {"name": "\#(name)", "password": "s3cret-Word"}}"#, "user.id")
            let roleID = try #require(names.first { $0["name"] as? String == role }?["id"] as? String)
            let projectID = try #require(projects[project])
            let granted = cloud.ask(
                .put, "/identity/v3/projects/\(projectID)/users/\(user)/roles/\(roleID)", token: admin)
            #expect(granted.status == 204)
            tokens.append(try cloud.token(name, password: "s3cret-Word", project: project))
        }
        self.cloud = cloud
        self.admin = admin
        self.tokens = tokens + [admin]
        member = try #require(tokens[2])
        projectID = try #require(projects["lab"])
    }

    /// A path with a fresh resource of the project in the place of `{name}`.
    func target(_ path: String) throws -> String {
        guard let open = path.firstIndex(of: "{"), let close = path.firstIndex(of: "}") else { return path }
        let name = String(path[path.index(after: open)..<close])
        return try path.replacing("{\(name)}", with: make(name))
    }

    private func make(_ what: String) throws -> String {
        made += 1
        let name = "thing-\(made)"
        switch what {
        case "project": return projectID
        case "user":
            return try post("/identity/v3/users", #"{"user": {"name": "\#(name)"}}"#, "user.id", as: admin)
        case "network": return try network(name)
        case "subnet":
            let json = #"{"network_id": "\#(try network(name))", "ip_version": 4, "cidr": "10.\#(made).0.0/24"}"#
            return try post("/networking/v2.0/subnets", #"{"subnet": \#(json)}"#, "subnet.id")
        case "port":
            let json = #"{"port": {"network_id": "\#(try network(name))"}}"#
            return try post("/networking/v2.0/ports", json, "port.id")
        case "group":
            let json = #"{"security_group": {"name": "\#(name)"}}"#
            return try post("/networking/v2.0/security-groups", json, "security_group.id")
        case "image":
            let json = #"{"name": "\#(name)", "disk_format": "raw", "container_format": "bare"}"#
            return try post("/image/v2/images", json, "id")
        case "server":
            let image = try cloud.publicImage()
            let json = #"{"name": "\#(name)", "imageRef": "\#(image)", "flavorRef": "1", "networks": "none"}"#
            let server = try post(
                "/compute/v2.1/servers", #"{"server": \#(json)}"#, "server.id", version: "compute 2.37")
            try cloud.jobs.drain()
            return server
        default: throw Unknown(name: what)
        }
    }

    private func network(_ name: String) throws -> String {
        try post("/networking/v2.0/networks", #"{"network": {"name": "\#(name)"}}"#, "network.id")
    }

    private func post(
        _ path: String, _ json: String, _ id: String, as token: String? = nil, version: String? = nil
    ) throws -> String {
        let answer = cloud.ask(.post, path, token: token ?? member, version: version, json: json)
        return try #require(answer.text(id), "\(answer.status) \(answer.text)")
    }

    private struct Unknown: Error { let name: String }
}
