import BenchmarkKit
import Foundation

/// A request that is measured.
struct Question {
    /// As it is called in the table.
    let name: String
    let path: String
    var method = "GET"
    /// Sent in turn.
    var contents: [String] = []
    var connections = 1
    /// What it is to reach, in words.
    let goal: String
    /// Which peer's time its own is divided by.
    let peer: Peer

    enum Peer { case healthz, durableWrite }

    /// Lets wrk ask.
    /// - Parameter rested: whether to wait first for the program to rest.
    func measure(
        _ program: DaybreakProgram, token: String, seconds: Int, rested: Bool = true
    ) throws -> Answering {
        if rested { Self.awaitRest(program) }
        let used = ProcessTimes.processorSeconds(of: program.processes)
        let report = try Wrk(program.address + path, load(token: token), .shared, seconds: seconds).report()
        let processor = ProcessTimes.processorSeconds(of: program.processes) - used
        return Answering(
            perSecond: report.responses / (report.microseconds / 1e6), p50: report.p50, p99: report.p99,
            processor: processor * 1e6 / max(1, report.responses), errors: report.errors)
    }

    func load(token: String) -> Wrk.Load {
        var load = Wrk.Load(connections: connections)
        load.fields = ["X-Auth-Token": token, "X-Subject-Token": token, "Content-Type": "application/json"]
        load.method = method
        load.contents = contents
        return load
    }

    /// Launches that were accepted go on in the background and would be counted with what is asked next. Waits until
    /// the program rests, two minutes at most.
    private static func awaitRest(_ program: DaybreakProgram) {
        for _ in 0..<400 {
            let used = ProcessTimes.processorSeconds(of: program.processes)
            usleep(300_000)
            if ProcessTimes.processorSeconds(of: program.processes) - used <= 0.02 { return }
        }
    }
}

/// What one run showed; times in microseconds.
struct Answering {
    let perSecond, p50, p99, processor, errors: Double
}
