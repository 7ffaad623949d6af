import Foundation
import HTTP
import Testing

@testable import API

@Suite struct `The bytes of images in JSON's neighbourhood` {
    private let desk: ImageDesk
    private let bytes = (0..<2048).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    init() throws { desk = try ImageDesk() }

    private func download(_ id: String, _ fields: [String: String] = [:]) async throws -> (Response, [UInt8]) {
        var all = fields
        all["X-Auth-Token"] = desk.ada
        let response = desk.cloud.router.respond(
            to: .testing(.get, "/image/v2/images/\(id)/file", fieldLines: all.map { ($0, $1) }))
        return (response, try await response.collectedContent())
    }

    @Test func `bytes come back as they were sent, with their sums`() async throws {
        let id = try desk.create()
        #expect(try await download(id).0.status == .noContent)
        #expect(desk.put("/v2/images/\(id)/file", bytes).status == 204)
        let image = desk.ask(.get, "/v2/images/\(id)")
        #expect(image.text("status") == "active" && image["size"] as? Int == 2048)
        #expect(image.text("os_hash_algo") == "sha512" && image.text("stores") == "local")
        let (response, content) = try await download(id)
        #expect(response.status == .ok && content == bytes)
        #expect(response.fields["Content-MD5"] == image.text("checksum"))
        #expect(response.fields["Content-Type"] == "application/octet-stream")
        let tag = try #require(response.fields["ETag"])
        #expect(try await download(id, ["If-None-Match": tag]).0.status == .notModified)
        let (part, some) = try await download(id, ["Range": "bytes=10-19"])
        #expect(part.status == .partialContent && some == Array(bytes[10..<20]))
        #expect(part.fields["Content-Range"] == "bytes 10-19/2048")
        #expect(try await download(id, ["Range": "bytes=9999-"]).0.status == .rangeNotSatisfiable)
    }

    @Test func `an image may be empty`() async throws {
        let id = try desk.create()
        #expect(desk.put("/v2/images/\(id)/file", []).status == 204)
        #expect(desk.ask(.get, "/v2/images/\(id)")["size"] as? Int == 0)
    }

    @Test func `bytes are refused before they are read`() throws {
        let id = try desk.create()
        let path = "/v2/images/\(id)/file"
        #expect(desk.put(path, bytes, fields: ["Content-Type": "application/json"]).status == 415)
        #expect(desk.put(path, bytes, fields: [:]).status == 415)
        #expect(desk.put(path, bytes, as: desk.bob).status == 404)
        #expect(desk.put(path, bytes, as: "nobody's").status == 401)
        #expect(desk.put("/v2/images/\(UUID())/file", bytes).status == 404)
        var announced = ImageDesk.octets
        announced["X-OpenStack-Image-Size"] = "99999999999999"
        let refused = desk.put(path, bytes, fields: announced)
        #expect(refused.status == 413 && refused.text("code") == "413 \(Status.contentTooLarge.reason)")
        announced["X-OpenStack-Image-Size"] = "many"
        #expect(desk.put(path, bytes, fields: announced).status == 400)
        #expect(desk.put(path, bytes).status == 204)
        #expect(desk.put(path, bytes).status == 409)
    }

    @Test func `bytes that are not what was declared are refused with 415, and others may come`() throws {
        let id = try desk.create(#"{"disk_format": "qcow2", "container_format": "bare"}"#)
        #expect(desk.put("/v2/images/\(id)/file", bytes).status == 415)
        #expect(desk.ask(.get, "/v2/images/\(id)").text("status") == "queued")
    }

    @Test func `a deactivated image keeps its bytes back`() async throws {
        let id = try desk.stored()
        #expect(desk.ask(.post, "/v2/images/\(id)/actions/deactivate").status == 204)
        #expect(desk.ask(.get, "/v2/images/\(id)").text("status") == "deactivated")
        #expect(try await download(id).0.status == .forbidden)
        #expect(desk.ask(.post, "/v2/images/\(id)/actions/reactivate").status == 204)
        #expect(try await download(id).0.status == .ok)
        let empty = try desk.create()
        #expect(desk.ask(.post, "/v2/images/\(empty)/actions/deactivate").status == 400)
    }

    @Test func `staged bytes are imported`() throws {
        let id = try desk.create()
        let path = "/v2/images/\(id)"
        let request = #"{"method": {"name": "glance-direct"}, "all_stores": true}"#
        #expect(desk.ask(.post, path + "/import", request).status == 409)
        #expect(desk.put(path + "/stage", bytes).status == 204)
        #expect(desk.ask(.get, path).text("status") == "uploading")
        let begun = desk.ask(.post, path + "/import", request)
        #expect(begun.status == 202)
        #expect(desk.ask(.get, path).text("status") == "importing")
        try desk.work()
        let image = desk.ask(.get, path)
        #expect(image.text("status") == "active" && image.text("os_glance_failed_import") == "")
        let tasks = desk.ask(.get, path + "/tasks")
        #expect(tasks.list("tasks").count == 1 && tasks.text("tasks.0.status") == "success")
        #expect(tasks.text("tasks.0.request_id") == begun.response.fields["X-Openstack-Request-Id"])
        #expect(tasks.text("tasks.0.input.import_req.method.name") == "glance-direct")
        #expect(tasks.text("tasks.0.result.image_id") == id)
        #expect(desk.ask(.get, "/v2/tasks").status == 403)
        let all = desk.ask(.get, "/v2/tasks?status=success", as: desk.admin)
        #expect(all.list("tasks").count == 1 && all["tasks.0.input"] == nil)
        let task = try #require(all.text("tasks.0.id"))
        #expect(desk.ask(.get, "/v2/tasks/\(task)", as: desk.admin).text("image_id") == id)
        #expect(desk.ask(.get, "/v2/tasks/nothing", as: desk.admin).status == 404)
    }

    @Test(arguments: [
        (#"{"method": {"name": "telepathy"}}"#, 400), (#"{"method": {}}"#, 400), (#"{}"#, 400),
        (#"{"method": {"name": "web-download"}}"#, 400),
        (#"{"method": {"name": "web-download", "uri": "http://127.0.0.1/x"}}"#, 400),
        (#"{"method": {"name": "web-download", "uri": "http://example.org/x"}, "stores": ["tape"]}"#, 409),
        (#"{"method": {"name": "web-download", "uri": "http://example.org/x"}, "all_stores": "yes"}"#, 400),
        (#"{"method": {"name": "web-download", "uri": "http://example.org/x"}, "all_stores_must_succeed": true}"#, 202),
    ])
    func `an import must be one that is there`(json: String, status: Int) throws {
        let id = try desk.create()
        let answer = desk.ask(.post, "/v2/images/\(id)/import", json)
        #expect(answer.status == status, "\(answer.text)")
    }

    @Test func `an image has its bytes from another one`() throws {
        let source = try desk.stored(bytes)
        #expect(
            desk.patch(
                source, #"[{"op": "add", "path": "/hw_x", "value": "1"}, {"op": "add", "path": "/y", "value": "2"}]"#
            ).status == 200)
        func begin(_ id: String, from other: String, region: String = "RegionOne") throws -> (Int, APIAnswer) {
            let json =
                #"{"method": {"name": "glance-download", "glance_image_id": "\#(other)", "glance_region": "\#(region)"}}"#
            let status = desk.ask(.post, "/v2/images/\(id)/import", json).status
            try desk.work()
            return (status, desk.ask(.get, "/v2/images/\(id)"))
        }
        let id = try desk.create(#"{"disk_format": "iso", "container_format": "ovf"}"#)
        #expect(try begin(id, from: "foo").0 == 400)
        #expect(try begin(id, from: "\(UUID())").1.text("status") == "queued")
        #expect(try begin(id, from: source, region: "Mars").1.text("os_glance_failed_import") == "local")
        let secret = try desk.create(
            #"{"visibility": "private", "disk_format": "raw", "container_format": "bare"}"#, as: desk.bob)
        #expect(desk.put("/v2/images/\(secret)/file", bytes, as: desk.bob).status == 204)
        #expect(try begin(id, from: secret).1.text("status") == "queued")
        let (status, image) = try begin(id, from: source)
        #expect(status == 202 && image.text("status") == "active" && image.text("disk_format") == "raw")
        #expect(image.text("hw_x") == "1" && image["y"] == nil && image["size"] as? Int == bytes.count)
        #expect(desk.ask(.delete, "/v2/images/\(source)").status == 204)
        #expect(desk.ask(.get, "/v2/images/\(id)/file").status == 200)
    }

    @Test func `administrators create tasks`() throws {
        func body(_ source: String) -> String {
            #"""
            {"type": "import", "input": {"import_from": "\#(source)", "import_from_format": "raw",
             "image_properties": {"disk_format": "raw", "container_format": "bare", "name": "made"}}}
            """#
        }
        #expect(desk.ask(.post, "/v2/tasks", body("http://example.org/x")).status == 403)
        #expect(desk.ask(.post, "/v2/tasks", body("http://10.0.0.1/x"), as: desk.admin).status == 400)
        let answer = desk.ask(.post, "/v2/tasks", body("http://example.org/x"), as: desk.admin)
        #expect(answer.status == 201 && answer.text("status") == "pending" && answer.text("type") == "import")
        #expect(answer.text("input.image_properties.name") == "made")
        #expect(desk.ask(.post, "/v2/tasks", #"{"type": "import"}"#, as: desk.admin).status == 400)
    }

    @Test func `what there is to import with and into is told`() {
        #expect(
            desk.ask(.get, "/v2/info/import").list("import-methods.value") as? [String] == [
                "glance-direct", "web-download", "glance-download",
            ])
        #expect(desk.ask(.get, "/v2/info/stores").text("stores.0.id") == "local")
    }
}
