import BenchmarkKit
import Foundation

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
    let command: String

    init() {
        let words = Array(CommandLine.arguments.dropFirst())
        command = (["HTTPBenchmark"] + words).joined(separator: " ")
        var rest = words[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { Self.refuse(name) }
            switch (name, Int(value)) {
            case ("--rounds", let number?) where 1...99 ~= number: rounds = number
            case ("--seconds", let number?) where 1...60 ~= number: seconds = number
            case ("--connections", let number?): connections = number
            case ("--placement", _):
                guard let placement = Placement(rawValue: value) else { Self.refuse(name) }
                placements = [placement]
            case ("--only", _): only = value
            case ("--output", _): output = value
            default: Self.refuse(name)
            }
        }
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

    private static func refuse(_ option: String) -> Never {
        let usage = """
            HTTPBenchmark: cannot make sense of \(option)
            usage: HTTPBenchmark [--rounds N] [--seconds N] [--placement apart|shared] [--connections 8|64|1000|16] \
            [--only NAME] [--output FILE]

            """
        FileHandle.standardError.write(Data(usage.utf8))
        exit(2)
    }
}
