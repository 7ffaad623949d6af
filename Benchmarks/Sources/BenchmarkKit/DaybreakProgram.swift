import Foundation

/// The real program with a state directory of its own.
public final class DaybreakProgram {
    /// Where it listens.
    public let port: UInt16
    /// What `STATE_PATH` is.
    public let state: URL
    private let folder: URL
    private let server: RunningServer

    /// The start of its addresses.
    public var address: String { "http://127.0.0.1:\(port)" }
    /// The program, and what it started.
    public var processes: [Int32] { server.processes }

    /// Makes the state directory, fills the tables while the program is stopped, and starts it.
    /// - Parameters:
    ///   - program: the path of `daybreak`.
    ///   - name: part of its folder's name; short, because the path of memcached's socket is limited.
    ///   - settings: what `local_settings.json` says beside address and state directory, as JSON by name.
    ///   - sql: what is done to the database before it starts.
    public init(_ program: String, named name: String, settings: [String: String], sql: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(name)-\(getpid())")
        state = folder.appendingPathComponent("var")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let port = try Loopback.freePort()
        self.port = port
        let file = folder.appendingPathComponent("local_settings.json")
        func start(_ settings: [String: String]) throws -> RunningServer {
            let members = settings.merging(["LISTEN": #"["127.0.0.1:\#(port)"]"#, "STATE_PATH": #""var""#]) { $1 }
            let text = members.sorted { $0.key < $1.key }.map { #""\#($0.key)": \#($0.value)"# }
            try "{\(text.joined(separator: ", "))}".write(to: file, atomically: true, encoding: .utf8)
            return try RunningServer(
                [program, "serve", "--settings", file.path], .shared, port: port, path: "/healthz",
                content: Array("ok\n".utf8), patience: .seconds(60))
        }
        // The first start makes the tables.
        try start(settings.merging(["LIBVIRT_URI": #""simulated""#]) { $1 }).stop()
        _ = try Self.query(folder, sql, ["-bail"])
        server = try start(settings)
    }

    /// What a question to the database is answered, a line a row.
    public func query(_ sql: String) throws -> [String] {
        try Self.query(folder, sql, ["-readonly"]).split(separator: "\n").map(String.init)
    }

    /// Ends the program and its memcached, which outlives it, and removes the state.
    public func remove() {
        server.stop()
        end(recordedIn: "memcached/memcached.pid")
        try? FileManager.default.removeItem(at: folder)
    }

    /// Ends a daemon by the file below the state directory that holds its number.
    public func end(recordedIn file: String) {
        let file = state.appendingPathComponent(file)
        guard let text = try? String(contentsOf: file, encoding: .utf8),
            let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return }
        kill(process, SIGTERM)
    }

    /// What sqlite3 prints when it does what `sql` says.
    private static func query(_ folder: URL, _ sql: String, _ options: [String]) throws -> String {
        let input = folder.appendingPathComponent("input.sql")
        try sql.write(to: input, atomically: true, encoding: .utf8)
        let database = folder.appendingPathComponent("var/daybreak.sqlite").path
        let command = ["/usr/bin/sqlite3", "-cmd", ".timeout 5000"] + options + [database]
        return try Program(command, keepsOutput: true, input: input.path).end()
    }
}
