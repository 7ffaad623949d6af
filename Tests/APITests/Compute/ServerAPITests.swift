import HTTP
import ServiceCore
import Testing

@Suite struct `Servers over HTTP` {
    private let scene: ComputeScene

    init() throws { scene = try ComputeScene() }

    @Test func `a launch is accepted and leads to a running server`() throws {
        let device =
            #"{"uuid": "\#(scene.imageID)", "boot_index": 0, "source_type": "image", "destination_type": "local", "delete_on_termination": true}"#
        let answer = scene.ask(
            .post, "/servers", version: "2.96",
            json: #"""
                {"server": {"name": "web", "imageRef": "\#(scene.imageID)", "flavorRef": "1", "min_count": 1,
                 "max_count": 1, "networks": [{"uuid": "\#(scene.networkID)"}], "metadata": {"a": "b"},
                 "block_device_mapping_v2": [\#(device)], "tags": ["blue"], "description": "d"}}
                """#)
        #expect(answer.status == 202)
        #expect(answer.members("server") == ["OS-DCF:diskConfig", "adminPass", "id", "links", "security_groups"])
        let id = try #require(answer.text("server.id"))
        #expect(answer.response.fields["Location"] == "http://127.0.0.1:8000/compute/v2.1/servers/\(id)")
        #expect(scene.ask(.get, "/servers/\(id)").text("server.status") == "BUILD")
        try scene.cloud.jobs.drain()
        let shown = scene.ask(.get, "/servers/\(id)", version: "2.96")
        #expect(shown.text("server.status") == "ACTIVE")
        #expect(shown["server.OS-EXT-STS:power_state"] as? Int == 1)
        #expect(shown.text("server.addresses.provider.0.OS-EXT-IPS:type") == "fixed")
        #expect(shown.text("server.flavor.original_name") == "m1.tiny")
        #expect(shown.list("server.tags") as? [String] == ["blue"])
        #expect(shown.text("server.metadata.a") == "b")
        #expect(shown.text("server.security_groups.0.name") == "default")
    }

    @Test func `owners see what owners may see, at each microversion`() throws {
        let id = try scene.launch()
        let common = [
            "OS-DCF:diskConfig", "OS-EXT-AZ:availability_zone", "OS-EXT-STS:power_state", "OS-EXT-STS:task_state",
            "OS-EXT-STS:vm_state", "OS-SRV-USG:launched_at", "OS-SRV-USG:terminated_at", "accessIPv4", "accessIPv6",
            "addresses", "config_drive", "created", "flavor", "hostId", "id", "image", "key_name", "links", "metadata",
            "name", "os-extended-volumes:volumes_attached", "progress", "security_groups", "status", "tenant_id",
            "updated", "user_id",
        ]
        #expect(scene.ask(.get, "/servers/\(id)").members("server") == common)
        let more = [
            "OS-EXT-SRV-ATTR:hostname", "description", "locked", "locked_reason", "pinned_availability_zone",
            "server_groups", "tags", "trusted_image_certificates",
        ]
        #expect(scene.ask(.get, "/servers/\(id)", version: "2.96").members("server") == (common + more).sorted())
        #expect(
            scene.ask(.get, "/servers/\(id)", as: scene.admin).members("server").filter { $0.hasPrefix("OS-EXT-SRV") }
                == [
                    "OS-EXT-SRV-ATTR:host", "OS-EXT-SRV-ATTR:hypervisor_hostname", "OS-EXT-SRV-ATTR:instance_name",
                ])
        #expect(
            scene.ask(.get, "/servers/\(id)", as: scene.admin, version: "2.96").text("server.host_status") == "UP")
        #expect(scene.ask(.get, "/servers/\(id)", as: scene.stranger).status == 404)
        #expect(scene.ask(.get, "/servers/\(id)", as: scene.reader).status == 200)
    }

    @Test func `lists are narrowed, sorted and cut`() throws {
        for name in ["alpha-1", "alpha-2", "beta-1"] { _ = try scene.launch(name) }
        func names(_ query: String, version: String? = nil) -> [String] {
            let answer = scene.ask(.get, "/servers\(query)", version: version)
            return answer.list("servers").compactMap { ($0 as? [String: Any])?["name"] as? String }
        }
        #expect(Set(names("")) == ["alpha-1", "alpha-2", "beta-1"])
        #expect(names("?name=beta") == ["beta-1"])
        #expect(Set(names("?name=%5Ealpha%5C-%5B0-9%5D%2B%24")) == ["alpha-1", "alpha-2"])
        #expect(names("?sort_key=display_name&sort_dir=asc") == ["alpha-1", "alpha-2", "beta-1"])
        let first = scene.ask(.get, "/servers/detail?sort_key=display_name&sort_dir=desc&limit=2")
        #expect(first.text("servers.0.name") == "beta-1")
        let marker = try #require(first.text("servers.1.id"))
        #expect(names("?sort_key=display_name&sort_dir=desc&limit=2&marker=\(marker)") == ["alpha-1"])
        #expect(names("?limit=0") == [])
        #expect(names("?status=shutoff") == [])
        #expect(names("?status=active").count == 3)
        #expect(names("?status=nonsense") == [])
        #expect(names("?ip=192.168.56").count == 3)
        #expect(names("?changes-since=2100-01-01T00:00:00Z") == [])
        #expect(names("?deleted=False").count == 3)
    }

    @Test(arguments: [
        ("limit=-1", 400), ("limit=x", 400), ("marker=nothing", 400), ("changes-since=yesterday", 400),
        ("all_tenants=1", 403), ("status=deleted", 403), ("sort_key=nonsense", 400), ("unknown=1", 200),
    ])
    func `queries are refused as nova refuses them`(query: String, status: Int) {
        #expect(scene.ask(.get, "/servers?\(query)").status == status)
    }

    @Test func `unknown names in a query are refused since 2 75`() {
        #expect(scene.ask(.get, "/servers?unknown=1", version: "2.74").status == 200)
        #expect(scene.ask(.get, "/servers?unknown=1", version: "2.75").status == 400)
    }

    @Test(arguments: [
        #""name": """#, #""name": " x""#, #""flavorRef": "no such""#, #""imageRef": "x""#, #""key_name": "no such""#,
        #""networks": [{"uuid": "x"}]"#, #""min_count": 0"#, #""min_count": 3, "max_count": 2"#, #""unknown": 1"#,
        #""accessIPv4": "1.1.1.1.1""#, #""accessIPv6": "1.1.1.1""#, #""metadata": {"": "x"}"#,
        #""user_data": "not base64""#, #""OS-DCF:diskConfig": "x""#, #""security_groups": [{"name": "no such"}]"#,
        #""tags": ["x"]"#, #""description": "x""#, #""availability_zone": "no such""#,
        #""networks": [{"port": "00000000-0000-0000-0000-000000000000"}]"#,
    ])
    func `a launch that is not good in every part is refused`(members: String) {
        let good = [
            #""name": "x""#, #""flavorRef": "1""#, #""imageRef": "\#(scene.imageID)""#,
        ].filter { !members.hasPrefix(String($0.prefix(8))) }
        let answer = scene.ask(.post, "/servers", json: "{\"server\": {\((good + [members]).joined(separator: ", "))}}")
        #expect(answer.status == 400, "\(answer.text)")
        #expect(answer.members("") == ["badRequest"])
    }

    @Test func `more than the quota allows is forbidden, and says of what`() {
        let answer = scene.ask(
            .post, "/servers",
            json: #"{"server": {"name": "x", "imageRef": "\#(scene.imageID)", "flavorRef": "1", "min_count": 11}}"#)
        #expect(answer.status == 403)
        #expect(answer.text("forbidden.message")?.hasPrefix("Quota exceeded for instances") == true)
    }

    @Test func `a server is changed and deleted`() throws {
        let id = try scene.launch()
        let changed = scene.ask(
            .put, "/servers/\(id)", json: #"{"server": {"name": "new", "accessIPv4": "10.0.0.1"}}"#)
        #expect(changed.status == 200)
        #expect(changed.text("server.name") == "new")
        #expect(changed.text("server.accessIPv4") == "10.0.0.1")
        #expect(!changed.members("server").contains("key_name"))
        #expect(scene.ask(.put, "/servers/\(id)", as: scene.reader, json: #"{"server": {"name": "x"}}"#).status == 403)
        #expect(scene.ask(.put, "/servers/\(id)", json: #"{"server": {"description": "x"}}"#).status == 400)
        #expect(scene.ask(.delete, "/servers/\(id)", as: scene.stranger).status == 404)
        let deleted = scene.ask(.delete, "/servers/\(id)")
        #expect(deleted.status == 204 && deleted.text.isEmpty)
        try scene.cloud.jobs.drain()
        #expect(scene.ask(.get, "/servers/\(id)").status == 404)
        #expect(scene.ask(.get, "/servers/no%20such%20thing").status == 404)
    }

    @Test func `metadata and tags are kept one by one`() throws {
        let id = try scene.launch()
        let path = "/servers/\(id)/metadata"
        #expect(scene.ask(.post, path, json: #"{"metadata": {"a": "1", "b": "2"}}"#).status == 200)
        #expect(scene.ask(.put, path + "/a", json: #"{"meta": {"a": "3"}}"#).text("meta.a") == "3")
        #expect(scene.ask(.put, path + "/a", json: #"{"meta": {"b": "3"}}"#).status == 400)
        #expect(scene.ask(.delete, path + "/b").status == 204)
        #expect(scene.ask(.delete, path + "/b").status == 404)
        #expect(scene.ask(.get, path).members("metadata") == ["a"])
        #expect(scene.ask(.put, path, json: #"{"metadata": {"c": "4"}}"#).members("metadata") == ["c"])
        #expect(scene.ask(.get, path + "/nothing").status == 404)
        #expect(scene.ask(.post, path, json: #"{"meta": {"a": "1"}}"#).status == 400)
        let tags = "/servers/\(id)/tags"
        #expect(scene.ask(.get, tags, version: "2.25").status == 404)
        #expect(scene.ask(.put, tags + "/x", version: "2.26").status == 201)
        #expect(scene.ask(.put, tags + "/x", version: "2.26").status == 204)
        #expect(scene.ask(.get, tags + "/x", version: "2.26").status == 204)
        #expect(scene.ask(.put, tags, version: "2.26", json: #"{"tags": ["b", "a"]}"#).status == 200)
        #expect(scene.ask(.get, "/servers?tags=a,b", version: "2.26").list("servers").count == 1)
        #expect(scene.ask(.get, "/servers?not-tags-any=a", version: "2.26").list("servers").count == 0)
        #expect(scene.ask(.delete, tags, version: "2.26").status == 204)
        #expect(scene.ask(.get, tags, version: "2.26").list("tags").count == 0)
    }
}
