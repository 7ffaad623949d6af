import Testing

@testable import Compute

struct StatisticsChunkTests {
    private static func random(_ archive: StatisticsArchive, known: Double) -> (StatisticsChunk, [[Double?]]) {
        var chunk = StatisticsChunk(archive)
        var columns: [[Double?]] = []
        for slot in 0..<archive.slots {
            var value = StatisticsChunk.Value()
            for metric in StatisticsMetric.allCases where Double.random(in: 0..<1) < known {
                // Whole numbers, which the codes hold exactly.
                let mean = Double(Int.random(in: 0...1_000))
                value.means[metric.rawValue] = mean
                value.peaks[metric.rawValue] = archive.hasPeaks ? mean + Double(Int.random(in: 0...1_000)) : mean
            }
            chunk.set(value, at: slot)
            columns.append(value.means)
        }
        return (chunk, columns)
    }

    @Test(arguments: StatisticsArchive.all)
    func `a row comes back from its bytes as it was`(_ archive: StatisticsArchive) {
        for known in [0, 0.2, 0.9, 1] {
            let (chunk, _) = Self.random(archive, known: known)
            #expect(StatisticsChunk(chunk.data, archive) == chunk)
        }
    }

    @Test(arguments: StatisticsArchive.all)
    func `a row that was cut short is unknown at its end, and nothing worse`(_ archive: StatisticsArchive) {
        let data = Self.random(archive, known: 1).0.data
        for length in 0..<data.count { _ = StatisticsChunk(Array(data.prefix(length)), archive) }
        #expect(StatisticsChunk([], archive) == StatisticsChunk(archive))
    }

    @Test func `what a host does not count takes no room`() {
        var chunk = StatisticsChunk(.finest)
        #expect(chunk.data.count == 2)
        var value = StatisticsChunk.Value()
        value.means[StatisticsMetric.cpu.rawValue] = 5
        chunk.set(value, at: 3)
        #expect(chunk.data.count == 2 + 12 * 2)
    }

    @Test(arguments: StatisticsArchive.all.dropLast())
    func `the coarser value is what one would reckon from the finer ones`(_ archive: StatisticsArchive) throws {
        for _ in 0..<200 {
            let (chunk, columns) = Self.random(archive, known: Double.random(in: 0...1))
            let coarse = chunk.consolidated()
            for metric in StatisticsMetric.allCases {
                let known = columns.compactMap { $0[metric.rawValue] }
                guard known.count * 2 >= archive.slots else {
                    #expect(coarse.means[metric.rawValue] == nil)
                    #expect(coarse.peaks[metric.rawValue] == nil)
                    continue
                }
                let mean = try #require(coarse.means[metric.rawValue])
                #expect(abs(mean - known.reduce(0, +) / Double(known.count)) < 1e-9)
                let peak = try #require(coarse.peaks[metric.rawValue])
                #expect(peak == (0..<archive.slots).compactMap { chunk.peak(metric, at: $0) }.max())
                #expect(peak >= known.max() ?? 0)
            }
        }
    }

    @Test func `a chunk of one archive is as long as one value of the next`() {
        for (finer, coarser) in zip(StatisticsArchive.all, StatisticsArchive.all.dropFirst()) {
            #expect(finer.span == coarser.step)
        }
        for archive in StatisticsArchive.all { #expect(archive.kept % archive.slots == 0) }
        #expect(StatisticsArchive.all.map { $0.step * Int64($0.kept) } == [3_600, 86_400, 7 * 86_400, 30 * 86_400])
    }
}
