import BenchmarkKit
import Foundation

/// Measures OpenStack's interfaces of the real program: what clients ask most, with the token checked each time, and what
/// changes something, with durable transactions; prints a table and writes it to a file.
@main
enum APIBenchmark {
    static func main() throws {
        let options = APIOptions()
        signal(SIGPIPE, SIG_IGN)
        let (loadBefore, started) = (ProcessTimes.load, Date())
        let program = try DaybreakProgram(
            options.program, named: "api", settings: ["LIBVIRT_URI": #""simulated""#, "HOST_NETWORK": #""user""#],
            sql: try InstanceRows.sql(1000) + Questions.quotas)
        defer { program.remove() }
        let client = try CloudClient(port: program.port)
        let known = try Questions(client)
        let questions = known.all.filter { options.only.isEmpty || $0.name.contains(options.only) }
        let healthz = Question(name: "/healthz", path: "/healthz", goal: "", peer: .healthz)
        var taken = questions.map { _ in [Answering]() }
        var (plain, durable): ([Answering], [Double]) = ([], [])
        for round in 0...options.rounds {
            let seconds = round == 0 ? 1 : options.seconds
            let answered = try healthz.measure(program, token: client.token, seconds: seconds)
            let written = try DurableWrite.microseconds(in: program.state)
            if round > 0 {
                plain.append(answered)
                durable.append(written)
            }
            for (index, question) in questions.enumerated() {
                note("round \(round): \(question.name)")
                let answering = try question.measure(program, token: client.token, seconds: seconds)
                if round > 0 { taken[index].append(answering) }
            }
        }
        func beside(_ question: Question, _ other: Question) throws -> Beside {
            try Beside(question, other, program, client, seconds: options.seconds)
        }
        let logins = try beside(known.validation, known.login)
        let launches = try beside(known.list, known.launch)
        let peers = (healthz: plain.median(\.p50), durable: durable.median { $0 })
        let results = """
            # OpenStack's interfaces

            Written by `\(options.command)`. The real program with 1,000 instances on a simulated host; every request \
            shows a token, which is checked. Program and wrk share the machine; medians of \(options.rounds) rounds of \
            \(options.seconds) s, the lines interleaved.

            * Machine: \(Machine.description)
            * Time: \(started.ISO8601Format()) to \(Date.now.ISO8601Format())
            * Load average: \(loadBefore) before, \(ProcessTimes.load) after (this benchmark itself makes about 2)

            \(table(questions, taken, peers))

            The peers: `/healthz` of the same program, a request without a token or a table, takes \
            \(peers.healthz.figure(0)) µs (p50, one connection); a page appended to a file on the same disk and flushed \
            takes \(peers.durable.figure(0)) µs.

            Validating a token while two clients log in all the time: \(logins.description).

            100 servers with detail while two clients launch all the time, so that the newest hundred are never the same: \
            \(launches.description).

            """
        print(results)
        if let output = options.output { try results.write(toFile: output, atomically: true, encoding: .utf8) }
    }

    private static func table(
        _ questions: [Question], _ taken: [[Answering]], _ peers: (healthz: Double, durable: Double)
    ) -> String {
        let lines = zip(questions, taken).map { question, taken in
            let peer = question.peer == .healthz ? peers.healthz : peers.durable
            let figures = [
                question.goal, taken.median(\.perSecond).figure(0), taken.median(\.p50).figure(0),
                taken.median(\.p99).figure(0), taken.median(\.processor).figure(0),
                (taken.median(\.p50) / peer).figure(2), taken.median(\.errors).figure(0),
            ]
            return (name: question.name, figures: figures)
        }
        return MarkdownTable.text(
            ["goal", "answers/s", "p50 µs", "p99 µs", "CPU µs/answer", "p50 to the peer's", "errors"], lines)
    }

    static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
