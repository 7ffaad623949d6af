import Foundation

/// A server at work, as a process of its own, on a port of the loopback interface.
public final class RunningServer {
    private let process = Process()

    /// Starts it and waits until it has answered a request for `path` with 200 and the right content.
    public init(
        _ command: [String], _ placement: Placement, port: UInt16, path: String, content: [UInt8]
    ) throws {
        let name = command[0].split(separator: "/").last ?? ""
        // It ends with this program even when this program is killed.
        let command = placement.server(["/usr/bin/setpriv", "--pdeathsig", "TERM"] + command)
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        try process.run()
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline, process.isRunning {
            guard let answer = Loopback.get(path, port: port, until: content) else {
                usleep(10_000)
                continue
            }
            if answer.starts(with: Array("HTTP/1.1 200".utf8)), answer.suffix(content.count) == content[...] {
                return
            }
            stop()
            throw Failure("\(name) answers wrongly:\n\(String(decoding: answer.prefix(300), as: UTF8.self))")
        }
        stop()
        throw Failure("\(name) does not answer on port \(port)")
    }

    /// Its processes: nginx has several.
    public var processes: [Int32] { ProcessTimes.family(of: process.processIdentifier) }

    /// Ends it, with a second to do so in order.
    public func stop() {
        guard process.isRunning else { return }
        process.terminate()
        let deadline = ContinuousClock.now + .seconds(1)
        while process.isRunning, ContinuousClock.now < deadline { usleep(5_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }
}
