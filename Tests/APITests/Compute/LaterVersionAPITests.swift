import HTTP
import ServiceCore
import Testing

@Suite struct `What later microversions of nova bring` {
    private let scene: ComputeScene

    init() throws { scene = try ComputeScene() }

    @Test func `shares are listed, and there are none`() throws {
        let id = try scene.launch()
        let path = "/servers/\(id)/shares"
        #expect(scene.ask(.get, path, version: "2.96").status == 404)
        #expect(scene.ask(.get, path, version: "2.97").list("shares").isEmpty)
        #expect(scene.ask(.get, path, as: scene.stranger, version: "2.97").status == 404)
        #expect(scene.ask(.get, path + "/" + id, version: "2.97").status == 404)
        #expect(scene.ask(.delete, path + "/" + id, version: "2.97").status == 404)
        #expect(scene.ask(.post, path, version: "2.97", json: #"{"share": {"share_id": "\#(id)"}}"#).status == 404)
        #expect(scene.ask(.post, path, version: "2.97", json: #"{"share": {"share_id": "x"}}"#).status == 400)
    }

    @Test func `a server shows what its image says of how guests run`() throws {
        let properties = #"[{"op": "add", "path": "/hw_disk_bus", "value": "virtio"}, {"op": "add", "path": "/own", "value": "x"}]"#
        let patched = scene.cloud.ask(
            .patch, "/image/v2/images/\(scene.imageID)", token: scene.admin, json: properties,
            fields: ["Content-Type": "application/openstack-images-v2.1-json-patch"])
        #expect(patched.status == 200, "\(patched.text)")
        let id = try scene.launch()
        #expect(scene.ask(.get, "/servers/\(id)", version: "2.97").members("server.image") == ["id", "links"])
        let shown = scene.ask(.get, "/servers/\(id)", version: "2.98")
        #expect(shown.members("server.image.properties") == ["architecture", "hw_disk_bus", "os_distro"])
        let listed = scene.ask(.get, "/servers/detail", version: "2.98")
        #expect(listed.text("servers.0.image.properties.hw_disk_bus") == "virtio")
        let other = try scene.image("other")
        try scene.act(id, #"{"rebuild": {"imageRef": "\#(other)"}}"#)
        let rebuilt = scene.ask(.get, "/servers/\(id)", version: "2.98")
        #expect(rebuilt.text("server.image.id") == other)
        #expect(rebuilt.members("server.image.properties").isEmpty)
    }

    @Test func `scheduler hints are shown as they were given`() throws {
        let other = try scene.launch("other")
        let hints = #"{"same_host": "\#(other)", "query": {"a": 1}, "own": ["x", "y"]}"#
        let json =
            #"{"server": {"name": "web", "imageRef": "\#(scene.imageID)", "flavorRef": "1"}, "os:scheduler_hints": \#(hints)}"#
        let id = try #require(scene.ask(.post, "/servers", json: json).text("server.id"))
        #expect(!scene.ask(.get, "/servers/\(id)", version: "2.99").members("server").contains("scheduler_hints"))
        let shown = scene.ask(.get, "/servers/\(id)", version: "2.100")
        #expect(shown.list("server.scheduler_hints.same_host") as? [String] == [other])
        #expect(shown.list("server.scheduler_hints.own") as? [String] == ["x", "y"])
        #expect(shown.list("server.scheduler_hints.query") as? [String] == [#"{"a":1}"#])
        #expect(scene.ask(.get, "/servers/\(other)", version: "2.100").members("server.scheduler_hints").isEmpty)
        let long = String(repeating: "x", count: 2049)
        let tooLong = json.replacing(#""x", "y""#, with: "\"\(long)\"")
        #expect(scene.ask(.post, "/servers", json: tooLong).status == 400)
    }

    @Test func `every reading refuses what it does not know in a query`() throws {
        let id = try scene.launch()
        for path in ["/servers/\(id)", "/flavors/1", "/os-availability-zone", "/servers/\(id)/os-interface"] {
            #expect(scene.ask(.get, path + "?unknown=1", version: "2.101").status == 200)
            #expect(scene.ask(.get, path + "?unknown=1", version: "2.102").status == 400)
            #expect(scene.ask(.get, path, version: "2.102").status == 200)
        }
        #expect(scene.ask(.get, "/servers?name=web&limit=1", version: "2.102").list("servers").count == 1)
    }

    @Test func `flavors are looked for by name, and have lost what nobody used`() {
        #expect(scene.ask(.get, "/flavors?name=tiny", version: "2.101").status == 400)
        let found = scene.ask(.get, "/flavors/detail?name=tiny", version: "2.102")
        #expect(found.list("flavors").count == 1 && found.text("flavors.0.name") == "m1.tiny")
        let members = found.members("flavors.0")
        #expect(!members.contains("rxtx_factor") && !members.contains("OS-FLV-DISABLED:disabled"))
        let json = #"{"flavor": {"name": "f", "ram": 64, "vcpus": 1, "disk": 1, "rxtx_factor": 1.0}}"#
        #expect(scene.ask(.post, "/flavors", as: scene.admin, version: "2.102", json: json).status == 400)
        #expect(scene.ask(.get, "/flavors?sort_key=rxtx_factor", version: "2.102").status == 400)
        #expect(scene.ask(.post, "/flavors", as: scene.admin, version: "2.101", json: json).status == 200)
    }

    @Test func `a server is bound to the zone it is in, and freed`() throws {
        let id = try scene.launch()
        func pin(_ zone: String, version: String = "2.104") -> APIAnswer {
            scene.ask(
                .put, "/servers/\(id)", version: version, json: #"{"server": {"pinned_availability_zone": \#(zone)}}"#)
        }
        let zone = try #require(
            scene.ask(.get, "/servers/\(id)").text("server.OS-EXT-AZ:availability_zone"))
        #expect(pin("null", version: "2.103").status == 400)
        #expect(pin("null").text("server.pinned_availability_zone") == nil)
        #expect(pin(#""elsewhere""#).status == 409)
        #expect(pin("\"\(zone)\"").text("server.pinned_availability_zone") == zone)
        #expect(pin("\"\(zone)\"").status == 200)
        #expect(pin(#""elsewhere""#).status == 409)
        #expect(pin("null").status == 200)
        #expect(scene.ask(.get, "/servers/\(id)", version: "2.104").text("server.pinned_availability_zone") == nil)
    }

    @Test func `what was done to a deleted server is told since 2 21`() throws {
        let id = try scene.launch()
        #expect(scene.ask(.delete, "/servers/\(id)").status == 204)
        try scene.cloud.jobs.drain()
        let path = "/servers/\(id)/os-instance-actions"
        #expect(scene.ask(.get, path, version: "2.20").status == 404)
        #expect(scene.ask(.get, path, as: scene.stranger, version: "2.21").status == 404)
        let list = scene.ask(.get, path, version: "2.21")
        #expect(list.list("instanceActions").count == 2 && list.text("instanceActions.0.action") == "delete")
        let request = try #require(list.text("instanceActions.0.request_id"))
        #expect(scene.ask(.get, path + "/" + request, version: "2.21").status == 200)
        #expect(scene.ask(.get, path + "/" + request, version: "2.20").status == 404)
    }

    @Test func `a blank id is nothing's`() {
        #expect(scene.ask(.delete, "/images/").status == 404)
        #expect(scene.ask(.get, "/os-simple-tenant-usage/?start=2026-01-01", as: scene.admin).status == 404)
        #expect(scene.ask(.get, "/servers/").status == 404)
    }
}
