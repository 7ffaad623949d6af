import API
import Compute
import ComputeHost
import Foundation
import HTTP
import Identity
import Images
import Networking
import ServiceCore
import Testing

/// A cloud with an image, a network, and a project with a member and a reader beside the administrator.
final class ComputeScene: Sendable {
    let cloud: APICloud
    let admin: String
    let member: String
    let reader: String
    let stranger: String
    let projectID: String
    let imageID: String
    let networkID: String

    init() throws {
        cloud = try APICloud()
        let system = RequestContext.system("test")
        let lab = try cloud.identity.createProject(NewProject(name: "lab"), as: system)
        let other = try cloud.identity.createProject(NewProject(name: "other"), as: system)
        projectID = lab.id
        for (name, role, project) in [
            ("ada", "member", lab.id), ("eve", "reader", lab.id), ("bob", "member", other.id),
        ] {
            let user = try cloud.identity.createUser(NewUser(name: name, password: "secret-\(name)"), as: system)
            let role = try #require(try cloud.identity.role(named: role))
            try cloud.identity.assign(role: role.id, to: user.id, on: .project(project), as: system)
        }
        admin = try cloud.token()
        member = try cloud.token("ada", password: "secret-ada", project: "lab")
        reader = try cloud.token("eve", password: "secret-eve", project: "lab")
        stranger = try cloud.token("bob", password: "secret-bob", project: "other")
        try cloud.networking.seed(ownerProjectID: cloud.adminProjectID)
        networkID = try #require(
            try cloud.networking.networks(
                as: RequestContext(userID: "u", userName: "u", projectID: cloud.adminProjectID, roles: ["admin"])
            ).first
        ).id.text
        let path = cloud.folder + "/upload"
        try Data(count: 1 << 20).write(to: URL(fileURLWithPath: path))
        let image = try cloud.images.registerGuest(file: path, format: .raw, ownerProjectID: cloud.adminProjectID)
        imageID = try #require(image).id.text
        try cloud.jobs.drain()
    }

    /// The id of one more image that everybody may launch from.
    func image(_ name: String) throws -> String {
        let admin = RequestContext(
            userID: "u", userName: "u", projectID: cloud.adminProjectID, roles: ["admin"])
        var new = NewImage(name: name, diskFormat: "raw")
        new.visibility = .public
        let upload = try cloud.images.beginUpload(cloud.images.create(new, as: admin).id, as: admin)
        try upload.write([UInt8](repeating: 0, count: 1 << 20))
        return try upload.finish().id.text
    }

    /// Asks the compute service.
    func ask(
        _ method: HTTP.Method, _ path: String, as token: String? = nil, version: String? = nil, json: String? = nil
    ) -> APIAnswer {
        cloud.ask(
            method, "/compute/v2.1" + path, token: token ?? member, version: version.map { "compute \($0)" }, json: json
        )
    }

    /// Launches a server, does the work, and gives its id.
    func launch(_ name: String = "web", more: String = "") throws -> String {
        let answer = ask(
            .post, "/servers",
            json: #"{"server": {"name": "\#(name)", "imageRef": "\#(imageID)", "flavorRef": "1"\#(more)}}"#)
        try cloud.jobs.drain()
        return try #require(answer.text("server.id"), "\(answer.text)")
    }

    /// Asks for an action and does the work.
    @discardableResult
    func act(_ id: String, _ json: String, as token: String? = nil, version: String? = nil) throws -> APIAnswer {
        let answer = ask(.post, "/servers/\(id)/action", as: token, version: version, json: json)
        try cloud.jobs.drain()
        return answer
    }
}
