import Foundation

/// A contender at work, on a free port of the loopback interface.
final class RunningServer {
    let url: String
    private let process = Process()

    /// Starts it and waits until it has answered one request with the right content.
    init(_ contender: Contender, _ placement: Placement, _ files: BenchmarkFiles) throws {
        let port = try Loopback.freePort()
        url = "http://127.0.0.1:\(port)\(contender.path)"
        // It ends with this program even when this program is killed.
        let command = placement.server(
            ["/usr/bin/setpriv", "--pdeathsig", "TERM"] + (try contender.command(port, placement.loops, files)))
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        try process.run()
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline, process.isRunning {
            guard let answer = Loopback.get(contender.path, port: port) else {
                usleep(10_000)
                continue
            }
            if answer.starts(with: Array("HTTP/1.1 200".utf8)), answer.suffix(2048) == BenchmarkFiles.content[...] {
                return
            }
            stop()
            throw Failure("\(contender.name) answers wrongly:\n\(String(decoding: answer.prefix(300), as: UTF8.self))")
        }
        stop()
        throw Failure("\(contender.name) does not answer on port \(port)")
    }

    /// Its processes: nginx has several.
    var processes: [Int32] { ProcessTimes.family(of: process.processIdentifier) }

    /// Ends it, with a second to do so in order.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        let deadline = ContinuousClock.now + .seconds(1)
        while process.isRunning, ContinuousClock.now < deadline { usleep(5_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }
}
