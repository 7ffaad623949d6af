import Foundation
import HTTP
import Synchronization

/// What the program counts, as OpenMetrics text (`/metrics`).
final class Metrics: Sendable {
    /// Counts the requests; one of the server's observers.
    let requests = RequestMetrics()

    private let started = Date()
    private let server = Mutex<Server?>(nil)

    /// Lets the text speak of this server's connections and event loops too.
    func watch(_ server: Server) {
        self.server.withLock { $0 = server }
    }

    var text: String {
        var output = OpenMetrics()
        writeRequests(to: &output)
        if let server = server.withLock({ $0 }) {
            writeConnections(server.connections, to: &output)
            writeLoops(server.loopStatistics, to: &output)
        }
        output.family(
            "process_start_time_seconds", .gauge, unit: "seconds",
            "When the program started, in seconds since 1970.")
        output.sample("process_start_time_seconds", started.timeIntervalSince1970)
        return output.text
    }

    private func writeRequests(to output: inout OpenMetrics) {
        let series = requests.series()
        output.family("daybreak_http_requests", .counter, "Requests answered.")
        for one in series { output.sample("daybreak_http_requests_total", one.count, Self.labels(one.key)) }
        output.family("daybreak_http_response_bytes", .counter, unit: "bytes", "Content sent.")
        for one in series { output.sample("daybreak_http_response_bytes_total", one.bytesSent, Self.labels(one.key)) }
        output.family(
            "daybreak_http_request_duration_seconds", .histogram, unit: "seconds",
            "From a request's head to the last byte of its answer.")
        for one in series {
            output.histogram(
                "daybreak_http_request_duration_seconds", Self.labels(one.key).map { ($0, $1) },
                bounds: RequestSeries.bounds, buckets: one.buckets, count: one.count, microseconds: one.microseconds)
        }
    }

    private func writeConnections(_ counts: ConnectionCounts, to output: inout OpenMetrics) {
        output.family("daybreak_http_connections", .gauge, "Connections open.")
        output.sample("daybreak_http_connections", counts.open)
        output.family("daybreak_http_connections_refused", .counter, "Connections turned away: there were too many.")
        output.sample("daybreak_http_connections_refused_total", counts.refused)
        output.family("daybreak_http_connections_evicted", .counter, "Idle connections closed to make room.")
        output.sample("daybreak_http_connections_evicted_total", counts.evicted)
    }

    /// How long a loop works before it looks at its sockets again is how long others may have waited for it.
    private func writeLoops(_ loops: [LoopStatistics], to output: inout OpenMetrics) {
        output.family(
            "daybreak_event_loop_lag_seconds", .histogram, unit: "seconds",
            "What an event loop worked in one go, while others on it waited.")
        for (index, loop) in loops.enumerated() {
            output.histogram(
                "daybreak_event_loop_lag_seconds", [("loop", "\(index)")], bounds: LoopStatistics.bounds,
                buckets: loop.buckets, count: loop.turns, microseconds: loop.busyMicroseconds)
        }
    }

    private static func labels(_ key: RequestSeries.Key) -> KeyValuePairs<String, String> {
        ["method": key.method, "route": key.route.isEmpty ? "(none)" : key.route, "status": "\(key.status)"]
    }
}
