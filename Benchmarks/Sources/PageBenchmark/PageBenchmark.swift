import BenchmarkKit
import Foundation

/// Measures a real page of the real program: the list of instances with 100 rows, for somebody who is logged in, with
/// tables of 10 to 100,000 instances; prints a table and writes it to a file.
///
/// One program runs for each size, all at the same time and all but one idle, so that a round measures all sizes one
/// after the other and what else happens on the machine meets all alike.
@main
enum PageBenchmark {
    private static let rows = 100
    private static let page = "/dashboard/project/instances/"

    static func main() throws {
        let options = PageOptions()
        signal(SIGPIPE, SIG_IGN)
        let loadBefore = ProcessTimes.load
        let started = Date()
        var tables: [InstanceTable] = []
        defer { tables.forEach { $0.program.remove() } }
        for count in options.counts {
            note("\(count) instances")
            tables.append(try InstanceTable(options.program, instances: count))
        }
        var subjects = try tables.flatMap(subjects)
        let copy = try CopyServer(size: subjects.map(\.size).max() ?? 0)
        defer { copy.remove() }
        subjects.append(copy.subject)
        let measurements = try measure(subjects, options)
        let results = """
            # A real page

            Written by `\(options.command)`. The list of instances, \(rows) rows, as the administrator's browser gets \
            it after logging in: the session is read from memcached, the token checked, the rows read from SQLite, \
            the page made and escaped, nothing kept from one request to the next. \(options.connections) connections, \
            server, memcached and wrk on the same two processors, no compression asked for; medians of \
            \(options.rounds) rounds of \(options.seconds) s, the lines interleaved.

            * Machine: \(Machine.description)
            * Time: \(started.ISO8601Format()) to \(Date.now.ISO8601Format())
            * Load average: \(loadBefore) before, \(ProcessTimes.load) after (this benchmark itself makes about 2)

            \(table(subjects, measurements))

            The peers say where the time goes: `/healthz` is the server without a page; the login page is a page \
            without session, database and table; the C loop only copies as many bytes as the largest page, which is \
            what kernel and wrk take for it. The ratios are of the medians' processor time.

            """
        print(results)
        if let output = options.output { try results.write(toFile: output, atomically: true, encoding: .utf8) }
    }

    /// The first page and, where there is one, a page in the middle; beside the smallest table the server's peers.
    private static func subjects(_ filled: InstanceTable) throws -> [Subject] {
        let (program, count) = (filled.program, filled.count)
        let browser = Browser(port: program.port)
        let cookie = try browser.logIn(pageSize: rows)
        var paths = [("\(count) instances, first page", page)]
        if count > 2 * rows {
            paths.append(("\(count) instances, in the middle", "\(page)?marker=\(try filled.middle())"))
        }
        var subjects: [Subject] = []
        for (name, path) in paths {
            let content = try browser.get(path)
            let found = String(decoding: content, as: UTF8.self).components(separatedBy: "<tr id=").count - 1
            guard found == min(rows, count) else { throw Failure("\(name) has \(found) rows") }
            subjects.append(
                Subject(
                    name: name, url: program.address + path, cookie: cookie, size: content.count,
                    processes: { program.processes }))
        }
        guard count == rows else { return subjects }
        for (name, path) in [("/healthz", "/healthz"), ("login page", "/dashboard/auth/login/")] {
            subjects.append(
                Subject(
                    name: name, url: program.address + path, size: try Browser(port: program.port).get(path).count,
                    processes: { program.processes }))
        }
        return subjects
    }

    private static func measure(_ subjects: [Subject], _ options: PageOptions) throws -> [[PageMeasurement]] {
        var measurements = subjects.map { _ in [PageMeasurement]() }
        // The first run is for warming up.
        for round in 0...options.rounds {
            for (index, subject) in subjects.enumerated() {
                note("round \(round): \(subject.name)")
                let taken = try PageMeasurement.take(
                    subject, connections: options.connections, seconds: round == 0 ? 1 : options.seconds)
                if round > 0 { measurements[index].append(taken) }
            }
        }
        return measurements
    }

    private static func table(_ subjects: [Subject], _ measurements: [[PageMeasurement]]) -> String {
        let reference = subjects.firstIndex { $0.name.hasPrefix("\(rows) instances") } ?? 0
        let whole = measurements[reference].median(\.processor)
        let lines = zip(subjects, measurements).map { subject, taken in
            (
                subject.name,
                [
                    Double(subject.size).figure(0), taken.median(\.perSecond).figure(0), taken.median(\.p50).figure(0),
                    taken.median(\.p99).figure(0), taken.median(\.processor).figure(0),
                    (taken.median(\.processor) / whole).figure(2), taken.median(\.errors).figure(0),
                    taken.median(\.foreignLoad).figure(2),
                ]
            )
        }
        return MarkdownTable.text(
            [
                "bytes", "answers/s", "p50 µs", "p99 µs", "CPU µs/answer", "ratio to \(rows) instances", "errors",
                "processors others used",
            ], lines.map { (name: $0.0, figures: $0.1) })
    }

    private static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
