import Testing

@testable import HTTP

struct RouterTests {
    private func router() -> Router {
        var router = Router()
        router.on(.get, "/", .none, .loop { _ in .text("root") })
        router.on(.get, "/networks/", .none, .loop { _ in .text("list") })
        router.on(.get, "/networks/{id}", .none, .worker { .text("one \($0.parameters["id"])") })
        router.on(.get, "/networks/new", .none, .loop { _ in .text("new") })
        router.on(.post, "/networks/{id}/ports/", .form(.fields), .worker { .text($0.form["name"] ?? "none") })
        router.on(.get, "/networks/{id}/subnets/{subnet}", .none, .loop { .text($0.parameters["subnet"]) })
        router.on(.get, "/files/{path...}", .none, .loop { .text($0.parameters["path"]) })
        return router
    }

    private func answer(_ method: HTTP.Method, _ target: String) -> (Int, String) {
        let response = router().respond(to: .testing(method, target))
        guard case .bytes(let bytes) = response.body else { return (response.status.code, "") }
        return (response.status.code, String(decoding: bytes, as: UTF8.self))
    }

    @Test func `a literal wins over a parameter`() {
        #expect(answer(.get, "/networks/new") == (200, "new"))
        #expect(answer(.get, "/networks/7") == (200, "one 7"))
    }

    @Test func `a literal that leads nowhere falls back to the parameter`() {
        #expect(answer(.get, "/networks/new/subnets/3") == (200, "3"))
    }

    @Test func `an encoded slash stays inside its segment`() {
        #expect(answer(.get, "/networks/a%2Fb") == (200, "one a/b"))
        #expect(answer(.get, "/%6Eetworks/new") == (200, "new"))
    }

    @Test func `percent-decoding happens once`() {
        #expect(answer(.get, "/networks/%2541") == (200, "one %41"))
    }

    @Test func `a rest parameter takes everything but nothing`() {
        #expect(answer(.get, "/files/a/b/c.css") == (200, "a/b/c.css"))
        #expect(answer(.get, "/files/").0 == 404)
    }

    @Test func `an unknown path is 404 and a wrong method 405 with Allow`() {
        #expect(answer(.get, "/nothing").0 == 404)
        let response = router().respond(to: .testing(.delete, "/networks/7"))
        #expect(response.status == .methodNotAllowed)
        #expect(response.fields["allow"] == "GET, HEAD, OPTIONS")
    }

    @Test func `OPTIONS names the methods of a path and of the server`() {
        let response = router().respond(to: .testing(.options, "/networks/7/ports/"))
        #expect(response.status == .noContent)
        #expect(response.fields["Allow"] == "POST, OPTIONS")
        #expect(router().respond(to: .testing(.options, "*")).fields["Allow"]?.contains("PATCH") == true)
    }

    @Test func `HEAD runs the GET handler`() {
        #expect(answer(.head, "/networks/new") == (200, "new"))
    }

    @Test(arguments: [
        ("/networks", "/networks/"), ("/networks/7/", "/networks/7"), ("/networks?a=b%20c", "/networks/?a=b%20c"),
    ])
    func `a slash too many or too few is redirected with its query`(target: String, location: String) {
        let response = router().respond(to: .testing(.get, target))
        #expect(response.status == .permanentRedirect)
        #expect(response.fields["Location"] == location)
    }

    @Test func `a path of two slashes is never redirected to`() {
        var router = Router()
        router.on(.get, "/{path...}", .none, .loop { _ in .text("all") })
        router.on(.get, "//evil.example/", .none, .loop { _ in .text("odd") })
        #expect(router.respond(to: .testing(.get, "//evil.example")).status != .permanentRedirect)
    }

    @Test func `a form reaches the handler decoded once and in order`() {
        let response = router().respond(
            to: .testing(.post, "/networks/7/ports/", form: ["name": "a b&c=ü%41", "name": "second"]))
        guard case .bytes(let bytes) = response.body else { return #expect(Bool(false)) }
        #expect(String(decoding: bytes, as: UTF8.self) == "a b&c=ü%41")
    }

    @Test func `what a handler throws goes to the failure hook`() {
        struct Broken: Error {}
        var router = Router()
        router.on(.get, "/x", .none, .loop { _ in throw Broken() })
        router.failure = { error, request in .text("\(type(of: error)) \(request.path)", status: 500) }
        guard case .bytes(let bytes) = router.respond(to: .testing(.get, "/x")).body else {
            return #expect(Bool(false))
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "Broken /x")
    }

    @Test func `a line break in a field never leaves as one`() {
        var router = Router()
        router.on(.get, "/x", .none, .loop { _ in .seeOther("/a\r\nSet-Cookie: stolen=1") })
        let response = router.respond(to: .testing(.get, "/x"))
        #expect(response.status == .internalServerError)
        #expect(response.fields["Location"] == nil)
    }

    @Test func `admit refuses before routing`() {
        var router = router()
        router.admit = { $0.host == "127.0.0.1:8000" ? .text("no", status: .forbidden) : nil }
        #expect(router.respond(to: .testing(.get, "/networks/")).status == .forbidden)
    }

    @Test func `content beyond the policy is refused`() {
        var router = Router()
        router.on(.put, "/x", .collected(limit: 4), .worker { .text("\($0.content.count)") })
        #expect(router.respond(to: .testing(.put, "/x", content: [1, 2, 3, 4])).status == .ok)
        #expect(router.respond(to: .testing(.put, "/x", content: [1, 2, 3, 4, 5])).status == .contentTooLarge)
    }
}
