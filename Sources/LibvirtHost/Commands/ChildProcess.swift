import CSpawn
import ComputeHost
import Glibc

/// One started program, in a session of its own so that a signal to its group reaches all it started.
struct ChildProcess {
    let id: pid_t

    /// The child gets none of our signal masks and dispositions, and of our descriptors only those given.
    /// - Parameter input: what it reads; nil is no input.
    init(
        program: String, arguments: [String], environment: [String], input: Int32? = nil, output: Int32,
        errorOutput: Int32
    ) throws(HostError) {
        var child: pid_t = 0
        let code = withCStrings(arguments) { argv in
            withCStrings(environment) { envp in
                cs_spawn(&child, program, argv, envp, nil, input ?? -1, output, errorOutput)
            }
        }
        guard code == 0 else {
            throw .unavailable("\(program) cannot be started: \(String(cString: strerror(code)))")
        }
        id = child
    }

    /// Kills the program and everything in its session.
    func kill() {
        Glibc.kill(-id, SIGKILL)
    }

    /// Waits for the end; with a deadline, kills the program when it is passed.
    func wait(until deadline: ContinuousClock.Instant?) -> CommandResult.Ending {
        var status: Int32 = 0
        // Whoever closed its outputs is about to end.
        var pause: UInt32 = 100
        while true {
            let result = waitpid(id, &status, deadline == nil ? 0 : WNOHANG)
            if result == id { break }
            if result < 0, errno != EINTR { return .exit(127) }
            if let deadline, result == 0 {
                if ContinuousClock.now >= deadline {
                    kill()
                    return wait(until: nil) == .exit(0) ? .exit(0) : .timedOut
                }
                usleep(pause)
                pause = min(2 * pause, 10_000)
            }
        }
        let signal = status & 0x7f
        return signal == 0 ? .exit((status >> 8) & 0xff) : .signal(signal)
    }
}

/// `strings` as the null-terminated array of C strings that exec wants.
private func withCStrings<T>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> T
) -> T {
    var pointers = strings.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { buffer in
        // An array that holds at least the terminator has a base address.
        body(buffer.baseAddress!)
    }
}
