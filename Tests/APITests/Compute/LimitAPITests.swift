import HTTP
import ServiceCore
import Testing

@Suite struct `Limits that rule` {
    private let scene: ComputeScene

    init() throws { scene = try ComputeScene() }

    /// Sets a limit of the project, or of all.
    private func set(_ limit: String, _ value: Int, ofAll: Bool = false) {
        let answer =
            ofAll
            ? scene.ask(
                .put, "/os-quota-class-sets/default", as: scene.admin,
                json: #"{"quota_class_set": {"\#(limit)": \#(value)}}"#)
            : scene.ask(
                .put, "/os-quota-sets/\(scene.projectID)", as: scene.admin,
                json: #"{"quota_set": {"\#(limit)": \#(value)}}"#)
        #expect(answer.status == 200, "\(answer.text)")
    }

    private func keypair(_ name: String) -> Int {
        scene.ask(.post, "/os-keypairs", json: #"{"keypair": {"name": "\#(name)"}}"#).status
    }

    private func group(_ name: String) -> APIAnswer {
        scene.ask(
            .post, "/os-server-groups", json: #"{"server_group": {"name": "\#(name)", "policies": ["affinity"]}}"#)
    }

    private func launch(_ more: String, hints: String = "{}") -> APIAnswer {
        let server = #"{"name": "web", "imageRef": "\#(scene.imageID)", "flavorRef": "1"\#(more)}"#
        return scene.ask(.post, "/servers", json: #"{"server": \#(server), "os:scheduler_hints": \#(hints)}"#)
    }

    private func metadata(_ count: Int) -> String {
        "{" + (0..<count).map { #""k\#($0)": "v""# }.joined(separator: ", ") + "}"
    }

    @Test func `a project's limit of key pairs is lowered and raised`() {
        set("key_pairs", 1)
        #expect(keypair("a") == 200)
        #expect(keypair("b") == 403)
        set("key_pairs", 2)
        #expect(keypair("b") == 200)
        #expect(keypair("c") == 403)
        set("key_pairs", -1)
        #expect(keypair("c") == 200)
    }

    @Test func `a limit of all is heeded where a project has none of its own`() {
        set("key_pairs", 0, ofAll: true)
        #expect(keypair("a") == 403)
        set("key_pairs", 1)
        #expect(keypair("a") == 200)
        #expect(scene.ask(.delete, "/os-quota-sets/\(scene.projectID)", as: scene.admin).status == 202)
        #expect(keypair("b") == 403)
    }

    @Test func `server groups and their members are counted`() throws {
        set("server_groups", 1)
        let id = try #require(group("a").text("server_group.id"))
        #expect(group("b").status == 403)
        set("server_groups", 2)
        #expect(group("b").status == 200)
        set("server_group_members", 1)
        #expect(launch("", hints: #"{"group": "\#(id)"}"#).status == 202)
        let refused = launch("", hints: #"{"group": "\#(id)"}"#)
        #expect(refused.status == 403)
        #expect(refused.text("forbidden.message")?.contains("server_group_members") == true)
        set("server_group_members", 2)
        #expect(launch("", hints: #"{"group": "\#(id)"}"#).status == 202)
    }

    @Test func `pairs of metadata are counted wherever they are set`() throws {
        let id = try scene.launch()
        set("metadata_items", 2)
        let path = "/servers/\(id)/metadata"
        #expect(launch(#", "metadata": \#(metadata(3))"#).status == 403)
        #expect(launch(#", "metadata": \#(metadata(2))"#).status == 202)
        #expect(scene.ask(.put, path, json: #"{"metadata": \#(metadata(3))}"#).status == 403)
        #expect(scene.ask(.put, path, json: #"{"metadata": \#(metadata(2))}"#).status == 200)
        #expect(scene.ask(.put, path + "/more", json: #"{"meta": {"more": "v"}}"#).status == 403)
        #expect(scene.ask(.post, path, json: #"{"metadata": {"k0": "again"}}"#).status == 200)
        let rebuild = #"{"rebuild": {"imageRef": "\#(scene.imageID)", "metadata": \#(metadata(3))}}"#
        #expect(try scene.act(id, rebuild).status == 403)
        set("metadata_items", 3)
        #expect(scene.ask(.put, path + "/more", json: #"{"meta": {"more": "v"}}"#).status == 200)
        #expect(try scene.act(id, rebuild).status == 202)
    }

    @Test func `files for guests are counted and measured`() throws {
        func files(_ count: Int, path: String = "/f", contents: String = "eA==") -> String {
            let file = #"{"path": "\#(path)", "contents": "\#(contents)"}"#
            return #", "personality": ["# + Array(repeating: file, count: count).joined(separator: ", ") + "]"
        }
        set("injected_files", 1)
        #expect(launch(files(2)).status == 403)
        #expect(launch(files(1)).status == 202)
        set("injected_files", 2)
        #expect(launch(files(2)).status == 202)
        set("injected_file_content_bytes", 1)
        #expect(launch(files(1, contents: "eHh4")).status == 403)
        set("injected_file_content_bytes", 3)
        #expect(launch(files(1, contents: "eHh4")).status == 202)
        set("injected_file_path_bytes", 3)
        #expect(launch(files(1, path: "/abc")).status == 403)
        #expect(launch(files(1, path: "/ab")).status == 202)
        let id = try scene.launch()
        let rebuild = #"{"rebuild": {"imageRef": "\#(scene.imageID)"\#(files(3))}}"#
        #expect(try scene.act(id, rebuild).status == 403)
        #expect(try scene.act(id, rebuild, version: "2.57").status == 400)
        #expect(launch(files(1, contents: "not base64")).status == 400)
        #expect(launch(files(1, path: "")).status == 400)
    }

    @Test func `the standard of metadata is nova's`() {
        #expect(launch(#", "metadata": \#(metadata(129))"#).status == 403)
        #expect(launch(#", "metadata": \#(metadata(128))"#).status == 202)
    }
}
