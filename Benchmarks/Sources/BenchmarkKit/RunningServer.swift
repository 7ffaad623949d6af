import Foundation

/// A server at work, as a process of its own, on a port of the loopback interface.
public final class RunningServer {
    private let program: Program

    /// Starts it and waits, as long as `patience` says, until it has answered a request for `path` with 200 and the
    /// right content.
    public init(
        _ command: [String], _ placement: Placement, port: UInt16, path: String, content: [UInt8],
        patience: Duration = .seconds(10)
    ) throws {
        let name = command[0].split(separator: "/").last ?? ""
        program = try Program(placement.server(command))
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline, program.isRunning {
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
    public var processes: [Int32] { ProcessTimes.family(of: program.id) }

    /// Ends it, with a second to do so in order.
    public func stop() { program.stop() }
}
