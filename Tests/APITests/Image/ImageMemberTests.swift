import HTTP
import Testing

@testable import API

@Suite struct `Members of images in JSON` {
    private let desk: ImageDesk
    private let bobsProject: String

    init() throws {
        desk = try ImageDesk()
        bobsProject = desk.bobsProjectID
    }

    @Test func `an image is offered, accepted and taken back`() throws {
        let id = try desk.create(#"{"name": "ours"}"#)
        let path = "/v2/images/\(id)/members"
        let member = desk.ask(.post, path, #"{"member": "\#(bobsProject)"}"#)
        #expect(member.status == 200 && member.text("status") == "pending" && member.text("image_id") == id)
        #expect(member.members("") == ["created_at", "image_id", "member_id", "schema", "status", "updated_at"])
        #expect(desk.names("", as: desk.bob) == [])
        #expect(desk.names("?visibility=shared&member_status=pending", as: desk.bob) == ["ours"])
        let own = path + "/" + bobsProject
        #expect(desk.ask(.put, own, #"{"status": "accepted"}"#).status == 403)
        #expect(desk.ask(.put, own, #"{"status": "perhaps"}"#, as: desk.bob).status == 400)
        #expect(desk.ask(.put, own, #"{"status": "accepted"}"#, as: desk.bob).text("status") == "accepted")
        #expect(desk.names("", as: desk.bob) == ["ours"])
        let list = desk.ask(.get, path)
        #expect(list.list("members").count == 1 && list.text("schema") == "/v2/schemas/members")
        #expect(desk.ask(.get, own, as: desk.bob).text("status") == "accepted")
        #expect(desk.ask(.post, path, #"{"member": "\#(bobsProject)"}"#).status == 409)
        #expect(desk.ask(.delete, own, as: desk.bob).status == 403)
        #expect(desk.ask(.delete, own).status == 204)
        #expect(desk.ask(.delete, own).status == 404)
        #expect(desk.names("", as: desk.bob) == [])
    }

    @Test func `only shared images have members`() throws {
        let id = try desk.create(#"{"visibility": "private"}"#)
        let path = "/v2/images/\(id)/members"
        #expect(desk.ask(.post, path, #"{"member": "x"}"#).status == 403)
        #expect(desk.ask(.get, path).status == 403)
        #expect(desk.ask(.get, path + "/x").status == 404)
        #expect(desk.ask(.get, path, as: desk.bob).status == 404)
        let shared = try desk.create("{}")
        #expect(desk.ask(.post, "/v2/images/\(shared)/members", #"{"member": ""}"#).status == 400)
        #expect(desk.ask(.post, "/v2/images/\(shared)/members", "{}").status == 400)
    }
}

@Suite struct `The schemas of images` {
    private let desk: ImageDesk

    init() throws { desk = try ImageDesk() }

    @Test(arguments: ["image", "images", "member", "members", "task", "tasks"])
    func `are told`(name: String) {
        let answer = desk.ask(.get, "/v2/schemas/\(name)")
        #expect(answer.status == 200 && answer.text("name") == name)
        #expect(!answer.members("properties").isEmpty)
    }

    @Test func `name every attribute that an image has`() throws {
        let image = desk.ask(.get, "/v2/images/\(try desk.stored())")
        let known = desk.ask(.get, "/v2/schemas/image").members("properties")
        #expect(image.members("").filter { !known.contains($0) } == [])
    }
}
