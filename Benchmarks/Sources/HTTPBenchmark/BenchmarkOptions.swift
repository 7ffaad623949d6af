import BenchmarkKit

/// The command line: `--rounds 3 --seconds 2 --placement apart --connections 64 --only Daybreak --output FILE`.
struct BenchmarkOptions {
    var rounds = 3
    var seconds = 2
    /// Where the tables are written, if anywhere.
    var output: String?
    var placements = Placement.allCases
    private var connections: Int?
    private var only: String?

    /// As it can be typed again.
    private(set) var command = ""

    init() {
        let usage = """
            [--rounds N] [--seconds N] [--placement apart|shared] [--connections 8|64|1000|16] [--only NAME] \
            [--output FILE]
            """
        command = CommandWords.read(usage: usage) { take($0, $1) }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--rounds": rounds = CommandWords.number(value, 1...99) ?? 0
        case "--seconds": seconds = CommandWords.number(value, 1...60) ?? 0
        case "--connections": connections = Int(value)
        case "--placement": placements = Placement(rawValue: value).map { [$0] } ?? []
        case "--only": only = value
        case "--output": output = value
        default: return false
        }
        return rounds > 0 && seconds > 0 && !placements.isEmpty
    }

    /// The C loop, which all are compared with, and those whose name holds the wanted text.
    var contenders: [Contender] {
        Contender.all.enumerated().filter { index, contender in
            index == 0 || only.map { contender.name.contains($0) } ?? true
        }.map(\.element)
    }

    func includes(_ scenario: Scenario) -> Bool {
        connections.map { $0 == scenario.load.connections } ?? true
    }
}
