import Foundation
import HTTP
import Identity
import ServiceCore
import Testing

/// Neutron's interface with two projects, an administrator and a member of one of them.
struct NetworkCloud {
    let cloud: APICloud
    let admin: String
    let member: String
    /// The project of the member.
    let projectID: String
    /// A member of the other project.
    let stranger: String

    init() throws {
        cloud = try APICloud()
        admin = try cloud.token()
        let system = RequestContext.system("test")
        let red = try Self.project("red", of: "alice", cloud.identity, system)
        _ = try Self.project("blue", of: "bob", cloud.identity, system)
        projectID = red
        member = try cloud.token("alice", password: "secret of alice", project: "red")
        stranger = try cloud.token("bob", password: "secret of bob", project: "blue")
    }

    /// A project, and a member of it.
    private static func project(
        _ name: String, of user: String, _ identity: IdentityService, _ context: RequestContext
    ) throws -> String {
        let project = try identity.createProject(NewProject(name: name), as: context)
        let user = try identity.createUser(NewUser(name: user, password: "secret of \(user)"), as: context)
        let role = try #require(try identity.role(named: "member")?.id)
        try identity.assign(role: role, to: user.id, on: .project(project.id), as: context)
        return project.id
    }

    func ask(
        _ method: HTTP.Method, _ path: String, _ json: String? = nil, as token: String? = nil,
        fields: [String: String] = [:]
    ) -> APIAnswer {
        cloud.ask(method, "/networking/v2.0" + path, token: token ?? member, json: json, fields: fields)
    }

    /// Makes something and gives its identifier.
    func make(_ path: String, _ name: String, _ attributes: String, as token: String? = nil) throws -> String {
        let answer = ask(.post, path, #"{"\#(name)": {\#(attributes)}}"#, as: token)
        return try #require(answer.text("\(name).id"), "\(answer.text)")
    }

    /// A network with a subnet 10.20.0.0/24.
    func network(_ name: String = "net1", as token: String? = nil) throws -> (network: String, subnet: String) {
        let network = try make("/networks", "network", #""name": "\#(name)""#, as: token)
        let subnet = try make(
            "/subnets", "subnet",
            #""name": "sub1", "network_id": "\#(network)", "cidr": "10.20.0.0/24", "ip_version": 4"#, as: token)
        return (network, subnet)
    }

    /// Status and neutron's name of a refusal.
    func refusal(
        _ method: HTTP.Method, _ path: String, _ json: String? = nil, as token: String? = nil
    ) -> String {
        let answer = ask(method, path, json, as: token)
        return "\(answer.status) \(answer.text("NeutronError.type") ?? "")"
    }
}
