import Foundation

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
    let command: String

    init() {
        let words = Array(CommandLine.arguments.dropFirst())
        command = (["PageBenchmark"] + words).joined(separator: " ")
        var rest = words[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { Self.refuse(name) }
            switch (name, Int(value)) {
            case ("--rounds", let number?) where 1...99 ~= number: rounds = number
            case ("--seconds", let number?) where 1...60 ~= number: seconds = number
            case ("--connections", let number?) where 1...1000 ~= number: connections = number
            case ("--counts", _):
                counts = value.split(separator: ",").compactMap { Int($0) }.filter { $0 > 0 }
                if counts.isEmpty { Self.refuse(name) }
            case ("--program", _): program = value
            case ("--output", _): output = value
            default: Self.refuse(name)
            }
        }
    }

    private static func refuse(_ option: String) -> Never {
        let usage = """
            PageBenchmark: cannot make sense of \(option)
            usage: PageBenchmark [--program FILE] [--counts N,N] [--rounds N] [--seconds N] [--connections N] \
            [--output FILE]

            """
        FileHandle.standardError.write(Data(usage.utf8))
        exit(2)
    }
}
