import Foundation
import HTTP
import Identity
import Images
import ServiceCore
import Testing

@testable import API

/// Asks the image service on behalf of the administrator and of two projects that are strangers to each other.
struct ImageDesk {
    let cloud: APICloud
    let admin: String
    let ada: String
    let bob: String
    /// May look at what is ada's.
    let eve: String
    let bobsProjectID: String

    static let newer = ["Content-Type": "application/openstack-images-v2.1-json-patch"]
    static let older = ["Content-Type": "application/openstack-images-v2.0-json-patch"]
    static let octets = ["Content-Type": "application/octet-stream"]

    init() throws {
        let cloud = try APICloud()
        self.cloud = cloud
        admin = try cloud.token()
        let system = RequestContext.system("test")
        let projects = try ["one", "two"].map { try cloud.identity.createProject(NewProject(name: $0), as: system) }
        for (name, role, project) in [("ada", "member", 0), ("bob", "member", 1), ("eve", "reader", 0)] {
            let user = try cloud.identity.createUser(NewUser(name: name, password: "password"), as: system)
            let role = try #require(try cloud.identity.role(named: role))
            try cloud.identity.assign(role: role.id, to: user.id, on: .project(projects[project].id), as: system)
        }
        ada = try cloud.token("ada", password: "password", project: "one")
        bob = try cloud.token("bob", password: "password", project: "two")
        eve = try cloud.token("eve", password: "password", project: "one")
        bobsProjectID = projects[1].id
    }

    /// Lets time pass.
    func wait(seconds: Int64) { cloud.clock.advance(seconds: seconds) }

    /// Does what waits to be done.
    func work() throws { try cloud.jobs.drain() }

    func ask(
        _ method: HTTP.Method, _ path: String, _ json: String? = nil, as token: String? = nil,
        fields: [String: String] = [:]
    ) -> APIAnswer {
        cloud.ask(
            method, "/image" + path, token: token ?? ada, json: json,
            fields: fields.merging(["Accept": "application/json"]) { own, _ in own })
    }

    /// Sends bytes.
    func put(_ path: String, _ bytes: [UInt8], as token: String? = nil, fields: [String: String] = octets) -> APIAnswer
    {
        var all = fields
        all["X-Auth-Token"] = token ?? ada
        all["Accept"] = "application/json"
        return APIAnswer(
            cloud.router.respond(
                to: .testing(.put, "/image" + path, fieldLines: all.map { ($0, $1) }, content: bytes)))
    }

    /// The id of a new image.
    func create(_ json: String = #"{"disk_format": "raw", "container_format": "bare"}"#, as token: String? = nil) throws
        -> String
    {
        let answer = ask(.post, "/v2/images", json, as: token)
        #expect(answer.status == 201, "\(answer.text)")
        return try #require(answer.text("id"))
    }

    /// The id of a new image with bytes.
    func stored(_ bytes: [UInt8] = [UInt8](repeating: 7, count: 512)) throws -> String {
        let id = try create()
        #expect(put("/v2/images/\(id)/file", bytes).status == 204)
        return id
    }

    func patch(
        _ id: String, _ json: String, as token: String? = nil, fields: [String: String] = newer
    ) -> APIAnswer {
        ask(.patch, "/v2/images/\(id)", json, as: token, fields: fields)
    }

    func names(_ query: String, as token: String? = nil) -> [String] {
        ask(.get, "/v2/images" + query, as: token).list("images").map {
            ($0 as? [String: Any])?["name"] as? String ?? ""
        }
    }
}
