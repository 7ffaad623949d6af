import ComputeHost
import Database
import Foundation
import ServiceCore
import Synchronization
import TestSupport
import Testing

@testable import Compute

struct StatisticsTests {
    private let cloud: TestCloud

    init() throws {
        cloud = try TestCloud()
        cloud.host.setTime(cloud.clock.now().milliseconds)
    }

    /// Lets time pass and measures every ten seconds.
    private func run(_ seconds: Int64, _ cloud: TestCloud? = nil) throws {
        let cloud = cloud ?? self.cloud
        for _ in 0..<seconds / 10 {
            cloud.clock.advance(seconds: 10)
            cloud.host.setTime(cloud.clock.now().milliseconds)
            try cloud.compute.sampleStatistics()
        }
    }

    @Test func `what a guest uses is known, ten seconds by ten seconds, in every metric`() throws {
        let web = try cloud.launch()
        try cloud.compute.sampleStatistics()
        try run(600)
        let statistics = try cloud.compute.statistics(of: web.id, over: .hour, as: TestCloud.member)
        #expect(statistics.step == 10)
        #expect(statistics.count == 360)
        #expect(statistics.time(of: 360) == cloud.clock.now())
        for metric in StatisticsMetric.allCases {
            let values = statistics.means(of: metric)
            #expect(values.suffix(60).allSatisfy { $0 != nil }, "\(metric)")
            #expect(values.prefix(300).allSatisfy { $0 == nil }, "\(metric)")
            #expect(statistics.latest(of: metric) == values[359])
        }
        #expect(statistics.means(of: .cpu).compactMap { $0 }.allSatisfy { 0 < $0 && $0 <= 100 })
        let memory = try #require(statistics.latest(of: .memoryUsed))
        #expect(memory > 0 && memory < Double(web.flavor.memoryMiB) * 1_048_576)
    }

    @Test func `coarse values are the means of the fine ones, and their peaks the largest`() throws {
        let web = try cloud.launch()
        try cloud.compute.sampleStatistics()
        try run(3_600)
        let fine = try cloud.compute.statistics(of: web.id, over: .hour, as: TestCloud.member)
        let day = try cloud.compute.statistics(of: web.id, over: .day, as: TestCloud.member)
        for metric in StatisticsMetric.allCases {
            for part in 0..<30 {
                let values = fine.means(of: metric)[part * 12..<(part + 1) * 12].compactMap { $0 }
                let mean = try #require(day.means(of: metric)[690 + part])
                let expected = values.reduce(0, +) / Double(values.count)
                #expect(abs(mean - expected) <= expected / 1_000, "\(metric) \(part)")
                #expect(day.peaks(of: metric)[690 + part] == values.max())
            }
        }
        let week = try cloud.compute.statistics(of: web.id, over: .week, as: TestCloud.member)
        let hours = day.means(of: .cpu).suffix(30).compactMap { $0 }
        let tens = week.means(of: .cpu).suffix(6).compactMap { $0 }
        #expect(tens.count == 6)
        let difference: Double = tens.reduce(0, +) / 6 - hours.reduce(0, +) / 30
        #expect(abs(difference) < 0.1)
        let month = try cloud.compute.statistics(of: web.id, over: .month, as: TestCloud.member)
        #expect(month.means(of: .cpu).suffix(1).allSatisfy { $0 != nil })
        let largest = week.peaks(of: .cpu).suffix(6).compactMap { $0 }.max()
        #expect(month.peaks(of: .cpu).last == largest)
    }

    @Test func `while a guest is off nothing is known, and it is not zero`() throws {
        let web = try cloud.launch()
        try cloud.compute.sampleStatistics()
        try run(120)
        try cloud.host.powerOff(web.id.text)
        try run(120)
        _ = try cloud.host.start(web.id.text)
        try run(120)
        let values = try cloud.compute.statistics(of: web.id, over: .hour, as: TestCloud.member).means(of: .cpu)
        let pattern = values.suffix(36).map { $0 == nil ? "-" : "x" }.joined()
        #expect(pattern == "xxxxxxxxxxxx-------------xxxxxxxxxxx")
    }

    @Test func `a host that is away leaves a gap, and one that is late none`() throws {
        let web = try cloud.launch()
        try cloud.compute.sampleStatistics()
        try run(60)
        // One reading is missed: the counters still hold what was used.
        cloud.clock.advance(seconds: 10)
        try run(60)
        cloud.host.setUnavailable("libvirtd was stopped")
        try run(10)
        cloud.host.setUnavailable(nil)
        try run(60)
        cloud.host.setUnavailable("libvirtd was stopped")
        try run(60)
        cloud.host.setUnavailable(nil)
        try run(60)
        let values = try cloud.compute.statistics(of: web.id, over: .hour, as: TestCloud.member).means(of: .cpu)
        let pattern = values.suffix(32).map { $0 == nil ? "-" : "x" }.joined()
        #expect(pattern == "xxxxxxxxxxxxxxxxxxxx-------xxxxx")
    }

    @Test func `a host that hangs takes nothing from the others, and is not asked once more`() throws {
        let stuck = InMemoryHost(hostname: "stuck", imagesDirectory: cloud.directory.path)
        let cloud = try TestCloud(others: [stuck])
        _ = try cloud.launch()
        let sampler = StatisticsSampler(cloud.compute.work, patience: .milliseconds(200))
        let calls = Mutex(0)
        let release = DispatchSemaphore(value: 0)
        stuck.setProbe { verb, moment in
            guard verb == .statistics, moment == .begun else { return nil }
            calls.withLock { $0 += 1 }
            release.wait()
            return nil
        }
        let start = ContinuousClock.now
        for _ in 0..<3 {
            cloud.clock.advance(seconds: 10)
            for host in [cloud.host, stuck] { host.setTime(cloud.clock.now().milliseconds) }
            try sampler.sample()
        }
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(calls.withLock { $0 } == 1)
        #expect(sampler.loads["node1"]?.guests == 1)
        #expect(sampler.loads["stuck"] == nil)

        // Once it comes back it is asked again.
        for _ in 0..<20 { release.signal() }
        let deadline = ContinuousClock.now + .seconds(10)
        while sampler.loads["stuck"] == nil, ContinuousClock.now < deadline { try sampler.sample() }
        #expect(sampler.loads["stuck"] != nil)
    }

    @Test func `what all guests of a host use is added up, for administrators`() throws {
        _ = try (cloud.launch("web"), cloud.launch("db"))
        try cloud.compute.sampleStatistics()
        try run(10)
        let load = try #require(try cloud.compute.hostLoads(as: TestCloud.admin)["node1"])
        #expect(load.guests == 2)
        #expect(load.busyVCPUs > 0 && load.busyVCPUs < 2)
        #expect(load.residentBytes > 2 * 64 * 1_048_576)
        #expect(serviceError { _ = try cloud.compute.hostLoads(as: TestCloud.member) }?.kind == .forbidden)
        cloud.host.setUnavailable("libvirtd was stopped")
        try run(10)
        #expect(try cloud.compute.hostLoads(as: TestCloud.admin).isEmpty)
    }

    @Test func `what was measured survives the program, and what it left unfinished is made up for`() throws {
        let web = try cloud.launch()
        try cloud.compute.sampleStatistics()
        try run(3_590)
        let before = try cloud.compute.statistics(of: web.id, over: .hour, as: TestCloud.member)
        let next = try TestCloud(after: cloud)
        let after = try next.compute.statistics(of: web.id, over: .hour, as: TestCloud.member)
        #expect(before.means(of: .cpu) == after.means(of: .cpu))
        // The hour ends while nobody measures.
        next.clock.advance(seconds: 20)
        next.host.setTime(next.clock.now().milliseconds)
        try next.compute.sampleStatistics()
        let month = try next.compute.statistics(of: web.id, over: .month, as: TestCloud.member)
        #expect(month.means(of: .cpu).suffix(1).allSatisfy { $0 != nil })
        try run(20, next)
        let day = try next.compute.statistics(of: web.id, over: .day, as: TestCloud.member)
        #expect(day.means(of: .cpu).suffix(30).allSatisfy { $0 != nil })
    }

    @Test func `no more is kept than the archives hold`() throws {
        _ = try cloud.launch()
        try cloud.compute.sampleStatistics()
        try run(3 * 3_600)
        func rows(_ archive: Int) throws -> Int {
            try cloud.database.read {
                try $0.value("SELECT count(*) FROM instance_measures WHERE archive = \(archive)", as: Int.self) ?? 0
            }
        }
        #expect(try rows(0) <= 32)
        #expect(try rows(1) == 18)
    }

    @Test func `with an instance goes all that was measured of it`() throws {
        let (web, other) = (try cloud.launch(), try cloud.launch("db"))
        try cloud.compute.sampleStatistics()
        try run(4_000)
        try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        try run(20)
        let left = try cloud.database.read { transaction in
            try transaction.map("SELECT DISTINCT instance_number FROM instance_measures") { try $0[0] as Int }
        }
        #expect(left == [other.number])
        #expect(try cloud.compute.loads(of: [web.id, other.id], as: TestCloud.member).keys.map { $0 } == [other.id])
        #expect(throws: ServiceError.self) {
            try cloud.compute.statistics(of: web.id, over: .hour, as: TestCloud.member)
        }
    }

    @Test func `another project's use is not found, and not in a list`() throws {
        let web = try cloud.launch()
        try cloud.compute.sampleStatistics()
        try run(240)
        let error = serviceError { _ = try cloud.compute.statistics(of: web.id, over: .day, as: TestCloud.stranger) }
        #expect(error?.kind == .notFound)
        #expect(try cloud.compute.loads(of: [web.id], as: TestCloud.stranger).isEmpty)
        #expect(try cloud.compute.loads(of: [web.id], as: TestCloud.reader).count == 1)
        #expect(try cloud.compute.loads(of: [web.id], as: TestCloud.admin).count == 1)
        let nobody = RequestContext(userID: "u", userName: "u", projectID: "p-lab", roles: [])
        #expect(serviceError { _ = try cloud.compute.loads(of: [web.id], as: nobody) }?.kind == .forbidden)
    }

    @Test func `the load in lists is that of the last hour, and grows old`() throws {
        let web = try cloud.launch()
        try cloud.compute.sampleStatistics()
        try run(480)
        func load() throws -> InstanceLoad? { try cloud.compute.loads(of: [web.id], as: TestCloud.member)[web.id] }
        let values = try cloud.compute.statistics(of: web.id, over: .day, as: TestCloud.member).means(of: .cpu)
        let fresh = try #require(try load())
        for index in 0..<InstanceLoad.count {
            let expected = values[690 + index]
            #expect((fresh[index] == nil) == (expected == nil))
            if let expected { #expect(abs((fresh[index] ?? 0) - expected) <= 0.26) }
        }
        #expect(fresh.latest != nil)
        cloud.clock.advance(seconds: 600)
        #expect(try load()?.latest == nil)
        cloud.clock.advance(seconds: 3_600)
        #expect(try load() == nil)
    }

    @Test func `no statement about measurements reads a whole table`() throws {
        let web = try cloud.launch()
        try cloud.compute.sampleStatistics()
        try run(3_700)
        for range in StatisticsRange.allCases {
            _ = try cloud.compute.statistics(of: web.id, over: range, as: TestCloud.member)
        }
        _ = try cloud.compute.loads(of: [web.id], as: TestCloud.member)
        try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        let scans = try cloud.database.scans(in: cloud.recorder)
        #expect(scans.filter { $0.hasPrefix("SCAN instance_measures") || $0.hasPrefix("SCAN instance_loads") } == [])
        #expect(cloud.recorder.statements.contains { $0.contains("DELETE FROM instance_measures") })
    }
}
