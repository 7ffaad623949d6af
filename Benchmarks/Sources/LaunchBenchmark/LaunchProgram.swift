import BenchmarkKit
import Foundation

/// The real program on one of libvirt's drivers, with an empty image to launch from.
final class LaunchProgram {
    static let imageID = "5a7e0f3c-1d2b-4c6d-8e9f-000000000001"
    private static let list = "/dashboard/project/instances/"
    private static let launchPage = "/dashboard/project/instances/launch/"

    let driver: LaunchDriver
    private let program: DaybreakProgram
    private let browser: Browser
    private let networkID: String
    private var instances: String { program.state.path + "/instances" }

    init(_ path: String, _ driver: LaunchDriver) throws {
        guard let file = Bundle.module.url(forResource: "launch", withExtension: "sql") else {
            throw Failure("launch.sql was not built")
        }
        self.driver = driver
        let sql = try String(contentsOf: file, encoding: .utf8).replacing("@IMAGE@", with: Self.imageID)
        program = try DaybreakProgram(
            path, named: "launch-\(driver)",
            settings: [
                "LIBVIRT_URI": "\"\(driver.setting)\"",
                // libvirt alone makes no network either; and nothing of the machine's own is touched.
                "HOST_NETWORK": #""user""#,
                "CACHES": #"{"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}"#,
            ], sql: sql)
        try Data(count: 1 << 20).write(to: program.state.appendingPathComponent("images/\(Self.imageID)"))
        networkID = try program.query("SELECT id FROM networks WHERE name = 'provider'").first ?? ""
        browser = Browser(port: program.port)
        _ = try browser.logIn(pageSize: 100)
        if driver == .qemu, Machine.isRealTime { try letGuestsBeOrdinary() }
    }

    /// In the scheduler's real-time class an emulator would keep a processor for a tenth of a second at a time, which no
    /// guest does elsewhere.
    private func letGuestsBeOrdinary() throws {
        let file = program.state.path + "/libvirt/run/libvirtd.pid"
        let process = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task") {
            _ = try Program(["/usr/bin/chrt", "--rr", "--reset-on-fork", "--pid", "1", thread]).end()
        }
    }

    /// The address of the libvirt that this program uses, from outside of it.
    var uri: String {
        switch driver {
        case .qemu: "qemu+unix:///system?socket=\(program.state.path)/libvirt/run/libvirt-sock"
        case .test: driver.setting
        }
    }

    /// Ends the program and its guests.
    func remove() {
        if driver == .qemu {
            (try? PlainLibvirt(uri))?.removeAll()
            program.end(recordedIn: "libvirt/run/libvirtd.pid")
        }
        program.remove()
    }

    /// Sends the form that launches instances and waits until all are there.
    func launch(_ count: Int) throws -> Launch {
        let token = try browser.token(of: Self.launchPage)
        let sent = Date.now
        try browser.post(
            Self.launchPage,
            [
                ("name", "guest"), ("count", "\(count)"), ("flavor_id", "42"), ("image_id", Self.imageID),
                ("networks", networkID),
            ], token: token)
        let answered = Date.now
        try wait("\(count) instances are being launched") { try self.count("vm_state = 'active'") == count }
        return Launch(sent: sent, answered: answered, steps: try steps())
    }

    /// Deletes all instances and waits until none is left.
    func deleteAll() throws {
        let ids = try program.query("SELECT id FROM instances WHERE deleted_at IS NULL")
        try browser.post(
            Self.list, [("action", "instances__delete"), ("confirmed", "yes")] + ids.map { ("object_ids", $0) },
            token: try browser.token(of: Self.list))
        try wait("instances are being deleted") { try self.count("1") == 0 }
    }

    /// The definitions of all instances, as the program wrote them for libvirt.
    func definitions(of launch: Launch) throws -> [String] {
        try launch.instanceIDs.map { try String(contentsOfFile: "\(instances)/\($0)/libvirt.xml", encoding: .utf8) }
    }

    /// A copy of an instance's files, and its definition with the copy's paths, which the program takes for somebody
    /// else's: it leaves the domain alone.
    func foreignCopy(of launch: Launch) throws -> String {
        let (id, copy) = (launch.instanceIDs[0], program.state.path + "/copy")
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: "\(instances)/\(id)", toPath: copy)
        let owner = try String(contentsOfFile: instances + "/owner", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        return try definitions(of: launch)[0].replacingOccurrences(of: "\(instances)/\(id)", with: copy)
            .replacingOccurrences(of: owner, with: "00000000-0000-4000-8000-000000000000")
    }

    /// The base file that the disks lie over.
    func baseFile() throws -> String {
        let folder = instances + "/_base"
        guard let name = try FileManager.default.contentsOfDirectory(atPath: folder).first(where: { $0.count == 40 })
        else { throw Failure("no base file in \(folder)") }
        return "\(folder)/\(name)"
    }

    private func count(_ condition: String) throws -> Int {
        let rows = try program.query("SELECT count(*) FROM instances WHERE deleted_at IS NULL AND \(condition)")
        return Int(rows.first ?? "") ?? 0
    }

    private func steps() throws -> [Launch.Step] {
        try program.query(
            """
            SELECT instance_id, phase, s.started_at, s.ended_at FROM instance_steps AS s
            JOIN instances AS i ON i.id = s.instance_id WHERE deleted_at IS NULL
            """
        ).compactMap { line in
            let parts = line.split(separator: "|")
            guard parts.count == 4, let start = Double(parts[2]), let end = Double(parts[3]) else { return nil }
            return Launch.Step(instanceID: String(parts[0]), phase: String(parts[1]), start: start, end: end)
        }
    }

    /// Looks seldom: the looking takes time from what is looked at.
    private func wait(_ what: String, until condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        repeat {
            usleep(300_000)
            if try condition() { return }
        } while ContinuousClock.now < deadline
        let states = try program.query(
            """
            SELECT vm_state, task_state, details FROM instances LEFT JOIN instance_faults ON instance_id = id
            WHERE deleted_at IS NULL
            """)
        throw Failure("\(what) and do not come to an end:\n\(states.joined(separator: "\n"))")
    }
}
