import ComputeHost
import Database
import Foundation
import ServiceCore
import TestSupport
import Testing

@testable import Compute

/// What measuring a thousand guests costs the disk.
struct StatisticsSizeTests {
    private static let guests = 1_000
    private let directory: TemporaryDirectory
    private let start: Int64 = 1_767_225_600

    init() throws {
        directory = try TemporaryDirectory()
        let database = try open()
        try database.migrate(ComputeSchema.migrations)
        try database.write { transaction in
            for number in 1...Self.guests {
                _ = try transaction.execute(
                    """
                    INSERT INTO instances (id, number, name, description, project_id, project_name, user_id, user_name,
                        vm_state, power_state, host, availability_zone, flavor_id, flavor_name, vcpus, memory_mib,
                        disk_gib, claimed_vcpus, claimed_memory_mib, claimed_disk_gib, image_id, image_name,
                        launch_index, reservation_id, config_drive, created_at, updated_at, revision)
                    VALUES (\(Self.id(number)), \(number), '', '', 'p', '', '', '', 'active', 1, 'node1', '', '', '',
                        1, 512, 1, 1, 512, 1, '', '', 0, '', 0, 0, 0, 0)
                    """)
            }
        }
    }

    /// The log begins anew with each opening.
    private func open() throws -> DatabasePool { try DatabasePool(path: directory.path + "/test.sqlite") }

    private static func id(_ number: Int) -> String {
        // Spread as random ids are.
        let digits = String(UInt64(number) &* 0x9e37_79b9_7f4a_7c15, radix: 16)
        return "\(digits)-\(number)"
    }

    private func interval(_ number: Int, at second: Int64) throws -> StatisticsInterval {
        func reading(_ second: Int64) -> DomainStatistics {
            let count = UInt64(second) * UInt64(number)
            var reading = DomainStatistics(
                instanceID: Self.id(number), takenAt: second * 1_000, cpuTime: count, vcpus: 1)
            reading.memory = MemoryStatistics(current: 4_000, available: 3_000, usable: 1_000, resident: 5_000)
            reading.disks = [
                DiskStatistics(
                    name: "vda", readBytes: count, readRequests: count, writtenBytes: count, writeRequests: count)
            ]
            reading.interfaces = [
                InterfaceStatistics(
                    name: "tap", receivedBytes: count, receivedPackets: count, sentBytes: count, sentPackets: count)
            ]
            return reading
        }
        return try #require(StatisticsInterval(from: reading(second - 10), to: reading(second)))
    }

    /// The pages of 4 KiB that a reading of all guests adds to the write-ahead log.
    private func pages(at second: Int64, _ next: inout [Int64?]) throws -> Int {
        func size() throws -> Int {
            try FileManager.default.attributesOfItem(atPath: directory.path + "/test.sqlite-wal")[.size] as? Int ?? 0
        }
        let database = try open()
        let intervals = try (1...Self.guests).map { try interval($0, at: second) }
        let before = try size()
        next = try database.write { [next] transaction in
            var recorder = StatisticsRecorder(now: Timestamp(milliseconds: second * 1_000), next: next)
            try recorder.record([("node1", intervals)], in: transaction)
            return recorder.next
        }
        return (try size() - before) / 4_120
    }

    @Test func `a reading of a thousand guests is written to few pages`() throws {
        var next: [Int64?] = StatisticsArchive.all.map { _ in nil }
        var written: [Int] = []
        for tick in 1...12 {
            written.append(try pages(at: start + Int64(tick) * 10, &next))
        }
        // The row of an instance grows to 12 values of 11 metrics, 266 bytes.
        #expect(written.dropLast().allSatisfy { $0 <= 110 }, "\(written)")
        // With the last one two minutes are over: the next archive and the lines of the lists as well.
        #expect(try #require(written.last) <= 240, "\(written)")
    }
}
