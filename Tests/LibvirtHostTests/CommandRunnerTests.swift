import ComputeHost
import Foundation
import TestSupport
import Testing

@testable import LibvirtHost

struct CommandRunnerTests {
    private let runner = CommandRunner()

    private func shell(_ script: String, timeout: Duration = .seconds(20)) throws -> CommandResult {
        var command = Command("sh", ["-c", script])
        command.timeout = timeout
        return try runner.run(command)
    }

    @Test func `both outputs and the status come back`() throws {
        let result = try shell("echo out; echo err >&2; exit 3")
        #expect(result.output == Array("out\n".utf8))
        #expect(result.errorOutput == Array("err\n".utf8))
        #expect(result.ending == .exit(3))
        #expect(result.complaint == "err")
    }

    @Test func `arguments are not a shell's`() throws {
        let output = try runner.succeed(Command("printf", ["%s", "$(id); a  b"]))
        #expect(output == Array("$(id); a  b".utf8))
    }

    @Test func `a program that takes too long is killed with all it started`() throws {
        let start = ContinuousClock.now
        let result = try shell("sleep 60 & sleep 60", timeout: .milliseconds(200))
        #expect(result.ending == .timedOut)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func `a program that closes its outputs and stays is killed, too`() throws {
        #expect(try shell("exec >/dev/null 2>&1; sleep 60", timeout: .milliseconds(200)).ending == .timedOut)
    }

    @Test func `output beyond the limit is thrown away`() throws {
        var command = Command("sh", ["-c", "head -c 300000 /dev/zero; echo end >&2"])
        command.outputLimit = 1_000
        let result = try runner.run(command)
        #expect(result.output.count == 1_000)
        #expect(result.succeeded)
    }

    @Test func `a program inherits neither our descriptors nor a blocked signal`() throws {
        let directory = try TemporaryDirectory()
        let kept = open(directory.path, O_RDONLY)
        defer { close(kept) }
        var blocked = sigset_t()
        var before = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let result = try shell("grep SigBlk /proc/self/status; ls /proc/self/fd")
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        #expect(lines.first == "SigBlk:\t0000000000000000")
        // ls has one descriptor more: the directory it lists.
        #expect(lines.dropFirst() == ["0", "1", "2", "3"])
    }

    @Test func `memory can be limited`() throws {
        var command = Command("sh", ["-c", "ulimit -v"])
        command.memoryLimit = 512 << 20
        #expect(try runner.succeed(command) == Array("524288\n".utf8))
    }

    @Test func `lines are told as they come`() throws {
        var lines: [String] = []
        _ = try runner.run(Command("printf", ["one\\ntwo\\nthree"])) { lines.append($0) }
        #expect(lines == ["one", "two", "three"])
    }

    @Test func `a program that is not there is unavailable`() {
        #expect(throws: HostError.unavailable("the program no-such-program is not installed")) {
            try runner.run(Command("no-such-program", []))
        }
    }
}
