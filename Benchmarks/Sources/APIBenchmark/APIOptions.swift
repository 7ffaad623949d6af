import BenchmarkKit

/// The command line: `--program .build/release/daybreak --rounds 3 --seconds 3 --only port --output FILE`.
struct APIOptions {
    var program = ".build/release/daybreak"
    var rounds = 3
    var seconds = 3
    /// Only the questions with this in their names, for a profile of one; all of them without it.
    var only = ""
    /// Where the table is written, if anywhere.
    var output: String?
    /// As it can be typed again.
    private(set) var command = ""

    init() {
        command = CommandWords.read(usage: "[--program FILE] [--rounds N] [--seconds N] [--only TEXT] [--output FILE]") {
            take($0, $1)
        }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--rounds": rounds = CommandWords.number(value, 1...99) ?? 0
        case "--seconds": seconds = CommandWords.number(value, 1...60) ?? 0
        case "--program": program = value
        case "--only": only = value
        case "--output": output = value
        default: return false
        }
        return rounds > 0 && seconds > 0
    }
}
