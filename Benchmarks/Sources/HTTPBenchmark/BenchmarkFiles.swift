import Foundation

/// The files a run needs, in a directory of its own.
struct BenchmarkFiles: Sendable {
    /// Where the responders were built.
    let programs: URL
    /// Thrown away at the end.
    let directory: URL
    /// What every responder serves. Alone in its directory, which Daybreak and nginx serve as it is.
    let body: URL

    /// The content of every response: 2048 bytes of text.
    static let content = Array(String(repeating: "All happy servers are alike...\r\n", count: 64).utf8)

    init() throws {
        programs = try FileManager.default.executable.deletingLastPathComponent()
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("httpbench-\(getpid())")
        let site = directory.appendingPathComponent("site")
        // nginx's workers run as nobody.
        let everybody: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
        for folder in [directory, site] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try FileManager.default.setAttributes(everybody, ofItemAtPath: folder.path)
        }
        body = site.appendingPathComponent("body.txt")
        try Data(Self.content).write(to: body)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: body.path)
    }

    func remove() {
        try? FileManager.default.removeItem(at: directory)
    }

    /// Without an access log, and with connections kept as long as the others keep them.
    func nginxConfiguration(port: UInt16, workers: Int, _ directives: String) -> String {
        """
        daemon off;
        worker_processes \(workers);
        pid \(directory.path)/nginx.pid;
        error_log stderr crit;
        events { worker_connections 4096; }
        http {
            default_type text/plain;
            charset utf-8;
            access_log off;
            \(directives)
            keepalive_requests 1000000000;
            \(["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                .map { "\($0)_temp_path \(directory.path)/\($0);" }.joined(separator: "\n    "))
            server {
                listen 127.0.0.1:\(port) reuseport backlog=4096;
                root \(body.deletingLastPathComponent().path);
            }
        }

        """
    }
}

extension FileManager {
    /// This program's file.
    var executable: URL {
        get throws { URL(fileURLWithPath: try destinationOfSymbolicLink(atPath: "/proc/self/exe")) }
    }
}
