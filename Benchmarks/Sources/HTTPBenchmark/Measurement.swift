import BenchmarkKit
import Foundation

/// What one run of wrk against one contender showed.
struct Measurement: Sendable {
    let requestsPerSecond: Double
    /// Microseconds.
    let p50: Double
    let p99: Double
    /// Microseconds of processor time the server used for one request.
    let processorPerRequest: Double
    /// Bytes, in the middle of the run.
    let resident: Double
    /// Connections that failed, wrong statuses, requests without a response in time.
    let errors: Double
    /// How many processors everything else on the machine kept busy meanwhile.
    let foreignLoad: Double

    /// Starts the contender, lets wrk run, stops the contender.
    static func take(
        _ contender: Contender, _ scenario: Scenario, _ placement: Placement, seconds: Int, _ files: BenchmarkFiles
    ) throws -> Measurement {
        let port = try Loopback.freePort()
        let server = try RunningServer(
            try contender.command(port, placement.loops, files), placement, port: port, path: contender.path,
            content: BenchmarkFiles.content)
        defer { server.stop() }
        let machine = ProcessTimes.machineSeconds()
        let children = ProcessTimes.endedChildrenSeconds()
        let used = ProcessTimes.processorSeconds(of: server.processes)
        let start = ContinuousClock.now
        let wrk = try Wrk(
            "http://127.0.0.1:\(port)\(contender.path)", scenario.load, placement, seconds: seconds)
        usleep(UInt32(seconds) * 500_000)
        let resident = ProcessTimes.residentBytes(of: server.processes)
        let report = try wrk.report()
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let byServer = ProcessTimes.processorSeconds(of: server.processes) - used
        let byWrk = ProcessTimes.endedChildrenSeconds() - children
        let byAll = ProcessTimes.machineSeconds() - machine
        // wrk corrects latencies as if one request were sent at a time; what comes out for several means nothing.
        let (p50, p99) = scenario.load.depth == 1 ? (report.p50, report.p99) : (.nan, .nan)
        return Measurement(
            requestsPerSecond: report.responses / (report.microseconds / 1e6), p50: p50, p99: p99,
            processorPerRequest: byServer * 1e6 / max(1, report.responses), resident: Double(resident),
            errors: report.errors, foreignLoad: max(0, byAll - byServer - byWrk) / elapsed)
    }
}
