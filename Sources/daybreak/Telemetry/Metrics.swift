import Foundation
import HTTP
import Synchronization

/// Counts what the program does and prints it as OpenMetrics text (`/metrics`).
final class Metrics: Sendable {
    private struct Series: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private struct Totals {
        var requests = 0
        var seconds = 0.0
        var bytes: Int64 = 0
    }

    private let started = Date()
    private let totals = Mutex<[Series: Totals]>([:])

    /// Counts a finished request under its route's pattern, never under its path: the number of series stays bounded.
    func record(_ request: RequestSummary) {
        let series = Series(
            method: request.method.rawValue, route: request.pattern ?? "(none)", status: request.status.code)
        let seconds = request.duration / .seconds(1)
        totals.withLock { totals in
            totals[series, default: Totals()].requests += 1
            totals[series, default: Totals()].seconds += seconds
            totals[series, default: Totals()].bytes += request.bytesSent
        }
    }

    /// The media type of `text` (OpenMetrics 1.0).
    static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    var text: String {
        let rows = totals.withLock { $0 }.sorted {
            ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
        }
        var lines: [String] = []
        func family(_ name: String, _ help: String, unit: String = "", _ value: (Totals) -> String) {
            lines.append("# TYPE \(name) counter")
            if !unit.isEmpty { lines.append("# UNIT \(name) \(unit)") }
            lines.append("# HELP \(name) \(help)")
            for (series, totals) in rows {
                let labels = "method=\"\(series.method)\",route=\"\(series.route)\",status=\"\(series.status)\""
                lines.append("\(name)_total{\(labels)} \(value(totals))")
            }
        }
        family("daybreak_http_requests", "Requests answered.") { String($0.requests) }
        family("daybreak_http_request_seconds", "Time spent on them.", unit: "seconds") { String($0.seconds) }
        family("daybreak_http_response_bytes", "Content sent.", unit: "bytes") { String($0.bytes) }
        lines.append("# TYPE process_start_time_seconds gauge")
        lines.append("# UNIT process_start_time_seconds seconds")
        lines.append("# HELP process_start_time_seconds When the program started, in seconds since 1970.")
        lines.append("process_start_time_seconds \(started.timeIntervalSince1970)")
        lines.append("# EOF")
        return lines.joined(separator: "\n") + "\n"
    }
}
