import ComputeHost
import Glibc

/// A daemon that outlives us, remembered by its pid file.
struct DaemonProcess: Sendable {
    /// The name in /proc/PID/comm, which tells our daemon from a later process that got its number.
    let name: String
    let pidFile: String

    /// The daemon's process id while it runs. A process that has ended but was not collected does not run.
    var runningID: pid_t? {
        guard let text = FileSystem.readText(pidFile),
            let id = pid_t(text.split(whereSeparator: \.isWhitespace).first ?? "")
        else { return nil }
        return Self.isRunning(id, name) ? id : nil
    }

    /// Ends the daemon and waits until it has: one that does not within some seconds is killed. Not running is a success.
    func stop(within seconds: Int = 15) throws(HostError) {
        guard let id = runningID else { return }
        kill(id, SIGTERM)
        let deadline = ContinuousClock.now + .seconds(seconds)
        while Self.isRunning(id, name), ContinuousClock.now < deadline { usleep(20_000) }
        if Self.isRunning(id, name) { kill(id, SIGKILL) }
        while Self.isRunning(id, name) {
            guard ContinuousClock.now < deadline + .seconds(15) else {
                throw .failed("\(name) (process \(id)) does not stop", remedy: "Restart the machine.")
            }
            usleep(20_000)
        }
        try FileSystem.remove(pidFile)
    }

    private static func isRunning(_ id: pid_t, _ name: String) -> Bool {
        // "1234 (libvirtd) S ...": the state follows the last parenthesis.
        let facts = FileSystem.readProc("\(id)/stat")
        guard let opening = facts.firstIndex(of: "("), let closing = facts.lastIndex(of: ")") else { return false }
        let isZombie = facts[closing...].dropFirst(2).first == "Z"
        return facts[facts.index(after: opening)..<closing] == name && !isZombie
    }
}
