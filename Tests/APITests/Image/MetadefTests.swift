import HTTP
import Testing

@testable import API

@Suite struct `Metadata definitions in JSON` {
    private let desk: ImageDesk
    private let root = "/v2/metadefs/namespaces"

    init() throws { desk = try ImageDesk() }

    private func admin(_ method: HTTP.Method, _ path: String, _ json: String? = nil) -> APIAnswer {
        desk.ask(method, path, json, as: desk.admin)
    }

    private func create(_ json: String = #"{"namespace": "ns", "visibility": "public"}"#) {
        let answer = admin(.post, root, json)
        #expect(answer.status == 201, "\(answer.text)")
    }

    @Test func `a namespace lives from its creation to its end`() {
        let json = #"""
            {"namespace": "ns", "visibility": "public", "description": "d", "display_name": "n", "protected": true,
             "resource_type_associations": [{"name": "OS::Nova::Flavor", "prefix": "hw:"}],
             "properties": {"cores": {"title": "Cores", "type": "integer", "minimum": 1}},
             "objects": [{"name": "CPU", "required": ["a"], "properties": {"a": {"title": "A", "type": "string"}}}],
             "tags": [{"name": "fast"}]}
            """#
        let made = admin(.post, root, json)
        #expect(made.status == 201 && made.text("namespace") == "ns" && made.text("self") == root + "/ns")
        #expect(made.text("resource_type_associations.0.prefix") == "hw:")
        #expect(made["properties.cores.minimum"] as? Int == 1)
        let seen = desk.ask(.get, root + "/ns")
        #expect(seen.text == made.text && seen.text("objects.0.properties.a.type") == "string")
        #expect(admin(.post, root, json).status == 409)
        #expect(desk.ask(.get, root).text("namespaces.0.namespace") == "ns")
        #expect(desk.ask(.get, root + "?resource_types=OS::Nova::Server").list("namespaces").isEmpty)
        #expect(admin(.delete, root + "/ns").status == 403)
        let changed = admin(.put, root + "/ns", #"{"namespace": "other", "visibility": "private"}"#)
        #expect(changed.status == 200 && changed["protected"] as? Bool == false && changed["description"] == nil)
        #expect(desk.ask(.get, root + "/other").status == 404)
        #expect(admin(.get, root + "/other/objects").text("objects.0.name") == "CPU")
        #expect(admin(.delete, root + "/other").status == 204)
        #expect(admin(.get, root + "/other").status == 404)
    }

    @Test func `everybody reads and administrators write`() {
        create()
        #expect(desk.ask(.post, root, #"{"namespace": "mine"}"#).status == 403)
        #expect(desk.ask(.put, root + "/ns", #"{"namespace": "ns"}"#).status == 403)
        #expect(desk.ask(.delete, root + "/ns").status == 403)
        #expect(desk.ask(.post, root + "/ns/objects", #"{"name": "x"}"#).status == 403)
        #expect(desk.ask(.get, root + "/ns").status == 200)
        #expect(desk.ask(.get, "/v2/metadefs/resource_types").list("resource_types").count == 6)
    }

    @Test(arguments: [
        ("objects", #"{"name": "a", "description": "x"}"#, #"{"name": "b"}"#),
        (
            "properties", #"{"name": "a", "title": "A", "type": "string", "enum": ["x"]}"#,
            #"{"name": "b", "title": "B", "type": "string"}"#
        ),
    ])
    func `entries are made, changed under another name, and removed`(kind: String, one: String, other: String) {
        create()
        let path = root + "/ns/" + kind
        #expect(admin(.post, path, one).status == 201)
        #expect(admin(.post, path, one).status == 409)
        #expect(desk.ask(.get, path + "/a").text("name") == "a")
        #expect(admin(.put, path + "/a", other).text("name") == "b")
        #expect(admin(.get, path + "/a").status == 404)
        #expect(admin(.delete, path + "/b").status == 204)
        #expect(admin(.delete, path + "/b").status == 404)
        #expect(admin(.post, path, one).status == 201)
        #expect(admin(.delete, path).status == 204)
        #expect(desk.ask(.get, path).list(kind).isEmpty && desk.ask(.get, path).members(kind).isEmpty)
    }

    @Test func `tags come together or one by one`() {
        create()
        let path = root + "/ns/tags"
        #expect(admin(.post, path, #"{"tags": [{"name": "a"}, {"name": "b"}]}"#).list("tags").count == 2)
        #expect(admin(.post, path + "/c").text("name") == "c")
        #expect(desk.ask(.get, path).list("tags").count == 3)
        #expect(admin(.put, path + "/c", #"{"name": "d"}"#).text("name") == "d")
        #expect(admin(.post, path, #"{"tags": [{"name": "e"}]}"#).status == 201)
        #expect(desk.ask(.get, path).list("tags").count == 1)
        #expect(admin(.delete, path).status == 204)
    }

    @Test func `a namespace is for kinds of resources`() {
        create()
        let path = root + "/ns/resource_types"
        #expect(admin(.post, path, #"{"name": "OS::Own::Thing"}"#).text("name") == "OS::Own::Thing")
        #expect(desk.ask(.get, path).text("resource_type_associations.0.name") == "OS::Own::Thing")
        #expect(desk.ask(.get, "/v2/metadefs/resource_types").list("resource_types").count == 7)
        #expect(admin(.delete, path + "/OS::Own::Thing").status == 204)
    }

    @Test(arguments: [
        ("", #"{}"#, 400), ("", #"{"namespace": ""}"#, 400), ("", #"{"namespace": "x", "colour": "red"}"#, 400),
        ("", #"{"namespace": "x", "self": "y"}"#, 403), ("", #"{"namespace": "x", "visibility": "shared"}"#, 400),
        ("/ns/properties", #"{"name": "x"}"#, 400),
        ("/ns/properties", #"{"name": "x", "title": "X", "type": "date"}"#, 400),
        ("/ns/objects", #"{"name": 5}"#, 400), ("/none/objects", #"{"name": "x"}"#, 404),
    ])
    func `what is no definition is refused`(path: String, json: String, status: Int) {
        create()
        #expect(admin(.post, root + path, json).status == status)
    }

    @Test(arguments: [
        ("namespace", "namespace"), ("namespaces", "namespaces"), ("object", "object"), ("objects", "objects"),
        ("property", "property"), ("properties", "properties"), ("tag", "tag"), ("tags", "tags"),
        ("resource_type", "resource_type_association"), ("resource_types", "resource_type_associations"),
    ])
    func `the schemas are told`(path: String, name: String) {
        #expect(desk.ask(.get, "/v2/schemas/metadefs/\(path)").text("name") == name)
    }
}
