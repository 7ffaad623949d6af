import BenchmarkKit

/// Whether people who log in delay those who are in already.
enum Logins {
    /// The p99 of a token's validation in microseconds: alone, and while two clients log in all the time.
    static func delay(
        _ program: DaybreakProgram, _ client: CloudClient, seconds: Int
    ) throws -> (alone: Double, beside: Double) {
        let question = Question(name: "", path: "/identity/v3/auth/tokens", connections: 2, goal: "", peer: .healthz)
        APIBenchmark.note("validation while others log in")
        let alone = try question.measure(program, token: client.token, seconds: seconds)
        var load = Wrk.Load(connections: 2)
        load.fields = ["Content-Type": "application/json"]
        load.method = "POST"
        load.contents = [CloudClient.credentials]
        let logins = try Wrk(program.address + question.path, load, .shared, seconds: seconds)
        let beside = try question.measure(program, token: client.token, seconds: seconds)
        _ = try logins.report()
        return (alone.p99, beside.p99)
    }
}
