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
        let server = try RunningServer(contender, placement, files)
        defer { server.stop() }
        let machine = ProcessTimes.machineSeconds()
        let children = ProcessTimes.endedChildrenSeconds()
        let used = ProcessTimes.processorSeconds(of: server.processes)
        let start = ContinuousClock.now
        let wrk = try Wrk(server.url, scenario, placement, seconds: seconds, script: files.script)
        usleep(UInt32(seconds) * 500_000)
        let resident = ProcessTimes.residentBytes(of: server.processes)
        let report = try wrk.report()
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let byServer = ProcessTimes.processorSeconds(of: server.processes) - used
        let byWrk = ProcessTimes.endedChildrenSeconds() - children
        let byAll = ProcessTimes.machineSeconds() - machine
        // wrk corrects latencies as if one request were sent at a time; what comes out for several means nothing.
        let (p50, p99) = scenario.depth == 1 ? (report.p50, report.p99) : (.nan, .nan)
        return Measurement(
            requestsPerSecond: report.responses / (report.microseconds / 1e6), p50: p50, p99: p99,
            processorPerRequest: byServer * 1e6 / max(1, report.responses), resident: Double(resident),
            errors: report.errors, foreignLoad: max(0, byAll - byServer - byWrk) / elapsed)
    }
}

extension [Measurement] {
    /// The median of one figure.
    func median(_ figure: (Measurement) -> Double) -> Double {
        let sorted = map(figure).sorted()
        let middle = sorted.count / 2
        guard !sorted.isEmpty else { return .nan }
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
