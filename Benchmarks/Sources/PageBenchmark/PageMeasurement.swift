import BenchmarkKit
import Foundation

/// Something that is asked for: a page of one of the programs, or of a peer.
struct Subject {
    /// As it is called in the table.
    let name: String
    let url: String
    /// The Cookie field, for pages one must be logged in to see.
    var cookie: String?
    /// Bytes of content, without compression.
    let size: Int
    let processes: () -> [Int32]
}

/// What one run of wrk against one subject showed.
struct PageMeasurement: Sendable {
    let perSecond: Double
    /// Microseconds.
    let p50, p99: Double
    /// Microseconds of processor time the server used for one answer, its memcached not counted.
    let processor: Double
    let errors: Double
    /// How many processors everything else on the machine kept busy meanwhile, memcached among it.
    let foreignLoad: Double

    /// Lets wrk run on the same two processors as the server.
    static func take(_ subject: Subject, connections: Int, seconds: Int) throws -> PageMeasurement {
        let machine = ProcessTimes.machineSeconds()
        let children = ProcessTimes.endedChildrenSeconds()
        let used = ProcessTimes.processorSeconds(of: subject.processes())
        let start = ContinuousClock.now
        var load = Wrk.Load(connections: connections)
        if let cookie = subject.cookie { load.fields = ["Cookie": cookie] }
        let report = try Wrk(subject.url, load, .shared, seconds: seconds).report()
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let byServer = ProcessTimes.processorSeconds(of: subject.processes()) - used
        let byWrk = ProcessTimes.endedChildrenSeconds() - children
        let byAll = ProcessTimes.machineSeconds() - machine
        return PageMeasurement(
            perSecond: report.responses / (report.microseconds / 1e6), p50: report.p50, p99: report.p99,
            processor: byServer * 1e6 / max(1, report.responses), errors: report.errors,
            foreignLoad: max(0, byAll - byServer - byWrk) / elapsed)
    }
}
