import HTTP
import ServiceCore

/// Tells open pages that a resource changed, by server-sent events. It says only what changed, never how it is now:
/// the page fetches the row through the ordinary, checked route.
struct EventsEndpoint: Sendable {
    /// Events a slow reader may be behind; older ones are dropped, and the page's next look is right again.
    private static let backlog = 64
    /// A stream ends after this, so that a browser has to show anew that it is still logged in.
    private static let lifetime = Duration.seconds(600)

    let events: EventBus

    func stream(_ request: Request, _ visitor: Visitor) -> Response {
        let (events, context) = (events, visitor.context)
        return .events { stream in
            let (changes, feed) = AsyncStream.makeStream(
                of: ResourceEvent.self, bufferingPolicy: .bufferingNewest(Self.backlog))
            let subscription = events.subscribe { event in
                if event.projectID == nil || context.canSee(projectID: event.projectID) { feed.yield(event) }
            }
            let end = Task {
                try await Task.sleep(for: Self.lifetime)
                feed.finish()
            }
            defer {
                subscription.cancel()
                end.cancel()
            }
            for await event in changes {
                try await stream.send(
                    event: "resource",
                    data: "{\"kind\":\"\(event.kind)\",\"id\":\"\(event.id)\",\"what\":\"\(event.what.rawValue)\"}")
            }
        }
    }
}
