import BenchmarkKit
import Foundation

/// Measures what well-behaved clients notice of hostile ones, and what those cost: Daybreak's server with all its
/// limits, on the loopback interface.
///
/// `HostileBenchmark [--rounds 7] [--seconds 4] [--output FILE]`. Every row of every round is a server of its own: quiet,
/// with the hostile clients, quiet again. Rounds go through all rows, so that what else happens on the machine meets all
/// alike; figures are medians.
@main
enum HostileBenchmark {
    private static let rows: [(name: String, kinds: [HostileClients.Kind])] = [
        ([HostileClients.idle]), ([HostileClients.slowSenders]), ([HostileClients.fileReaders]),
        ([HostileClients.streamReaders]), ([HostileClients.pageReaders]), ([HostileClients.flood]),
        [HostileClients.idle, HostileClients.slowSenders, HostileClients.fileReaders],
    ].map { kinds in
        (
            kinds.count == 1
                ? "\(kinds[0].count) \(kinds[0].name)" : "idle, slowloris and readers of the file together", kinds
        )
    }

    static func main() throws {
        signal(SIGPIPE, SIG_IGN)
        Machine.raiseDescriptorLimit()
        let options = Options()
        let site = try Site()
        defer { site.remove() }
        let (loadBefore, started) = (ProcessTimes.load, Date())
        var encounters = rows.map { _ in [Encounter]() }
        for round in 1...options.rounds {
            for (index, row) in rows.enumerated() {
                FileHandle.standardError.write(Data("round \(round): \(row.name)\n".utf8))
                encounters[index].append(try Encounter(row.kinds, seconds: options.seconds, site))
            }
        }
        let results = """
            # Hostile clients

            Written by `\(options.command)`; every figure is the median of \(options.rounds) rounds. The normal load is \
            \(NormalLoad.connections) connections, each asking for 2 KB 50 times a second; a latency counts from the \
            moment the request was due. In each round a server of its own is measured quiet for \(options.seconds) s, \
            half of them before the hostile clients come and half after they have left, and for \(options.seconds) s \
            among them. The p99 ratio is the median of the rounds' ratios; the least and the greatest stand beside it.

            Two event loops share two processors with all the clients. Hostile clients stand for other machines, which \
            bring processors of their own: their thread is of the class for idle work (SCHED_IDLE), so that server and \
            normal clients go before it, and their acts are spread evenly over time, as those of a thousand machines \
            are. An act is a line of a slowloris, or a connection of the flood that comes again. That they were not \
            kept from acting is what "achieved" shows; "held" is how many of them have a connection in the end.

            * Machine: \(Machine.description)
            * Time: \(started.ISO8601Format()) to \(Date.now.ISO8601Format())
            * Load average: \(loadBefore) before, \(ProcessTimes.load) after

            \(table(encounters))

            Memory is the server's resident memory; the kernel's is that of all TCP sockets, both ends. Descriptors and \
            processor time are the server's when the hostile clients have left: how many more are open than before they \
            came, and milliseconds used in the two seconds after that, with nobody asking. Turned away are those of the \
            flood beyond the 1,100 connections one address may have: 100 of them a second and loop are told so with \
            503, the others by a reset.

            """
        print(results)
        if let output = options.output { try results.write(toFile: output, atomically: true, encoding: .utf8) }
    }

    private static func table(_ encounters: [[Encounter]]) -> String {
        MarkdownTable.text(
            [
                "p50 µs quiet", "p50 µs among them", "p99 µs quiet", "p99 µs among them", "p99 ratio", "least–greatest",
                "errors", "acts/s intended", "achieved", "held", "memory before MB", "KB for each",
                "kernel KB for each", "descriptors left", "ms after",
            ],
            zip(rows, encounters).map { row, encounters in
                func figure(_ decimals: Int, _ value: (Encounter) -> Double) -> String {
                    encounters.median(value).figure(decimals)
                }
                let ratios = encounters.map(\.ratio)
                let intended = row.kinds.map(\.actsPerSecond).reduce(0, +)
                return (
                    row.name,
                    [
                        figure(0) { $0.quiet.percentile(0.5) }, figure(0) { $0.hostile.percentile(0.5) },
                        figure(0) { $0.quiet.percentile(0.99) }, figure(0) { $0.hostile.percentile(0.99) },
                        figure(2, \.ratio), "\((ratios.min() ?? 0).figure(2))–\((ratios.max() ?? 0).figure(2))",
                        figure(0) { Double($0.quiet.errors + $0.hostile.errors) }, intended.figure(0),
                        figure(0, \.actsPerSecond), figure(0, \.held),
                        figure(1) { $0.memoryBefore / 1e6 }, figure(2) { $0.memoryForEach / 1024 },
                        figure(1) { $0.kernelForEach / 1024 }, figure(0, \.descriptorsLeft),
                        figure(0, \.millisecondsAfter),
                    ]
                )
            })
    }
}
