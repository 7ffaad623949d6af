import Foundation

/// A server that is measured: how it is started and what is asked of it.
struct Contender: Sendable {
    /// As it is called in the tables.
    let name: String
    /// What is asked for.
    let path: String
    /// Program and arguments that serve `body` on `port` with so many event loops.
    let command: @Sendable (_ port: UInt16, _ loops: Int, _ files: BenchmarkFiles) throws -> [String]

    /// All of them; the first is what the others are compared with.
    static let all = [
        responder("C loop", "CResponder"),
        responder("Daybreak, loop", "DaybreakResponder"),
        responder("Daybreak, worker", "DaybreakResponder", path: "/worker"),
        responder("Daybreak, static file", "DaybreakResponder", path: "/static/body.txt"),
        nginx("Debian", "sendfile on; tcp_nopush on;"),
        nginx("tuned", "sendfile off; open_file_cache max=100; open_file_cache_valid 1s;"),
        responder("Hummingbird 2.28.1", "HummingbirdResponder"),
        responder("FlyingFox 0.27.1", "FlyingFoxResponder"),
    ]

    /// An executable of this package, which lies beside this program.
    private static func responder(_ name: String, _ program: String, path: String = "/") -> Contender {
        Contender(name: name, path: path) { port, loops, files in
            [files.programs.appendingPathComponent(program).path, "\(port)", "\(loops)", files.body.path]
        }
    }

    /// nginx serving the file, with directives of its `http` section.
    private static func nginx(_ name: String, _ directives: String) -> Contender {
        Contender(name: "nginx, static file (\(name))", path: "/body.txt") { port, loops, files in
            let configuration = files.directory.appendingPathComponent("nginx.conf")
            try files.nginxConfiguration(port: port, workers: loops, directives).write(
                to: configuration, atomically: true, encoding: .utf8)
            return ["/usr/sbin/nginx", "-c", configuration.path, "-e", "stderr"]
        }
    }
}
