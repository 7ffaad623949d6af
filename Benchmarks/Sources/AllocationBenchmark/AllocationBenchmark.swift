import BenchmarkKit
import ComputeHost
import Database
import Foundation
import Networking
import ServiceCore

/// Makes ports on an empty /24 and on /8s of which a million addresses are taken, in one database file, and prints what
/// choosing and taking an address costs in each: the processor time of a port with an address of the service's choice
/// less that of a port without one. `AllocationBenchmark --rounds 400 --taken 1000000`.
@main
enum AllocationBenchmark {
    static func main() throws {
        var (rounds, taken) = (400, 1_000_000)
        _ = CommandWords.read(usage: "[--rounds N] [--taken N]") { name, value in
            switch name {
            case "--rounds": rounds = CommandWords.number(value, 1...100_000) ?? 0
            case "--taken": taken = CommandWords.number(value, 1000...4_000_000) ?? 0
            default: return false
            }
            return rounds > 0 && taken > 0
        }
        let cloud = try Cloud()
        defer { cloud.remove() }
        var cases = [Case("an empty /24", try cloud.network("192.168.7.0/24"), cloud)]
        for (number, pattern) in Pattern.allCases.enumerated() {
            let network = try cloud.network("\(20 + number).0.0.0/8")
            try cloud.fill(network, pattern, taken)
            cases.append(Case("a /8, \(taken) taken, \(pattern.title)", network, cloud))
        }
        // The first rounds are for warming up.
        for round in -20..<rounds {
            for index in cases.indices { try cases[index].measure(isKept: round >= 0) }
        }
        let reference = cases[0].choosing
        print(
            MarkdownTable.text(
                ["port without address, CPU µs", "port with address, CPU µs", "choosing and taking, CPU µs", "ratio"],
                cases.map {
                    (
                        $0.name,
                        [
                            $0.without.median(\.self).figure(1), $0.with.median(\.self).figure(1),
                            $0.choosing.figure(1), ($0.choosing / reference).figure(2),
                        ]
                    )
                }))
    }
}

/// One network, and what ports on it have cost.
struct Case {
    let name: String
    private let network: ID<Network>
    private let cloud: Cloud
    private(set) var without: [Double] = []
    private(set) var with: [Double] = []

    init(_ name: String, _ network: ID<Network>, _ cloud: Cloud) {
        self.name = name
        self.network = network
        self.cloud = cloud
    }

    var choosing: Double { with.median(\.self) - without.median(\.self) }

    mutating func measure(isKept: Bool) throws {
        let without = try cloud.makePort(on: network, hasAddress: false)
        let with = try cloud.makePort(on: network, hasAddress: true)
        guard isKept else { return }
        self.without.append(without)
        self.with.append(with)
    }
}

/// Which of a subnet's addresses are taken.
enum Pattern: CaseIterable {
    /// The lowest, without a gap.
    case dense
    /// The lowest, with one in sixteen given back: what a cloud looks like after a while.
    case holes
    /// One in sixteen of the whole subnet.
    case scattered

    var title: String {
        switch self {
        case .dense: "without a gap"
        case .holes: "one in sixteen given back"
        case .scattered: "all over the subnet"
        }
    }

    /// The place of the address with a number, counted from the subnet's first, as SQL.
    var place: String {
        switch self {
        case .dense: "n + 10"
        case .holes: "n + n / 15 + 10"
        case .scattered: "n * 16 + 10"
        }
    }
}
