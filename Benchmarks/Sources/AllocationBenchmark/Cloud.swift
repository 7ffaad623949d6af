import BenchmarkKit
import ComputeHost
import Database
import Foundation
import Networking
import ServiceCore

/// The service of networks on a database file of its own.
final class Cloud {
    private let folder: URL
    private let networking: NetworkingService
    private let administrator = RequestContext(
        userID: "admin", userName: "admin", projectID: "p", projectName: "p", roles: ["admin"])
    private var file: String { folder.appendingPathComponent("daybreak.sqlite").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("allocation-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let database = try DatabasePool(path: folder.appendingPathComponent("daybreak.sqlite").path)
        try database.migrate(ServiceCoreSchema.migrations)
        let clock = SystemClock()
        networking = try NetworkingService(
            database: database, jobs: JobQueue(database: database, clock: clock, owner: "benchmark"),
            events: EventBus(), clock: clock, hosts: HostDirectory([]))
        try networking.setQuotas(["port": -1], projectID: "p", as: administrator)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// A network with one subnet, whose pool is all of it.
    func network(_ cidr: String) throws -> ID<Network> {
        var subnet = NewSubnet(name: cidr, cidr: cidr)
        subnet.enableDHCP = false
        return try networking.createNetwork(NewNetwork(name: cidr), subnet: subnet, as: administrator).id
    }

    /// Makes a port and deletes it again.
    /// - Returns: the microseconds of processor time that making it took this thread: the disk is not waited for.
    func makePort(on network: ID<Network>, hasAddress: Bool) throws -> Double {
        var new = NewPort(networkID: network)
        if !hasAddress { new.fixedIPs = [] }
        let start = Self.processorTime()
        let port = try networking.createPort(new, as: administrator)
        let time = Self.processorTime() - start
        guard port.fixedIPs.isEmpty != hasAddress else { throw Failure("the port has \(port.fixedIPs)") }
        try networking.deletePort(port.id, as: administrator)
        return time
    }

    /// Takes addresses for a thousandth as many ports.
    func fill(_ network: ID<Network>, _ pattern: Pattern, _ count: Int) throws {
        let started = ContinuousClock.now
        let sql = try Self.resource("fill")
            .replacingOccurrences(of: "@NETWORK@", with: network.text)
            .replacingOccurrences(of: "@PLACE@", with: pattern.place)
            .replacingOccurrences(of: "@COUNT@", with: "\(count)")
        let input = folder.appendingPathComponent("input.sql")
        try sql.write(to: input, atomically: true, encoding: .utf8)
        _ = try Program(["/usr/bin/sqlite3", "-bail", file], keepsOutput: true, input: input.path).end()
        let text = "\(count) addresses, \(pattern.title): \(ContinuousClock.now - started)\n"
        FileHandle.standardError.write(Data(text.utf8))
    }

    private static func resource(_ name: String) throws -> String {
        guard let file = Bundle.module.url(forResource: name, withExtension: "sql") else {
            throw Failure("\(name).sql was not built")
        }
        return try String(contentsOf: file, encoding: .utf8)
    }

    /// Microseconds.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}
