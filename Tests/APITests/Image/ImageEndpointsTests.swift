import Foundation
import HTTP
import Testing

@testable import API

@Suite struct `Images in JSON` {
    private let desk: ImageDesk

    init() throws { desk = try ImageDesk() }

    @Test func `an image begins with what was said about it and Glance's defaults`() throws {
        let answer = desk.ask(
            .post, "/v2/images",
            #"""
            {"name": "web", "disk_format": "raw", "container_format": "bare", "tags": ["b", "a"], "min_ram": 64,
             "owner_specified.openstack.md5": "", "hw_x": "y"}
            """#)
        #expect(answer.status == 201)
        let id = try #require(answer.text("id"))
        #expect(answer.response.fields["Location"] == "http://127.0.0.1:8000/image/v2/images/\(id)")
        #expect(
            answer.response.fields["OpenStack-image-import-methods"] == "glance-direct,web-download,glance-download")
        #expect(
            answer.members("") == [
                "checksum", "container_format", "created_at", "disk_format", "file", "hw_x", "id", "min_disk",
                "min_ram", "name", "os_hash_algo", "os_hash_value", "os_hidden", "owner",
                "owner_specified.openstack.md5", "protected", "schema", "self", "size", "status", "tags",
                "updated_at", "virtual_size", "visibility",
            ])
        #expect(answer.text("status") == "queued" && answer.text("visibility") == "shared")
        #expect(answer.list("tags") as? [String] == ["a", "b"])
        #expect(answer["owner_specified.openstack.md5"] == nil)
        #expect(answer.text.contains(#""owner_specified.openstack.md5":"""#))
        #expect(answer.text("file") == "/v2/images/\(id)/file")
        #expect(answer["size"] is NSNull && answer["os_hash_algo"] is NSNull)
        #expect(desk.ask(.get, "/v2/images/\(id)").text == answer.text)
        let empty = desk.ask(.post, "/v2/images", "{}")
        #expect(empty.status == 201 && empty["name"] is NSNull && empty["disk_format"] is NSNull)
    }

    @Test(arguments: [
        (#"{"disk_format": "wrong"}"#, 400), (#"{"container_format": "wrong"}"#, 400), (#"{"x": 1}"#, 400),
        (#"{"visibility": "secret"}"#, 400), (#"{"min_disk": -1}"#, 400), (#"{"min_disk": "1"}"#, 400),
        (#"{"protected": "yes"}"#, 400), (#"{"id": "seven"}"#, 400), (#"[]"#, 400), (#"{"#, 400),
        (#"{"os_glance_foo": "bar"}"#, 403), (#"{"status": "active"}"#, 403), (#"{"size": 5}"#, 403),
        (#"{"self": "x"}"#, 403), (#"{"visibility": "public"}"#, 403), (#"{"owner": "somebody"}"#, 403),
        (#"{"locations": []}"#, 403),
    ])
    func `what an image cannot begin with is refused`(json: String, status: Int) {
        #expect(desk.ask(.post, "/v2/images", json).status == status)
    }

    @Test func `too much of a good thing is refused with 413`() throws {
        let properties = (0..<129).map { "\"k\($0)\": \"\"" }.joined(separator: ", ")
        #expect(desk.ask(.post, "/v2/images", "{\(properties)}").status == 413)
        let tags = (0..<129).map { "\"t\($0)\"" }.joined(separator: ", ")
        #expect(desk.ask(.post, "/v2/images", "{\"tags\": [\(tags)]}").status == 413)
    }

    @Test func `a patch changes an image step by step`() throws {
        let id = try desk.create(#"{"name": "old", "os_distro": "x"}"#)
        let answer = desk.patch(
            id,
            #"""
            [{"op": "replace", "path": "/name", "value": "new"}, {"op": "add", "path": "/a~1b~0c", "value": "1"},
             {"op": "add", "path": "/tags", "value": ["t"]}, {"op": "replace", "path": "/os_distro", "value": "y"},
             {"op": "add", "path": "/gone", "value": ""}, {"op": "remove", "path": "/gone"},
             {"op": "add", "path": "/protected", "value": true}, {"op": "replace", "path": "/os_hidden", "value": true}]
            """#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.text("name") == "new" && answer.text("a/b~c") == "1" && answer.text("os_distro") == "y")
        #expect(answer["protected"] as? Bool == true && answer["gone"] == nil)
        let older = desk.patch(
            id, #"[{"add": "/speed", "value": "88mph"}, {"replace": "/name", "value": "newer"}]"#,
            fields: ImageDesk.older)
        #expect(older.status == 200 && older.text("speed") == "88mph" && older.text("name") == "newer")
    }

    @Test(arguments: [
        (#"[{"op": "replace", "path": "/none", "value": "x"}]"#, 409), (#"[{"op": "remove", "path": "/none"}]"#, 409),
        (#"[{"op": "remove", "path": "/name"}]"#, 403), (#"[{"op": "replace", "path": "/status", "value": "x"}]"#, 403),
        (#"[{"op": "replace", "path": "/id", "value": "x"}]"#, 403),
        (#"[{"op": "add", "path": "/os_glance_foo", "value": "x"}]"#, 403),
        (#"[{"op": "add", "path": "/locations/-", "value": {}}]"#, 403),
        (#"[{"op": "replace", "path": "/owner", "value": "x"}]"#, 403),
        (#"[{"op": "replace", "path": "/visibility", "value": "public"}]"#, 403),
        (#"[{"op": "add", "path": "/x", "value": 5}]"#, 400), (#"[{"op": "add", "path": "x", "value": "5"}]"#, 400),
        (#"[{"op": "add", "path": "/x/y", "value": "5"}]"#, 400),
        (#"[{"op": "add", "path": "/x~2", "value": "5"}]"#, 400),
        (#"[{"op": "move", "path": "/x", "value": "5"}]"#, 400), (#"[{"op": "add", "path": "/x"}]"#, 400),
        (#"{"op": "add"}"#, 400), (#"[7]"#, 400),
    ])
    func `a patch that cannot be made is refused`(json: String, status: Int) throws {
        let id = try desk.create(#"{"name": "stays"}"#)
        let answer = desk.patch(id, json)
        #expect(answer.status == status, "\(answer.text)")
        #expect(desk.ask(.get, "/v2/images/\(id)").text("name") == "stays")
    }

    @Test func `a patch must say which kind it is`() throws {
        let id = try desk.create()
        let answer = desk.patch(id, "[]", fields: ["Content-Type": "application/json"])
        #expect(answer.status == 415 && answer.response.fields["Accept-Patch"]?.contains("v2.1") == true)
        #expect(desk.patch(id, "[]").status == 200)
        #expect(
            desk.patch(id, #"[{"add": "/x", "replace": "/y", "value": ""}]"#, fields: ImageDesk.older).status == 400)
        #expect(desk.patch(id, #"[{"add": "/name", "value": "x"}]"#, fields: ImageDesk.older).status == 409)
    }

    @Test func `names, and anything else that is no image, are not found`() throws {
        for path in ["/v2/images/cirros", "/v2/images/a%20b", "/v2/images/%E4%B8%AD", "/v2/images/"] {
            #expect(desk.ask(.get, path).status == 404, "\(path)")
            #expect(desk.ask(.delete, path).status == 404, "\(path)")
        }
        let id = try desk.create()
        #expect(desk.ask(.delete, "/v2/images/\(id)").status == 204)
        #expect(desk.ask(.get, "/v2/images/\(id)").status == 404)
        #expect(desk.ask(.delete, "/v2/images/\(id)").status == 404)
    }

    @Test func `a protected image is not deleted`() throws {
        let id = try desk.create(#"{"protected": true}"#)
        #expect(desk.ask(.delete, "/v2/images/\(id)").status == 403)
        #expect(desk.patch(id, #"[{"op": "replace", "path": "/protected", "value": false}]"#).status == 200)
        #expect(desk.ask(.delete, "/v2/images/\(id)").status == 204)
    }

    @Test func `tags are put and taken away`() throws {
        let id = try desk.create()
        #expect(desk.ask(.put, "/v2/images/\(id)/tags/a%20b").status == 204)
        #expect(desk.ask(.get, "/v2/images/\(id)").list("tags") as? [String] == ["a b"])
        #expect(desk.ask(.delete, "/v2/images/\(id)/tags/a%20b").status == 204)
        #expect(desk.ask(.delete, "/v2/images/\(id)/tags/a%20b").status == 404)
        #expect(desk.ask(.put, "/v2/images/\(UUID())/tags/x").status == 404)
        #expect(desk.ask(.put, "/v2/images/\(id)/tags/\(String(repeating: "x", count: 256))").status == 400)
    }

    @Test func `who sees an image, and who may do what to it`() throws {
        let id = try desk.create(#"{"visibility": "community", "disk_format": "raw", "container_format": "bare"}"#)
        let secret = try desk.create(#"{"visibility": "private"}"#)
        let reader = desk.eve
        let path = "/v2/images/"
        for (token, read, change) in [
            (desk.ada, 200, 200), (desk.bob, 200, 403), (reader, 200, 403), (desk.admin, 200, 200),
        ] {
            #expect(desk.ask(.get, path + id, as: token).status == read)
            #expect(desk.patch(id, #"[{"op": "add", "path": "/x", "value": "1"}]"#, as: token).status == change)
            #expect(
                desk.put(path + id + "/file", [1], as: token, fields: ImageDesk.octets).status
                    == (token == desk.ada ? 204 : change == 200 ? 409 : 403))
        }
        #expect(desk.ask(.get, path + secret, as: desk.bob).status == 404)
        #expect(desk.patch(secret, "[]", as: desk.bob).status == 404)
        #expect(desk.ask(.delete, path + secret, as: desk.bob).status == 404)
        #expect(desk.ask(.delete, path + secret, as: reader).status == 403)
        #expect(desk.ask(.post, "/v2/images", "{}", as: reader).status == 403)
        #expect(desk.cloud.ask(.get, "/image/v2/images").status == 401)
        #expect(desk.ask(.post, "/v2/images", #"{"visibility": "public"}"#, as: desk.admin).status == 201)
        #expect(desk.ask(.post, "/v2/images", #"{"owner": "somebody"}"#, as: desk.admin).text("owner") == "somebody")
    }

    @Test func `lists are narrowed, sorted and come in pages`() throws {
        for number in 1...3 {
            _ = try desk.create(#"{"name": "i\#(number)", "tags": ["t\#(number % 2)"], "k": "v\#(number)"}"#)
            desk.wait(seconds: 60)
        }
        #expect(desk.names("") == ["i3", "i2", "i1"])
        #expect(desk.names("?sort=name:asc") == ["i1", "i2", "i3"])
        #expect(desk.names("?sort_key=name&sort_dir=asc") == ["i1", "i2", "i3"])
        #expect(desk.names("?name=i2") == ["i2"])
        #expect(desk.names("?name=in:i2,%22i1%22") == ["i2", "i1"])
        #expect(desk.names("?tag=t1&tag=t1") == ["i3", "i1"])
        #expect(desk.names("?k=v2") == ["i2"])
        #expect(desk.names("?created_at=gte:2026-01-01T00:01:00Z") == ["i3", "i2"])
        #expect(desk.names("?status=in:queued,active&limit=1&os_hidden=false") == ["i3"])
        #expect(desk.names("?limit=0") == [] && desk.names("?size_min=1") == [])
        let first = desk.ask(.get, "/v2/images?limit=2&sort=name:asc")
        #expect(first.text("first") == "/v2/images?limit=2&sort=name%3Aasc")
        let next = try #require(first.text("next"))
        let second = desk.ask(.get, next)
        #expect(second.list("images").count == 1 && second["next"] == nil)
        #expect(second.text("schema") == "/v2/schemas/images")
    }

    @Test(arguments: [
        "?limit=-1", "?limit=x", "?marker=nowhere", "?sort=colour", "?sort=name:up", "?sort=name&sort_key=name",
        "?sort_key=name&sort_dir=asc&sort_dir=desc", "?visibility=secret", "?member_status=perhaps", "?os_hidden=1",
        "?protected=True", "?name=like:x", "?created_at=yesterday", "?created_at=in:2026-01-01T00:00:00Z",
        "?size_min=big", "?changes-since=2026-01-01", "?name=in:%22x",
    ])
    func `a list that cannot be made is refused`(query: String) {
        #expect(desk.ask(.get, "/v2/images" + query).status == 400)
    }
}
