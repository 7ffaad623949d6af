import BenchmarkKit
import Foundation

/// The real program with a state directory of its own, a private memcached and a table of so many instances.
final class DaybreakProgram {
    /// Instances in the table.
    let count: Int
    let port: UInt16
    var address: String { "http://127.0.0.1:\(port)" }
    private let folder: URL
    private let server: RunningServer

    /// Makes the state directory, fills the table while the program is stopped, and starts it.
    init(_ program: String, instances count: Int) throws {
        self.count = count
        // Short, because the path of memcached's socket is limited.
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("page-\(getpid())-\(count)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let port = try Loopback.freePort()
        self.port = port
        let settings = folder.appendingPathComponent("local_settings.json")
        try #"{"LISTEN": ["127.0.0.1:\#(port)"], "STATE_PATH": "var", "LIBVIRT_URI": "simulated"}"#
            .write(to: settings, atomically: true, encoding: .utf8)
        func start() throws -> RunningServer {
            try RunningServer(
                [program, "serve", "--settings", settings.path], .shared, port: port, path: "/healthz",
                content: Array("ok\n".utf8))
        }
        // The first start makes the tables.
        try start().stop()
        try Self.fill(folder, count)
        server = try start()
    }

    var processes: [Int32] { server.processes }

    /// The marker of the page in the middle of the list.
    func middle() throws -> String {
        try Self.query(folder, "SELECT id FROM instances WHERE number = \(count / 2);", ["-readonly"])
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Ends the program and its memcached, which outlives it, and removes the state.
    func remove() {
        server.stop()
        let file = folder.appendingPathComponent("var/memcached/memcached.pid")
        if let text = try? String(contentsOf: file, encoding: .utf8),
            let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
        {
            kill(process, SIGTERM)
        }
        try? FileManager.default.removeItem(at: folder)
    }

    private static func fill(_ folder: URL, _ count: Int) throws {
        guard let file = Bundle.module.url(forResource: "instances", withExtension: "sql") else {
            throw Failure("instances.sql was not built")
        }
        let sql = try String(contentsOf: file, encoding: .utf8)
        _ = try query(folder, sql.replacingOccurrences(of: "@COUNT@", with: "\(count)"), ["-bail"])
    }

    /// What sqlite3 prints when it does what `sql` says.
    private static func query(_ folder: URL, _ sql: String, _ options: [String]) throws -> String {
        let input = folder.appendingPathComponent("input.sql")
        try sql.write(to: input, atomically: true, encoding: .utf8)
        let database = folder.appendingPathComponent("var/daybreak.sqlite").path
        return try Program(["/usr/bin/sqlite3"] + options + [database], keepsOutput: true, input: input.path).end()
    }
}
