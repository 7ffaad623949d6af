public import ComputeHost
import Glibc

/// Where a memcached listens.
public enum MemcachedAddress: Sendable, Hashable, CustomStringConvertible {
    case tcp(host: String, port: UInt16)
    case unix(path: String)

    /// The address as people write it.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): path
        }
    }
}

/// A memcached of our own, for machines where the configured one does not answer.
///
/// It listens on a socket in a directory that only we may enter: whoever can talk to memcached can read and forge
/// sessions. It outlives us, so that sessions survive a restart of the program.
public struct PrivateMemcached: Sendable {
    private let directory: String
    private let runner = CommandRunner()

    /// - Parameter statePath: the program's state directory.
    public init(statePath: String) {
        directory = statePath + "/memcached"
    }

    /// Whether a memcached answers there.
    public static func answers(_ address: MemcachedAddress) -> Bool { MemcachedProbe.answers(address) }

    /// Returns `configured` when a memcached answers there, else the address of our own, started when necessary.
    ///
    /// - Throws: `.unavailable` when memcached is not installed.
    public func ensure(_ configured: MemcachedAddress?) throws(HostError) -> MemcachedAddress {
        if let configured, MemcachedProbe.answers(configured) { return configured }
        return try start()
    }

    /// Starts the daemon unless it runs, and returns its address once it answers.
    public func start() throws(HostError) -> MemcachedAddress {
        try FileSystem.createDirectory(directory, mode: 0o700)
        return try FileLock.hold(directory + "/lock") { () throws(HostError) in
            let address = try chooseAddress()
            if MemcachedProbe.answers(address) { return address }
            // It runs but does not answer: it hangs, or listens where nobody finds it.
            try daemon.stop()
            try launch(address)
            let deadline = ContinuousClock.now + .seconds(10)
            while !MemcachedProbe.answers(address) {
                guard ContinuousClock.now < deadline else {
                    throw .unavailable("the private memcached at \(address) does not answer")
                }
                usleep(10_000)
            }
            return address
        }
    }

    /// Ends our daemon, and the sessions with it.
    public func stop() throws(HostError) { try daemon.stop() }

    private var daemon: DaemonProcess {
        DaemonProcess(name: "memcached", pidFile: directory + "/memcached.pid")
    }

    /// A socket's path has at most 107 bytes; where it would be longer, a free port of the loopback address is used
    /// and remembered.
    private func chooseAddress() throws(HostError) -> MemcachedAddress {
        let socket = directory + "/memcached.sock"
        if socket.utf8.count <= 107 { return .unix(path: socket) }
        let remembered = directory + "/port"
        if daemon.runningID != nil, let port = FileSystem.readText(remembered).flatMap({ UInt16($0) }) {
            return .tcp(host: "127.0.0.1", port: port)
        }
        let port = try MemcachedProbe.freePort()
        try FileSystem.write(String(port), to: remembered)
        return .tcp(host: "127.0.0.1", port: port)
    }

    private func launch(_ address: MemcachedAddress) throws(HostError) {
        var arguments = ["-d", "-P", directory + "/memcached.pid", "-m", "64", "-U", "0"]
        // memcached insists on being told when it may stay root; another user could not enter the directory.
        if geteuid() == 0 { arguments += ["-u", "root"] }
        switch address {
        case .unix(let path):
            try FileSystem.remove(path)
            arguments += ["-s", path, "-a", "0700"]
        case .tcp(let host, let port):
            arguments += ["-l", host, "-p", String(port)]
        }
        try runner.succeed(Command("memcached", arguments), remedy: "Start memcached yourself and name it in CACHES.")
    }
}
