import Foundation

/// A program at work beside this one.
///
/// Not Foundation's `Process`: that one learns of a program's end by a socket that whatever the program starts
/// inherits, and would wait for a memcached that outlives the server which started it.
public final class Program {
    /// Its process number.
    public let id: pid_t
    private let name: String
    private let output: FileHandle?
    /// How it ended, as waitpid(2) says it, once that is known.
    private var status: Int32?

    /// Starts it. It ends with this program, even when this program is killed.
    /// - Parameters:
    ///   - command: the program's path and its arguments.
    ///   - keepsOutput: whether ``end()`` is to return what it prints; else it prints where this program does.
    ///   - input: the path of a file that it reads; nothing when not given.
    public init(_ command: [String], keepsOutput: Bool = false, input: String = "/dev/null") throws {
        let command = ["/usr/bin/setpriv", "--pdeathsig", "TERM"] + command
        name = command[3]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        let pipe = keepsOutput ? Pipe() : nil
        if let pipe {
            posix_spawn_file_actions_adddup2(&actions, pipe.fileHandleForWriting.fileDescriptor, STDOUT_FILENO)
            for end in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
                posix_spawn_file_actions_addclose(&actions, end.fileDescriptor)
            }
        }
        output = pipe?.fileHandleForReading
        let words = command.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child = pid_t()
        let code = posix_spawn(&child, command[0], &actions, nil, words, environ)
        guard code == 0 else { throw Failure("\(name) cannot be started: \(String(cString: strerror(code)))") }
        try pipe?.fileHandleForWriting.close()
        id = child
    }

    /// Whether it still runs.
    public var isRunning: Bool {
        var found: Int32 = 0
        if status == nil, waitpid(id, &found, WNOHANG) == id { status = found }
        return status == nil
    }

    /// Waits for its end.
    /// - Returns: what it has printed, when that was kept.
    /// - Throws: ``Failure`` when it ends with a status other than 0.
    public func end() throws -> String {
        let text = String(decoding: output?.readDataToEndOfFile() ?? Data(), as: UTF8.self)
        var found: Int32 = 0
        while status == nil {
            if waitpid(id, &found, 0) == id { status = found } else if errno != EINTR { break }
        }
        guard status == 0 else { throw Failure("\(name) failed:\n\(text)") }
        return text
    }

    /// Ends it, with a second to do so in order.
    public func stop() {
        guard isRunning else { return }
        kill(id, SIGTERM)
        let deadline = ContinuousClock.now + .seconds(1)
        while isRunning, ContinuousClock.now < deadline { usleep(5_000) }
        if isRunning {
            kill(id, SIGKILL)
            _ = try? end()
        }
    }
}
