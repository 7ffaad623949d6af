import Compute
import Foundation

/// Chooses among a thousand hosts, every filter asked, and prints the time beside that of a plain loop over the same
/// hosts that only looks for the most free memory. `SchedulerBenchmark 10` makes ten rounds, for a counter of
/// instructions; `SchedulerBenchmark 10 loop` only those of the loop.
@main
enum SchedulerBenchmark {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        let rounds = arguments.first.flatMap { Int($0) } ?? 2000
        let only = arguments.dropFirst().first
        let hosts = Self.hosts(1000)
        let full = hosts.map { host in
            var host = host
            host.used.memoryMiB = host.total.memoryMiB * 2
            return host
        }
        let scheduler = Scheduler()
        let cases: [(name: String, what: String, round: () -> Int)] = [
            ("loop", "a plain loop", { loop(hosts) }),
            ("plain", "the scheduler, size only", { verdicts(scheduler.decide(plain, among: hosts)) }),
            ("everything", "the scheduler, every filter", { verdicts(scheduler.decide(everything, among: hosts)) }),
            ("refused", "the scheduler, every host refused", { verdicts(scheduler.decide(plain, among: full)) }),
        ]
        var loopTime = Double.nan
        for (name, what, round) in cases where only == nil || only == name {
            let time = measure(rounds: rounds, round)
            if name == "loop" { loopTime = time.median }
            print(
                String(
                    format: "%@: median %.1f µs, least %.1f µs, %.1f times the loop", what, time.median, time.least,
                    time.median / loopTime))
        }
    }

    private static let plain = PlacementRequest(vcpus: 1, memoryMiB: 512, diskGiB: 1)

    /// Asks for a zone, an aggregate's metadata, what an image needs, and a group with members on half of the hosts.
    private static let everything: PlacementRequest = {
        var request = PlacementRequest(vcpus: 1, memoryMiB: 512, diskGiB: 1, availabilityZone: "nova")
        request.extraSpecs = ["aggregate_instance_extra_specs:ssd": "true"]
        request.image = ImageRequirements(properties: ["hw_architecture": "x86_64", "img_hv_type": "qemu"])
        let members = Dictionary(uniqueKeysWithValues: (0..<500).map { ("compute-node-\($0 * 2)", 1) })
        request.group = GroupRequirement(name: "web", policy: .softAntiAffinity, members: members)
        return request
    }()

    private static func hosts(_ count: Int) -> [HostSnapshot] {
        (0..<count).map { index in
            var host = HostSnapshot(
                name: "compute-node-\(index)",
                total: HostResources(vcpus: 64, memoryMiB: 262_144, diskGiB: 4000),
                used: HostResources(vcpus: index % 50, memoryMiB: index * 97 % 200_000, diskGiB: index % 1000))
            host.properties = ["ssd": ["true"], "rack": ["\(index / 40)"]]
            return host
        }
    }

    private static func loop(_ hosts: [HostSnapshot]) -> Int {
        var best = 0
        for index in hosts.indices
        where hosts[index].total.memoryMiB - hosts[index].used.memoryMiB
            > hosts[best].total.memoryMiB - hosts[best].used.memoryMiB
        {
            best = index
        }
        return best + 1
    }

    private static func verdicts(_ decision: SchedulingDecision) -> Int { decision.verdicts.count }

    /// The median and the least time of one round, in microseconds.
    private static func measure(rounds: Int, _ round: () -> Int) -> (median: Double, least: Double) {
        let clock = ContinuousClock()
        var total = 0
        let times = (0..<max(1, rounds)).map { _ in
            let time = clock.measure { total += round() }
            return Double(time.components.attoseconds) / 1e12 + Double(time.components.seconds) * 1e6
        }.sorted()
        precondition(total > 0, "hosts were judged")
        return (times[times.count / 2], times[0])
    }
}
