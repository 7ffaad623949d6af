import ComputeHost
import Testing

@testable import Compute

struct StatisticsIntervalTests {
    private static let id = "5c242396-3c7b-4bc6-bec1-3df8eb57d53d"

    private static func reading(
        at milliseconds: Int64, cpu: UInt64? = nil, vcpus: Int? = 1, disks: [(String, UInt64)] = [],
        interfaces: [(String, UInt64)] = []
    ) -> DomainStatistics {
        var reading = DomainStatistics(instanceID: id, takenAt: milliseconds, cpuTime: cpu, vcpus: vcpus)
        reading.disks = disks.map {
            DiskStatistics(name: $0, readBytes: $1, readRequests: 0, writtenBytes: 0, writeRequests: 0)
        }
        reading.interfaces = interfaces.map {
            InterfaceStatistics(name: $0, receivedBytes: $1, receivedPackets: 0, sentBytes: 0, sentPackets: 0)
        }
        return reading
    }

    private static func value(
        _ metric: StatisticsMetric, _ old: DomainStatistics, _ new: DomainStatistics
    ) throws -> Double? {
        try #require(StatisticsInterval(from: old, to: new)).value.means[metric.rawValue]
    }

    @Test func `processor time becomes percent of all virtual processors`() throws {
        let (start, end) = (
            Self.reading(at: 0, cpu: 0, vcpus: 2), Self.reading(at: 10_000, cpu: 5_000_000_000, vcpus: 2)
        )
        #expect(try Self.value(.cpu, start, end) == 25)
        let busy = Self.reading(at: 10_000, cpu: 20_100_000_000, vcpus: 2)
        #expect(try Self.value(.cpu, start, busy) == 100)
    }

    @Test func `a counter that began anew tells nothing, and nothing is not zero`() throws {
        let (start, end) = (
            Self.reading(at: 0, cpu: 9, disks: [("vda", 7)]), Self.reading(at: 10_000, cpu: 1, disks: [("vda", 9)])
        )
        #expect(try Self.value(.cpu, start, end) == nil)
        #expect(try Self.value(.diskRead, start, end) == 0.2)
        #expect(try Self.value(.received, start, end) == nil)
        let idle = Self.reading(at: 10_000, cpu: 9, disks: [("vda", 7)])
        #expect(try Self.value(.cpu, start, idle) == 0)
    }

    @Test func `a counter may be as large as its type`() throws {
        let start = Self.reading(at: 0, disks: [("vda", UInt64.max - 1_000)])
        #expect(try Self.value(.diskRead, start, Self.reading(at: 10_000, disks: [("vda", UInt64.max)])) == 100)
        // One that wrapped around is taken as one that began anew.
        #expect(try Self.value(.diskRead, start, Self.reading(at: 10_000, disks: [("vda", 5)])) == nil)
    }

    @Test func `a device that comes or goes makes no jump`() throws {
        let one = Self.reading(at: 0, interfaces: [("tap1", 1_000)])
        let two = Self.reading(at: 10_000, interfaces: [("tap1", 2_000), ("tap2", 1 << 40)])
        let after = Self.reading(at: 20_000, interfaces: [("tap2", (1 << 40) + 500)])
        #expect(try Self.value(.received, one, two) == 100)
        #expect(try Self.value(.received, two, after) == 50)
        #expect(try Self.value(.received, one, after) == nil)
    }

    @Test func `readings too far apart, or of a clock that went back, tell nothing`() {
        let start = Self.reading(at: 100_000, cpu: 0)
        #expect(StatisticsInterval(from: start, to: Self.reading(at: 130_000, cpu: 1)) != nil)
        #expect(StatisticsInterval(from: start, to: Self.reading(at: 130_001, cpu: 1)) == nil)
        #expect(StatisticsInterval(from: start, to: Self.reading(at: 100_000, cpu: 1)) == nil)
        #expect(StatisticsInterval(from: start, to: Self.reading(at: 90_000, cpu: 1)) == nil)
    }

    @Test func `each ten seconds belong to exactly one interval, however the readings are late`() throws {
        for _ in 0..<200 {
            var time: Int64 = 1_000_000
            var taken: [Int64] = []
            var first: Int64?
            while time < 2_000_000 {
                let next = time + Int64.random(in: 1...30_000)
                let slots = try #require(
                    StatisticsInterval(from: Self.reading(at: time, cpu: 0), to: Self.reading(at: next, cpu: 1))
                ).slots
                if first == nil, !slots.isEmpty { first = slots.lowerBound }
                taken += slots
                time = next
            }
            let start = try #require(first)
            #expect(taken == Array(start..<start + Int64(taken.count)))
        }
    }
}
