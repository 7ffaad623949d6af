import Testing

@testable import HTTP

@Sendable private func expectRoutes(_ router: inout Router, _ witness: ConformanceServer.Witness) {
    router.on(
        .post, "/guarded", .collected(limit: 100),
        before: { $0.fields["X-Name"] == nil ? .text("who?", status: .forbidden) : nil }, .loop(witness.answer))
}

@Suite(.served(routes: expectRoutes))
struct ExpectConformance {
    @Test(arguments: cases)
    func `Expect`(_ conversation: Conversation) throws { try conversation.hold() }

    private static let expect = "Expect: 100-continue"

    static let cases: [Conversation] = [
        Conversation(
            "RFC 9110 10.1.1: who waits is told to go on", post(expect, "Content-Length: 2"), [100],
            saw: [.init("POST /a", [expect, "Content-Length: 2"], content: "hi")]
        ).then("hi", [200]),
        Conversation(
            "RFC 9110 10.1.1: who waits with chunks is told to go on", post(expect, "Transfer-Encoding: chunked"),
            [100], saw: [.init("POST /a", [expect, "Transfer-Encoding: chunked"], content: "hi")]
        ).then("2\r\nhi\r\n0\r\n\r\n", [200]),
        Conversation(
            "RFC 9110 10.1.1: who is not wanted is told so at once", post(expect, "Content-Length: 70000"),
            [Answer(413, ["Connection: close"])], .closed),
        Conversation(
            "RFC 9110 10.1.1: who waits at the wrong door is told so at once",
            post(expect, "Content-Length: 2", to: "/probe"), [Answer(405, ["Connection: close"])], .closed),
        Conversation(
            "RFC 9110 10.1.1: who is refused by a guard is never told to go on",
            post(expect, "Content-Length: 2", to: "/guarded"), [Answer(403, ["Connection: close"])], .closed),
        Conversation(
            "RFC 9110 10.1.1: who is let in by a guard is told to go on",
            post(expect, "X-Name: me", "Content-Length: 2", to: "/guarded"), [100],
            saw: [.init("POST /guarded", [expect, "X-Name: me", "Content-Length: 2"], content: "hi")]
        ).then("hi", [200]),
        Conversation(
            "RFC 9110 10.1.1: without content there is nothing to wait for", get("/a", expect), [200],
            saw: [.init("GET /a", [expect])]),
        Conversation(
            "RFC 9110 10.1.1: the expectation has no case", post("Expect: 100-Continue", "Content-Length: 2"), [100],
            saw: [.init("POST /a", ["Expect: 100-Continue", "Content-Length: 2"], content: "hi")]
        ).then("hi", [200]),
        Conversation(
            "RFC 9110 10.1.1: HTTP/1.0 cannot wait",
            head("POST /a HTTP/1.0", "Host: h", expect, "Content-Length: 2") + "hi", [200],
            saw: [.init("POST /a", [expect, "Content-Length: 2"], content: "hi")], .closed),
        .refused("RFC 9110 10.1.1: another expectation", 417, post("Expect: tea", "Content-Length: 2", then: "hi")),
        .refused(
            "RFC 9110 10.1.1: another expectation beside it", 417,
            post("Expect: 100-continue, tea", "Content-Length: 2", then: "hi")),
        .refused(
            "RFC 9110 10.1.1: another expectation in a second field", 417,
            post(expect, "Expect: tea", "Content-Length: 2", then: "hi")),
        .refused("RFC 9110 10.1.1: the same twice", 417, post(expect, expect, "Content-Length: 2", then: "hi")),
        .refused(
            "RFC 9110 10.1.1: an expectation with a parameter", 417,
            post("Expect: 100-continue;a=b", "Content-Length: 2", then: "hi")),
    ]
}
