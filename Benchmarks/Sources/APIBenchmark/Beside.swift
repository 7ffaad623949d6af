import BenchmarkKit

/// Whether those who ask one thing are delayed by others who ask another all the time.
struct Beside {
    let alone, beside: Answering

    /// - Parameter others: what two clients ask meanwhile.
    init(
        _ question: Question, _ others: Question, _ program: DaybreakProgram, _ client: CloudClient, seconds: Int
    ) throws {
        APIBenchmark.note("\(question.name), while others \(others.name)")
        alone = try question.measure(program, token: client.token, seconds: seconds)
        var others = others
        others.connections = 2
        // They begin a little earlier, and end a little later.
        let load = try Wrk(program.address + others.path, others.load(token: client.token), .shared, seconds: seconds + 2)
        beside = try question.measure(program, token: client.token, seconds: seconds, rested: false)
        _ = try load.report()
    }

    /// Both times of the middle and of the slowest hundredth, in microseconds.
    var description: String {
        "p50 \(alone.p50.figure(0)) µs alone and \(beside.p50.figure(0)) µs then, p99 \(alone.p99.figure(0)) µs and "
            + "\(beside.p99.figure(0)) µs"
    }
}
