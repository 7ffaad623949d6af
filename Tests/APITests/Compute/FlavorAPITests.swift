import HTTP
import Testing

@Suite struct `Flavors over HTTP` {
    private let scene: ComputeScene

    init() throws { scene = try ComputeScene() }

    private func make(_ members: String, as token: String? = nil, version: String? = nil) -> APIAnswer {
        scene.ask(
            .post, "/flavors", as: token ?? scene.admin, version: version,
            json: #"{"flavor": {"name": "f", "ram": 64, "vcpus": 1, "disk": 1\#(members)}}"#)
    }

    @Test func `a flavor is shown as each microversion shows it`() {
        let old = scene.ask(.get, "/flavors/1")
        #expect(old.status == 200)
        #expect(
            old.members("flavor") == [
                "OS-FLV-DISABLED:disabled", "OS-FLV-EXT-DATA:ephemeral", "disk", "id", "links", "name",
                "os-flavor-access:is_public", "ram", "rxtx_factor", "swap", "vcpus",
            ])
        #expect(old["flavor.swap"] as? String == "")
        let new = scene.ask(.get, "/flavors/1", version: "2.75")
        #expect(new["flavor.swap"] as? Int == 0)
        #expect(new.members("flavor").contains("extra_specs") && new.members("flavor").contains("description"))
    }

    @Test func `a flavor is made, described and deleted by administrators only`() {
        #expect(make("", as: scene.member).status == 403)
        let made = make(#", "id": "big one", "swap": "7", "OS-FLV-EXT-DATA:ephemeral": 2"#)
        #expect(made.status == 200)
        #expect(made["flavor.swap"] as? Int == 7)
        #expect(make(#", "id": "another""#).status == 409)
        #expect(
            scene.ask(
                .put, "/flavors/big one".replacing(" ", with: "%20"), as: scene.admin, version: "2.55",
                json: #"{"flavor": {"description": "large"}}"#
            ).text("flavor.description") == "large")
        #expect(scene.ask(.delete, "/flavors/big%20one", as: scene.admin).status == 202)
        #expect(scene.ask(.get, "/flavors/big%20one", as: scene.admin).status == 404)
    }

    @Test(arguments: [
        #""ram": 0"#, #""vcpus": "x""#, #""disk": -1"#, #""unknown": 1"#, #""id": " x""#, #""name": """#,
        #""description": "not yet""#, #""rxtx_factor": 0"#, #""swap": 2147483648"#,
    ])
    func `what nova refuses is refused`(member: String) {
        let good = [#""name": "f""#, #""ram": 64"#, #""vcpus": 1"#, #""disk": 1"#]
            .filter { !member.hasPrefix($0.prefix(6)) }
        let json = "{\"flavor\": {\((good + [member]).joined(separator: ", "))}}"
        #expect(scene.ask(.post, "/flavors", as: scene.admin, json: json).status == 400)
    }

    @Test func `a private flavor is there for the projects that were given it`() {
        #expect(make(#", "id": "p", "os-flavor-access:is_public": false"#).status == 200)
        #expect(scene.ask(.get, "/flavors/p").status == 404)
        let grant = #"{"addTenantAccess": {"tenant": "\#(scene.projectID)"}}"#
        #expect(scene.ask(.post, "/flavors/p/action", json: grant).status == 403)
        let granted = scene.ask(.post, "/flavors/p/action", as: scene.admin, json: grant)
        #expect(granted.text("flavor_access.0.tenant_id") == scene.projectID)
        #expect(scene.ask(.post, "/flavors/p/action", as: scene.admin, json: grant).status == 409)
        #expect(scene.ask(.get, "/flavors/p").status == 200)
        #expect(scene.ask(.get, "/flavors/p", as: scene.stranger).status == 404)
        #expect(scene.ask(.get, "/flavors/1/os-flavor-access", as: scene.admin).status == 404)
        let list = scene.ask(.get, "/flavors?is_public=False", as: scene.admin)
        #expect(list.list("flavors").count == 1)
    }

    @Test func `a list is cut where it was asked to be, and leads on`() throws {
        let first = scene.ask(.get, "/flavors?limit=2")
        #expect(first.list("flavors").count == 2)
        let next = try #require(first.text("flavors_links.0.href"))
        let path = String(next.dropFirst("http://127.0.0.1:8000/compute/v2.1".count))
        #expect(scene.ask(.get, path).list("flavors").count == 2)
        #expect(scene.ask(.get, "/flavors?marker=nothing").status == 400)
        #expect(scene.ask(.get, "/flavors?unknown=1").status == 200)
        #expect(scene.ask(.get, "/flavors?unknown=1", version: "2.75").status == 400)
    }

    @Test func `extra specs are set one by one`() {
        let specs = #"{"extra_specs": {"key1": "a", "key2": "b"}}"#
        #expect(scene.ask(.post, "/flavors/1/os-extra_specs", json: specs).status == 403)
        #expect(scene.ask(.post, "/flavors/1/os-extra_specs", as: scene.admin, json: specs).status == 200)
        #expect(scene.ask(.get, "/flavors/1/os-extra_specs/key1").text("key1") == "a")
        #expect(
            scene.ask(.put, "/flavors/1/os-extra_specs/key2", as: scene.admin, json: #"{"key1": "x"}"#).status == 400)
        #expect(scene.ask(.delete, "/flavors/1/os-extra_specs/key1", as: scene.admin).status == 200)
        #expect(scene.ask(.get, "/flavors/1/os-extra_specs").members("extra_specs") == ["key2"])
    }
}
