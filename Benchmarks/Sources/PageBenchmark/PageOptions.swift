import BenchmarkKit

/// The command line: `--program .build/release/daybreak --counts 10,100 --rounds 3 --seconds 2 --connections 2
/// --output FILE`.
struct PageOptions {
    var program = ".build/release/daybreak"
    var counts = [10, 100, 1000, 100_000]
    var rounds = 3
    var seconds = 2
    var connections = 2
    /// Where the table is written, if anywhere.
    var output: String?
    /// As it can be typed again.
    private(set) var command = ""

    init() {
        let usage = """
            [--program FILE] [--counts N,N] [--rounds N] [--seconds N] [--connections N] [--output FILE]
            """
        command = CommandWords.read(usage: usage) { take($0, $1) }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--rounds": rounds = CommandWords.number(value, 1...99) ?? 0
        case "--seconds": seconds = CommandWords.number(value, 1...60) ?? 0
        case "--connections": connections = CommandWords.number(value, 1...1000) ?? 0
        case "--counts": counts = value.split(separator: ",").map { Int($0) ?? 0 }
        case "--program": program = value
        case "--output": output = value
        default: return false
        }
        return rounds > 0 && seconds > 0 && connections > 0 && !counts.isEmpty && counts.allSatisfy { $0 > 0 }
    }
}
