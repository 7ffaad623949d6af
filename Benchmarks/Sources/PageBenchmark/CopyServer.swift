import BenchmarkKit
import Foundation

/// The C loop with a content as long as the page: what moving so many bytes costs, and nothing else.
final class CopyServer {
    let subject: Subject
    private let server: RunningServer
    private let file: URL

    init(size: Int) throws {
        let content = [UInt8](repeating: UInt8(ascii: "x"), count: size)
        file = FileManager.default.temporaryDirectory.appendingPathComponent("page-\(getpid()).txt")
        try Data(content).write(to: file)
        let port = try Loopback.freePort()
        let executable = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let program = executable.deletingLastPathComponent().appendingPathComponent("CResponder")
        let server = try RunningServer(
            [program.path, "\(port)", "2", file.path], .shared, port: port, path: "/", content: content)
        self.server = server
        subject = Subject(
            name: "C loop, as many bytes", url: "http://127.0.0.1:\(port)/", size: size,
            processes: { server.processes })
    }

    func remove() {
        server.stop()
        try? FileManager.default.removeItem(at: file)
    }
}
