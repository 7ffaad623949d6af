import Foundation
import HTTP

/// One line for every request, in `STATE_PATH/log/access.log`, in the Combined Log Format that tools for web logs
/// read, followed by the milliseconds the answer took and the request's id. A line is written with one call, so that
/// several event loops can share the file.
final class AccessLog: Sendable {
    private static let mostAtStart = 16 << 20
    private let file: Int32

    /// Opens the file; one of more than 16 MiB is put aside as `access.log.1` first.
    init(in directory: StateDirectory) throws {
        let path = directory.log + "/access.log"
        var status = stat()
        if stat(path, &status) == 0, status.st_size > Self.mostAtStart { rename(path, path + ".1") }
        file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StateFault(path: path, errno: errno) }
    }

    deinit { close(file) }

    func record(_ request: RequestSummary) {
        let line = Array((Self.line(request) + "\n").utf8)
        _ = write(file, line, line.count)
    }

    static func line(_ request: RequestSummary) -> String {
        let milliseconds = request.duration / .milliseconds(1)
        let parts = [
            request.remoteAddress, "- -", "[\(LogTime.now())]",
            "\"\(request.method.rawValue) \(quoted(request.target)) HTTP/1.1\"", "\(request.status.code)",
            "\(request.bytesSent)", "\"\(quoted(request.referer ?? "-"))\"", "\"\(quoted(request.userAgent ?? "-"))\"",
            "\((milliseconds * 10).rounded() / 10)ms", "\(request.id)", request.isComplete ? "" : "cut-off",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// What a client sent, unable to end the quotes or the line it stands in.
    private static func quoted(_ text: String) -> String {
        ConsoleLog.plain(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
