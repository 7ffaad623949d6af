import Foundation
import TestSupport

/// Lets another program run for moments of half a millisecond and looks around while it stands still, so that it can be
/// stopped for good in the middle of a phase that lasts a few milliseconds. The program itself knows nothing of it.
enum SlowMotion {
    /// Kills the program as soon as the condition holds at a moment when it stands still.
    ///
    /// A condition that throws cannot be seen at that moment, and the program goes on: when it stands still in the middle
    /// of a commit it holds the database's lock.
    /// - Returns: whether that came to pass before the time was over; the program runs on when not.
    static func kill(_ process: ChildProcess, seconds: Double = 60, when condition: () throws -> Bool) -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(seconds)
        while clock.now < deadline {
            process.signal(SIGSTOP)
            // The signal is taken by each thread as it next enters or leaves the kernel.
            while !stands(process.id) { usleep(50) }
            if (try? condition()) == true {
                process.signal(SIGKILL)
                return true
            }
            process.signal(SIGCONT)
            usleep(500)
        }
        return false
    }

    /// Whether every thread of a process is stopped (`T` in its stat file, proc(5)), or the process is gone.
    private static func stands(_ id: Int32) -> Bool {
        let folder = "/proc/\(id)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return threads.allSatisfy { thread in
            guard let text = try? String(contentsOfFile: "\(folder)/\(thread)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")")
            else { return true }
            return ["T", "Z", "X", "D"].contains(text[text.index(after: end)...].dropFirst().prefix(1))
        }
    }
}
