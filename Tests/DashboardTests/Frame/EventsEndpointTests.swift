import ServiceCore
import Synchronization
import Testing

@testable import Dashboard
@testable import HTTP

/// What open pages are told.
struct EventsEndpointTests {
    @Test func `an open page hears of its own project's resources, and of no other's`() async throws {
        let site = try TestSite()
        let alice = try site.makeUser("alice")
        let bob = try site.makeUser("bob")
        let browser = try site.loggedIn("alice")
        let id = try #require(browser.cookies["sessionid"])
        let response = await site.router.answer(
            .testing(.get, "/dashboard/events/", fields: ["Cookie": "sessionid=\(id)"]))
        #expect(response.fields["Content-Type"] == "text/event-stream")
        guard case .stream(let write) = response.body else {
            Issue.record("no stream")
            return
        }
        let sink = Sink()
        let stream = Task { try await write(ResponseStream(sink: sink)) }
        defer { stream.cancel() }
        // The stream listens from some moment on: repeat until it does.
        while !sink.text.contains("seen") {
            site.events.publish(ResourceEvent(kind: "network", id: "secret", projectID: bob.projectID, what: .created))
            site.events.publish(ResourceEvent(kind: "network", id: "seen", projectID: alice.projectID, what: .updated))
            await Task.yield()
        }
        #expect(
            sink.text.contains("event: resource\ndata: {\"kind\":\"network\",\"id\":\"seen\",\"what\":\"updated\"}"))
        #expect(!sink.text.contains("secret"))
    }

    @Test func `nobody who is not logged in hears anything`() throws {
        let browser = try TestSite().browser()
        #expect(try browser.get("/dashboard/events/").path.hasPrefix("/dashboard/auth/login/"))
    }
}

private final class Sink: ResponseSink {
    private let bytes = Mutex<[UInt8]>([])

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    func write(_ more: [UInt8]) async throws {
        try Task.checkCancellation()
        bytes.withLock { $0 += more }
    }
}
