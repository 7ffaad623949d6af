import ComputeHost
import Database
import Foundation
import Images
import Networking
import ServiceCore

@testable import Compute

/// The program's services on its database, without a host and without workers: requests can be left there while no
/// program runs, as they are found after a power cut that came between a request and its job.
struct RequestDesk: Sendable {
    let database: DatabasePool
    let images: ImageService
    let networking: NetworkingService
    let compute: ComputeService
    let context: RequestContext
    let state: URL

    init(state: URL) throws {
        self.state = state
        try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
        database = try DatabasePool(path: state.appending(path: "daybreak.sqlite").path)
        try database.migrate(ServiceCoreSchema.migrations)
        let (events, clock, hosts) = (EventBus(), SystemClock(), HostDirectory([]))
        let jobs = JobQueue(database: database, clock: clock, owner: "desk")
        images = try ImageService(
            database: database, jobs: jobs, events: events, clock: clock,
            directory: state.appending(path: "images").path,
            inspector: ImageHeaderInspector())
        networking = try NetworkingService(
            database: database, jobs: jobs, events: events, clock: clock, hosts: hosts)
        compute = try ComputeService(
            database: database, jobs: jobs, events: events, clock: clock, hosts: hosts, images: images,
            networking: networking)
        context = RequestContext(
            userID: "u-crash", userName: "crash", projectID: "p-crash", projectName: "crash", roles: ["admin"])
    }

    /// An image of a mebibyte, so that the program brings none of its own, and limits that are none.
    func prepare() throws -> Image {
        let file = state.appending(path: "upload").path
        try Data(count: 1 << 20).write(to: URL(filePath: file))
        guard let image = try images.registerGuest(file: file, format: .raw, ownerProjectID: "p-crash") else {
            throw CocoaError(.fileNoSuchFile)
        }
        let none = ComputeResources(instances: -1, cores: -1, memoryMiB: -1)
        try compute.setQuota(none, projectID: "p-crash", as: context)
        try networking.setQuotas(["port": -1], projectID: "p-crash", as: context)
        return image
    }

    func instances() throws -> [Instance] {
        try compute.instances(page: PageRequest(limit: 500), as: context).items
    }

    /// Jobs that will end, be it as it may.
    func unfinishedJobs() throws -> Int {
        try count("SELECT count(*) FROM jobs WHERE finished_at IS NULL AND resource LIKE 'instance/%'")
    }

    func finishedJobs() throws -> Int {
        try count("SELECT count(*) FROM jobs WHERE finished_at IS NOT NULL AND resource LIKE 'instance/%'")
    }

    /// Jobs that the program died in the middle of.
    func interruptedJobs() throws -> Int {
        try count("SELECT count(*) FROM jobs WHERE attempts > 1 AND resource LIKE 'instance/%'")
    }

    private func count(_ sql: SQL) throws -> Int { try database.read { try $0.value(sql) ?? 0 } }
}

extension RequestDesk {
    /// Rows, directories, ports, images and quota held against each other, when nothing is being done; empty when they
    /// agree.
    func contradictions() throws -> [String] {
        let rows = try instances()
        return try rows.filter { $0.taskState != nil || $0.vmState == .building }.map { "\($0.name): \($0.status)" }
            + files(rows) + ports(rows) + imageFiles() + quota(rows) + log()
    }

    private func files(_ rows: [Instance]) throws -> [String] {
        let root = state.appending(path: "instances")
        let folders = try Set(
            FileManager.default.contentsOfDirectory(atPath: root.path).filter { UUID(uuidString: $0) != nil })
        let living = rows.filter { $0.host != nil && ($0.vmState != .error || $0.launchedAt != nil) }
        var all = folders.subtracting(living.map(\.id.text)).map { "the directory \($0) is nobody's" }
        for row in living where row.vmState != .error {
            let files = Set((try? FileManager.default.contentsOfDirectory(atPath: "\(root.path)/\(row.id)")) ?? [])
            if !files.contains("disk") { all.append("\(row.name) (\(row.vmState)) has no disk") }
            if files.contains("disk.resize") != (row.vmState == .resized) {
                all.append("\(row.name) (\(row.vmState)) has \(files.sorted())")
            }
            if files.contains("disk.rescue") != (row.vmState == .rescued) {
                all.append("\(row.name) (\(row.vmState)) has \(files.sorted())")
            }
        }
        return all
    }

    private func ports(_ rows: [Instance]) throws -> [String] {
        let ports = try networking.ports(as: context).filter { $0.deviceOwner == DeviceOwner.instance }
        let owners = Dictionary(rows.map { ($0.id.text, $0) }) { first, _ in first }
        var all = ports.compactMap { port -> String? in
            guard let row = owners[port.deviceID] else { return "the port \(port.id) is nobody's" }
            return port.bindingHost == row.host ?? "" ? nil : "a port of \(row.name) is on \(port.bindingHost)"
        }
        let addresses: [String] = try database.read { transaction in
            try transaction.map(
                """
                SELECT ip_address FROM ipallocations LEFT JOIN ports ON ports.id = ipallocations.port_id
                WHERE ports.id IS NULL
                """
            ) { try $0[0] }
        }
        all += addresses.map { "the address \($0) is nobody's" }
        return all
    }

    private func imageFiles() throws -> [String] {
        let rows = try images.images(page: PageRequest(limit: 500), as: context).items
        let files = try Set(FileManager.default.contentsOfDirectory(atPath: state.appending(path: "images").path))
        let expected = Set(rows.map(\.id.text))
        let kept = try instances().filter { $0.vmState == .shelved || $0.vmState == .shelvedOffloaded }
        return rows.filter { $0.status != .active }.map { "the image \($0.name) is \($0.status)" }
            + files.subtracting(expected).map { "the file \($0) is no image's" }
            + expected.subtracting(files).map { "the image \($0) has no file" }
            + (rows.count { $0.name.hasSuffix("-shelved") } == kept.count
                ? [] : ["images of \(kept.count) shelved: \(rows.map(\.name))"])
    }

    private func quota(_ rows: [Instance]) throws -> [String] {
        let used = try compute.quota(projectID: "p-crash", as: context).used
        var sum = ComputeResources(instances: rows.count, cores: 0, memoryMiB: 0)
        for row in rows {
            let sizes = try compute.pendingResize(of: row.id, as: context).map { [$0.from, $0.to] } ?? [row.flavor]
            sum.cores += sizes.map(\.vcpus).max() ?? 0
            sum.memoryMiB += sizes.map(\.memoryMiB).max() ?? 0
        }
        return used == sum ? [] : ["the quota says \(used), the rows \(sum)"]
    }

    private func log() throws -> [String] {
        try database.read { transaction in
            try transaction.map("SELECT action FROM instance_actions WHERE outcome = 'running'") {
                "an action \(try $0[0] as String) runs for ever"
            }
        }
    }
}
