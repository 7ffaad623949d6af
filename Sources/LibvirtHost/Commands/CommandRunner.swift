import ComputeHost
import Glibc

/// Runs programs, one call a program, on the calling thread: the only place that starts a process.
///
/// It uses posix_spawn directly. The callers are synchronous and sit on their own threads; an asynchronous library
/// would need Swift's shared pool to make progress while they wait, and stands still when the caller is that pool.
struct CommandRunner: Sendable {
    /// Runs `command` and returns how it ended.
    ///
    /// - Parameter onLine: is called with each whole line of the standard output as it comes.
    /// - Throws: `.unavailable` when the program is not installed or cannot be started.
    func run(_ command: Command, onLine: ((String) -> Void)? = nil) throws(HostError) -> CommandResult {
        guard let path = Self.find(command.program) else {
            throw .unavailable("the program \(command.program) is not installed")
        }
        let output = try Pipe()
        let errors = try Pipe()
        let input = try command.input.map { text throws(HostError) in try InputFile(text) }
        let (program, arguments) = limited(path, command)
        let child = try ChildProcess(
            program: program, arguments: arguments, environment: environment(command), input: input?.descriptor,
            output: output.writeEnd, errorOutput: errors.writeEnd)
        output.closeWriteEnd()
        errors.closeWriteEnd()
        var collector = OutputCollector(limit: command.outputLimit, onLine: onLine)
        let finished = collector.collect(
            output: output.readEnd, errors: errors.readEnd, until: ContinuousClock.now + command.timeout)
        if !finished { child.kill() }
        let ending = child.wait(until: finished ? ContinuousClock.now + command.timeout : nil)
        return CommandResult(
            ending: finished ? ending : .timedOut, output: collector.output, errorOutput: collector.errorOutput)
    }

    /// Runs `command` and throws `.failed` unless it exits with 0.
    @discardableResult
    func succeed(_ command: Command, remedy: String? = nil) throws(HostError) -> [UInt8] {
        let result = try run(command)
        guard result.succeeded else {
            throw .failed("\(command.program) failed: \(result.complaint)", remedy: remedy)
        }
        return result.output
    }

    /// The path of an installed program.
    static func find(_ program: String) -> String? {
        if program.hasPrefix("/") { return access(program, X_OK) == 0 ? program : nil }
        return Command.searchPath.map { $0 + "/" + program }.first { access($0, X_OK) == 0 }
    }

    /// posix_spawn has no resource limits; util-linux's prlimit sets them and then becomes the program.
    private func limited(_ path: String, _ command: Command) -> (String, [String]) {
        var limits: [String] = []
        if let limit = command.memoryLimit { limits.append("--as=\(limit)") }
        if let limit = command.fileSizeLimit { limits.append("--fsize=\(limit)") }
        guard !limits.isEmpty, let prlimit = Self.find("prlimit") else {
            return (path, [command.program] + command.arguments)
        }
        return (prlimit, ["prlimit"] + limits + ["--core=0", "--", path] + command.arguments)
    }

    private func environment(_ command: Command) -> [String] {
        var values = ["PATH": Command.searchPath.joined(separator: ":"), "LC_ALL": "C", "LANG": "C"]
        for name in ["HOME", "XDG_RUNTIME_DIR", "TMPDIR", "USER", "LOGNAME"] {
            if let value = getenv(name) { values[name] = String(cString: value) }
        }
        values.merge(command.environment) { $1 }
        return values.map { "\($0)=\($1)" }.sorted()
    }
}
