import ComputeHost
import Database
import Foundation
import Logging
import ServiceCore
import Synchronization

/// Asks every host, every ten seconds, what its guests have used, and has all of it written in one transaction.
///
/// All hosts are asked at once, each on a thread of its own: one that hangs takes nothing from the others.
///
/// A thread of its own and not a job: the table of jobs would be written twice for every reading.
final class StatisticsSampler: Sendable {
    private struct State {
        /// The counters at the last reading, by host and instance.
        var counters: [String: [String: DomainStatistics]] = [:]
        /// What the guests of each host that answers used.
        var loads: [String: HostLoad] = [:]
        var next: [Int64?] = StatisticsArchive.all.map { _ in nil }
        /// The row of the finest archive that was written last.
        var chunk: Int64 = 0
        /// Hosts that did not answer last time.
        var silent: Set<String> = []
        /// Hosts that are being asked; one that hangs is not asked once more.
        var asked: Set<String> = []
    }

    private static let period = TimeInterval(StatisticsArchive.finest.step)

    private let work: InstanceWork
    /// How long the hosts' answers are waited for.
    private let patience: DispatchTimeInterval
    private let state = Mutex(State())
    private let condition = NSCondition()
    nonisolated(unsafe) private var isStopping = false  // guarded by `condition`

    init(_ work: InstanceWork, patience: DispatchTimeInterval = .seconds(5)) {
        self.work = work
        self.patience = patience
    }

    /// Begins to read. Call it once.
    func start() {
        let thread = Thread { [self] in
            while waitForNextTime() {
                do {
                    try sample()
                } catch {
                    work.log.error("the statistics could not be written", metadata: ["error": "\(error)"])
                }
            }
        }
        thread.name = "statistics"
        thread.start()
    }

    /// Ends the thread after what it is doing.
    func stop() {
        condition.withLock {
            isStopping = true
            condition.signal()
        }
    }

    /// What the guests of each host use; hosts that do not answer are missing.
    var loads: [String: HostLoad] { state.withLock { $0.loads } }

    /// Reads once. What is known is the change since the reading before: the first one tells nothing.
    /// - Throws: `DatabaseError`. A host that does not answer is logged; its guests' use is not known.
    func sample() throws {
        let measured = measure()
        let now = work.clock.now()
        let chunk = now.seconds / StatisticsArchive.finest.span
        var (next, last) = state.withLock { ($0.next, $0.chunk) }
        // Without guests the database is only looked at when values may have become complete.
        guard chunk != last || measured.contains(where: { !$0.intervals.isEmpty }) else { return }
        next = try work.database.write { transaction in
            var recorder = StatisticsRecorder(now: now, next: next)
            try recorder.record(measured, in: transaction)
            return recorder.next
        }
        last = chunk
        state.withLock { state in
            state.next = next
            state.chunk = last
        }
    }

    private func measure() -> [(host: String, intervals: [StatisticsInterval])] {
        let readings = readings()
        return work.hosts.hosts.map { host in
            // What a host counted before it fell silent still tells what was used, if it is not silent for long.
            guard let readings = readings[host] else { return (host, []) }
            let earlier = state.withLock { $0.counters[host] ?? [:] }
            var intervals: [StatisticsInterval] = []
            var load = HostLoad()
            for reading in readings {
                guard let interval = earlier[reading.instanceID].flatMap({ StatisticsInterval(from: $0, to: reading) })
                else { continue }
                intervals.append(interval)
                load.add(interval.value, vcpus: reading.vcpus ?? 1)
            }
            state.withLock { state in
                state.counters[host] = Dictionary(readings.map { ($0.instanceID, $0) }) { first, _ in first }
                state.loads[host] = load
            }
            return (host, intervals)
        }
    }

    /// What the hosts that answer in time have counted. An answer that comes later is dropped.
    private func readings() -> [String: [DomainStatistics]] {
        let answers = Answers()
        let group = DispatchGroup()
        for host in work.hosts.hosts where state.withLock({ $0.asked.insert(host).inserted }) {
            group.enter()
            Thread.detachNewThread { [self] in
                let reading = read(host)
                answers.all.withLock { $0[host] = reading }
                state.withLock { _ = $0.asked.remove(host) }
                group.leave()
            }
        }
        _ = group.wait(timeout: .now() + patience)
        for host in state.withLock({ $0.asked }) { fellSilent(host, "it takes too long to answer") }
        return answers.all.withLock { $0 }
    }

    /// Of one round.
    private final class Answers: Sendable {
        let all = Mutex<[String: [DomainStatistics]]>([:])
    }

    /// Nil when the host does not answer.
    private func read(_ host: String) -> [DomainStatistics]? {
        guard let services = work.hosts.services(on: host) else { return nil }
        do {
            let readings = try services.hypervisor.statistics()
            state.withLock { _ = $0.silent.remove(host) }
            return readings
        } catch {
            fellSilent(host, error.reason)
            return nil
        }
    }

    private func fellSilent(_ host: String, _ reason: String) {
        let isNew = state.withLock { state in
            state.loads[host] = nil
            return state.silent.insert(host).inserted
        }
        guard isNew else { return }
        // Once, and not every ten seconds.
        work.log.warning("a host gives no statistics", metadata: ["host": "\(host)", "error": "\(reason)"])
    }

    /// Waits for the next whole ten seconds; false when it is over.
    private func waitForNextTime() -> Bool {
        let now = Date().timeIntervalSince1970
        let due = Date(timeIntervalSince1970: (now / Self.period).rounded(.down) * Self.period + Self.period)
        return condition.withLock {
            while !isStopping, Date() < due { _ = condition.wait(until: due) }
            return !isStopping
        }
    }
}
