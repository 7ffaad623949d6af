import ComputeHost
import Database
import Foundation
import Images
import ServiceCore
import Synchronization
import Testing

@testable import Compute

/// The password for a guest's first user (nova: `admin_pass`, on the config drive alone).
struct `An administrator's password` {
    private let password = "Zv7\"\\kQ-ünlike-any-other"

    /// What the drive says, in the words of each version of nova's document.
    private func told(_ cloud: TestCloud, _ id: ID<Instance>) throws -> Set<String?> {
        let drive = try #require(cloud.host.configDrive(of: id.text))
        let documents = drive.files.filter { $0.key.hasSuffix("/meta_data.json") }.values
        #expect(documents.count == GuestMetadata.openStackVersions.count + 1)
        return try Set(
            documents.map { bytes in
                let json = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
                return json?["admin_pass"] as? String
            })
    }

    private func launch(in cloud: TestCloud, password: String?) throws -> ID<Instance> {
        var request = try cloud.request()
        request.adminPassword = password
        return try cloud.compute.launch(request, as: TestCloud.member)[0].id
    }

    /// Whether the file or its log holds the password, or a row its seal.
    private func isKept(in cloud: TestCloud, sealed: Bool) throws -> Bool {
        let rows: [String] = try cloud.database.read { transaction in
            try transaction.map("SELECT data FROM instance_extra") { try $0[0] as String }
        }
        if sealed { return rows.contains { $0.contains("adminPassword") } }
        let path: String = try #require(
            try cloud.database.read { try $0.first("PRAGMA database_list") { try $0[2] as String } })
        let needle = Data("ünlike-any-other".utf8)
        return try ["", "-wal"].contains { suffix in
            guard FileManager.default.fileExists(atPath: path + suffix) else { return false }
            return try Data(contentsOf: URL(filePath: path + suffix)).range(of: needle) != nil
        }
    }

    @Test func `is told on the config drive, and nowhere kept when that is written`() throws {
        let cloud = try TestCloud()
        let id = try launch(in: cloud, password: password)
        #expect(try isKept(in: cloud, sealed: true) && !isKept(in: cloud, sealed: false))
        try cloud.jobs.drain()
        #expect(try told(cloud, id) == [password])
        #expect(try !isKept(in: cloud, sealed: true) && !isKept(in: cloud, sealed: false))
        let drive = try #require(cloud.host.configDrive(of: id.text))
        let others = drive.files.filter { !$0.key.hasSuffix("/meta_data.json") }
        #expect(!others.isEmpty && others.allSatisfy { !String(decoding: $0.value, as: UTF8.self).contains("ünlike") })
        let service = try #require(try cloud.compute.guestMetadata(id))
        for version in GuestMetadata.openStackVersions {
            let content = try #require(try service.content(of: .metaData, version: version, seed: [1]))
            #expect(!String(decoding: content, as: UTF8.self).contains("admin_pass"))
        }
    }

    @Test func `that nobody gave is not told`() throws {
        let cloud = try TestCloud()
        let id = try launch(in: cloud, password: nil)
        try cloud.jobs.drain()
        #expect(try told(cloud, id) == [nil])
    }

    @Test(arguments: [(LaunchPhase.image, BuildInstance.Moment.done), (.blockDevice, .begun), (.blockDevice, .done)])
    func `outlives the program that took it`(phase: LaunchPhase, moment: BuildInstance.Moment) throws {
        let trap = BuildCrashTests.Trap(phase, moment)
        let first = try TestCloud { trap.step($0, $1) }
        let id = try launch(in: first, password: password)
        trap.run(first)
        let second = try TestCloud(after: first)
        try second.jobs.drain()
        #expect(try second.instance(id).state == InstanceState(.active))
        #expect(try told(second, id) == [password])
        #expect(try !isKept(in: second, sealed: true))
        trap.letGo()
    }

    @Test func `is forgotten by a launch that fails or is deleted`() throws {
        let cloud = try TestCloud()
        cloud.host.setProbe { verb, _ in verb == .createDisk ? .failed("refused", remedy: nil) : nil }
        let failed = try launch(in: cloud, password: password)
        try cloud.jobs.drain()
        #expect(try cloud.instance(failed).status == .error)
        #expect(try !isKept(in: cloud, sealed: true))
        let deleted = try launch(in: cloud, password: password)
        try cloud.compute.perform(.delete, on: deleted, as: TestCloud.member)
        #expect(try isKept(in: cloud, sealed: true))
        try cloud.jobs.drain()
        #expect(try !isKept(in: cloud, sealed: true) && !isKept(in: cloud, sealed: false))
    }

    @Test func `of a rebuild is told to the new guest, and that of the launch is not told again`() throws {
        let cloud = try TestCloud()
        let id = try launch(in: cloud, password: "of the launch")
        try cloud.jobs.drain()
        var rebuild = RebuildRequest(imageID: try cloud.guestImage.id.text)
        rebuild.adminPassword = password
        try cloud.compute.rebuild(id, rebuild, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try told(cloud, id) == [password])
        #expect(try !isKept(in: cloud, sealed: true) && !isKept(in: cloud, sealed: false))
        rebuild.adminPassword = nil
        try cloud.compute.rebuild(id, rebuild, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try told(cloud, id) == [nil])
    }

    @Test func `of a rescue is told to the guest that repairs, and not to the one that was repaired`() throws {
        let cloud = try TestCloud()
        let id = try launch(in: cloud, password: "of the launch")
        try cloud.jobs.drain()
        try cloud.compute.rescue(id, adminPassword: password, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.instance(id).state == InstanceState(.rescued))
        #expect(try told(cloud, id) == [password])
        #expect(try !isKept(in: cloud, sealed: true) && !isKept(in: cloud, sealed: false))
        try cloud.compute.perform(.unrescue, on: id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try told(cloud, id) == [nil])
    }

    @Test func `of a rescue that fails is not told to the guest that goes on`() throws {
        let cloud = try TestCloud()
        let id = try launch(in: cloud, password: nil)
        try cloud.jobs.drain()
        let isFirst = Mutex(true)
        cloud.host.setProbe { verb, when in
            guard verb == .start, when == .begun else { return nil }
            return isFirst.withLock { first in
                defer { first = false }
                return first ? .failed("refused", remedy: nil) : nil
            }
        }
        try cloud.compute.rescue(id, adminPassword: password, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.instance(id).state == InstanceState(.active))
        #expect(try told(cloud, id) == [nil])
        #expect(try !isKept(in: cloud, sealed: true))
    }

    @Test func `sealed by another program's secret is left out`() {
        let seal = PasswordSeal(secretKey: Array("one secret, long enough to be one".utf8))
        let other = PasswordSeal(secretKey: Array("another secret, long enough as well".utf8))
        #expect(seal.open(seal.seal(password)) == password)
        #expect(other.open(seal.seal(password)) == nil)
        #expect(seal.open(nil) == nil && seal.open("nonsense") == nil)
    }
}
