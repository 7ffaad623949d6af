import Database
import ServiceCore

/// Writes what was measured into the finest archive, and makes of complete rows the values of the coarser ones. It
/// belongs to one transaction.
struct StatisticsRecorder {
    private let instances = InstanceStore()
    private let store = StatisticsStore()
    private let now: Timestamp
    /// For each archive but the finest, the first value that is not made yet.
    private(set) var next: [Int64?]

    init(now: Timestamp, next: [Int64?]) {
        self.now = now
        self.next = next
    }

    /// Takes what was measured on each host. What is complete by now becomes coarser, and what is too old goes.
    mutating func record(
        _ measured: [(host: String, intervals: [StatisticsInterval])], in transaction: borrowing Transaction
    ) throws {
        var recorded: [StatisticsStore.Recorded] = []
        for (host, intervals) in measured {
            // Who has been deleted since is not recorded any more.
            let onHost = try instances.recorded(onHost: host, in: transaction)
            try write(intervals, onHost, in: transaction)
            recorded += onHost
        }
        for archive in StatisticsArchive.all.dropFirst() {
            try consolidate(into: archive, recorded, in: transaction)
        }
    }

    private func write(
        _ intervals: [StatisticsInterval], _ recorded: [StatisticsStore.Recorded], in transaction: borrowing Transaction
    ) throws {
        let archive = StatisticsArchive.finest
        let numbers = Dictionary(recorded.map { ($0.id.text, $0.number) }) { first, _ in first }
        var pending: [Int64: [(number: Int, slot: Int, value: StatisticsChunk.Value)]] = [:]
        for interval in intervals {
            guard let number = numbers[interval.instanceID] else { continue }
            for slot in interval.slots {
                let place = archive.place(of: slot)
                pending[place.chunk, default: []].append((number, place.slot, interval.value))
            }
        }
        for (chunk, values) in pending {
            var rows = try rows(archive, at: chunk, in: transaction)
            for (number, slot, value) in values {
                rows[number, default: StatisticsChunk(archive)].set(value, at: slot)
            }
            for number in Set(values.map(\.number)).sorted() {
                try rows[number].map { try store.write($0, of: number, archive, at: chunk, in: transaction) }
            }
        }
    }

    /// Makes the values of an archive that are complete by now. A value is one row of the archive before.
    private mutating func consolidate(
        into archive: StatisticsArchive, _ recorded: [StatisticsStore.Recorded], in transaction: borrowing Transaction
    ) throws {
        let finer = StatisticsArchive.all[archive.number - 1]
        let end = now.seconds / archive.step
        let start = try next[archive.number] ?? resume(archive, finer, in: transaction)
        next[archive.number] = end
        guard start < end else { return }
        for slot in max(start, end - finer.chunks)..<end {
            var values: [(number: Int, value: StatisticsChunk.Value)] = []
            for row in try store.chunks(finer, at: slot, in: transaction) {
                let value = row.chunk.consolidated()
                if value.means.contains(where: { $0 != nil }) { values.append((row.number, value)) }
            }
            guard !values.isEmpty else { continue }
            let place = archive.place(of: slot)
            var rows = try rows(archive, at: place.chunk, in: transaction)
            for (number, value) in values {
                rows[number, default: StatisticsChunk(archive)].set(value, at: place.slot)
                try rows[number].map { try store.write($0, of: number, archive, at: place.chunk, in: transaction) }
            }
            if archive == InstanceLoad.archive { try updateLoads(values, at: slot, recorded, in: transaction) }
        }
        for archive in [finer, archive] {
            let oldest = now.seconds / archive.span - archive.chunks
            try store.removeChunks(before: oldest, archive, in: transaction)
        }
    }

    /// Where an earlier run of the program stopped: the values of its last row are made again, which changes nothing.
    private func resume(
        _ archive: StatisticsArchive, _ finer: StatisticsArchive, in transaction: borrowing Transaction
    ) throws -> Int64 {
        if let extent = try store.extent(of: archive, in: transaction) {
            return extent.upperBound * Int64(archive.slots)
        }
        return try store.extent(of: finer, in: transaction)?.lowerBound ?? now.seconds / archive.step
    }

    private func updateLoads(
        _ values: [(number: Int, value: StatisticsChunk.Value)], at slot: Int64,
        _ recorded: [StatisticsStore.Recorded], in transaction: borrowing Transaction
    ) throws {
        let instances = Dictionary(recorded.map { ($0.number, $0) }) { first, _ in first }
        for (number, value) in values {
            guard let instance = instances[number], let cpu = value.means[StatisticsMetric.cpu.rawValue] else {
                continue
            }
            var load = try store.load(of: instance.id, in: transaction) ?? InstanceLoad(slot: slot)
            load.take(cpu, at: slot)
            try store.save(load, of: instance, in: transaction)
        }
    }

    private func rows(
        _ archive: StatisticsArchive, at chunk: Int64, in transaction: borrowing Transaction
    ) throws -> [Int: StatisticsChunk] {
        let rows = try store.chunks(archive, at: chunk, in: transaction)
        return Dictionary(rows.map { ($0.number, $0.chunk) }) { first, _ in first }
    }
}
