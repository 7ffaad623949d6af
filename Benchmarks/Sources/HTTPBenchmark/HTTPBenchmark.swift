import BenchmarkKit
import Foundation

/// Measures Daybreak's HTTP server beside a minimal C loop, nginx and other Swift servers, all on the loopback
/// interface, all with the same 2 KB; prints tables and writes them to a file.
///
/// Every figure is the median of several rounds; a round measures all contenders one after the other, so that what
/// else happens on the machine meets all alike.
@main
enum HTTPBenchmark {
    static func main() throws {
        let options = BenchmarkOptions()
        signal(SIGPIPE, SIG_IGN)
        Machine.raiseDescriptorLimit()
        let files = try BenchmarkFiles()
        defer { files.remove() }
        let loadBefore = ProcessTimes.load
        let started = Date()
        let tables = try options.placements.map { placement in
            "## \(placement.title.prefix(1).uppercased() + placement.title.dropFirst())\n\n"
                + (try measure(placement, options, files)).map(\.text).joined(separator: "\n")
        }
        let results = """
            # HTTP benchmark

            Written by `\(options.command)`; every figure is the median of \(options.rounds) rounds of \
            \(options.seconds) s, the contenders interleaved. A request is `GET` with a Host field; the content of \
            every response is the same 2048 bytes. wrk asks over the loopback interface.

            * Machine: \(Machine.description)
            * Time: \(started.ISO8601Format()) to \(Date.now.ISO8601Format())
            * Load average: \(loadBefore) before, \(ProcessTimes.load) after (this benchmark itself makes about 2)

            wrk's processor is the limit where several contenders come out alike; processor time per request is \
            the honest ratio then. Latencies are corrected by wrk for requests it could not send in time. Daybreak \
            runs with its limits, timers, router, metrics and access log on; nginx \
            without a log: once with Debian's settings (sendfile, tcp_nopush), once tuned for small files \
            (no sendfile, open_file_cache that looks at the disk once a second, as Daybreak does).

            \(tables.joined(separator: "\n"))
            """
        print(results)
        if let output = options.output { try results.write(toFile: output, atomically: true, encoding: .utf8) }
    }

    private static func measure(
        _ placement: Placement, _ options: BenchmarkOptions, _ files: BenchmarkFiles
    ) throws -> [ResultTable] {
        let contenders = options.contenders
        let scenarios = Scenario.all.filter { options.includes($0) && (placement == .apart || $0.isShared) }
        return try scenarios.map { scenario in
            var measurements = contenders.map { _ in [Measurement]() }
            for round in 1...options.rounds {
                for (index, contender) in contenders.enumerated() {
                    let note = "\(placement), \(scenario.title), round \(round): \(contender.name)\n"
                    FileHandle.standardError.write(Data(note.utf8))
                    measurements[index].append(
                        try Measurement.take(contender, scenario, placement, seconds: options.seconds, files))
                }
            }
            return ResultTable(title: scenario.title, rows: zip(contenders.map(\.name), measurements).map { ($0, $1) })
        }
    }
}
