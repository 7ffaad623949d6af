public import ComputeHost
import Glibc

/// A libvirtd of our own, for machines where none runs.
///
/// For root, libvirtd reads its qemu.conf from /etc/libvirt and nowhere else. So it gets a mount namespace in which
/// that directory, and those it writes, are ours; the machine's own are not touched. The daemon and its guests live on
/// when we end, and the next start finds the daemon by its socket.
public struct PrivateLibvirtd: Sendable {
    /// What takes the place of /etc/libvirt, /var/lib/libvirt and so on.
    private static let directories = ["etc", "lib", "run", "cache", "log"]
    /// How many seconds a daemon that runs may take to answer: one that just starts looks at the machine first.
    private static let patience = 30
    private let directory: String
    private let namespace: NetworkNamespace
    private let runner = CommandRunner()

    /// - Parameters:
    ///   - statePath: the program's state directory.
    ///   - namespace: the network namespace that the daemon and its guests are in, by iproute2's name; nil is ours.
    public init(statePath: String, namespace: String? = nil) {
        directory = statePath + "/libvirt"
        self.namespace = NetworkNamespace(namespace)
    }

    var process: DaemonProcess {
        DaemonProcess(name: "libvirtd", pidFile: directory + "/run/libvirtd.pid")
    }

    /// The address that reaches this daemon, from this process.
    ///
    /// A socket's path has at most 107 bytes. A longer one is reached through a descriptor of its directory, which
    /// stays open for as long as the process lives.
    public var uri: String {
        var socket = directory + "/run/libvirt-sock"
        if socket.utf8.count > 107 {
            let descriptor = open(directory + "/run", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            if descriptor >= 0 { socket = "/proc/self/fd/\(descriptor)/libvirt-sock" }
        }
        return "qemu+unix:///system?socket=" + Self.escaped(socket)
    }

    /// Whether the daemon runs now.
    public var isRunning: Bool { process.runningID != nil }

    /// Starts the daemon unless it runs, and returns the address once it answers.
    ///
    /// The first start takes some seconds: libvirt asks the emulator what it can do, and keeps the answer.
    public func start() throws(HostError) -> String {
        for name in Self.directories { try FileSystem.createDirectory(directory + "/" + name) }
        let uri = uri
        return try FileLock.hold(directory + "/lock") { () throws(HostError) in
            // One that was started in another network would plug guests in there.
            if let id = process.runningID, NamespaceIdentity("/proc/\(id)/ns/net") != namespace.identity {
                try stop()
            }
            // One that takes connections and never answers has hung: its guests live on without it.
            if process.runningID != nil, case .silent = LibvirtOpener.answer(of: uri, patience: Self.patience) {
                try process.stop(within: 1)
            }
            if process.runningID == nil {
                try writeConfiguration()
                try launch()
            }
            let deadline = ContinuousClock.now + .seconds(60)
            while !LibvirtOpener.answers(uri) {
                guard ContinuousClock.now < deadline, process.runningID != nil else {
                    throw .unavailable("the private libvirtd does not answer; see \(directory)/log/libvirtd.log")
                }
                usleep(50_000)
            }
            return uri
        }
    }

    /// Ends the daemon. Its guests go on, and are found again by the next start.
    public func stop() throws(HostError) { try process.stop() }

    private func launch() throws(HostError) {
        let script = """
            set -e
            mkdir -p /etc/libvirt /var/lib/libvirt /run/libvirt /var/cache/libvirt /var/log/libvirt
            mount --bind "$1/etc" /etc/libvirt
            mount --bind "$1/lib" /var/lib/libvirt
            mount --bind "$1/run" /run/libvirt
            mount --bind "$1/cache" /var/cache/libvirt
            mount --bind "$1/log" /var/log/libvirt
            exec libvirtd -d -f /etc/libvirt/libvirtd.conf -p /run/libvirt/libvirtd.pid
            """
        try runner.succeed(
            namespace.command(
                "unshare", ["--mount", "--propagation", "slave", "sh", "-c", script, "sh", directory]),
            remedy: "Start libvirtd yourself, or see \(directory)/log/libvirtd.log.")
    }

    private func writeConfiguration() throws(HostError) {
        // user and group: libvirt tries the emulator as this user, and must be able to open /dev/kvm as that user,
        // or it asks the emulator anew at every call. stdio_handler: console logs need no second daemon.
        try FileSystem.write(
            """
            user = "root"
            group = "root"
            dynamic_ownership = 0
            remember_owner = 0
            security_driver = "none"
            cgroup_controllers = [ ]
            namespaces = [ ]
            stdio_handler = "file"

            """, to: directory + "/etc/qemu.conf")
        try FileSystem.write(
            """
            listen_tls = 0
            unix_sock_rw_perms = "0700"
            unix_sock_ro_perms = "0700"
            auth_unix_rw = "none"
            auth_unix_ro = "none"
            log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
            host_uuid = "\(try hostID())"

            """, to: directory + "/etc/libvirtd.conf")
    }

    /// Two daemons on one machine must not claim to be the same host.
    private func hostID() throws(HostError) -> String {
        let path = directory + "/host_uuid"
        if let known = FileSystem.readText(path), InstanceID.isValid(known) { return known }
        let fresh = RandomUUID.make()
        try FileSystem.write(fresh, to: path)
        return fresh
    }

    private static func escaped(_ path: String) -> String {
        var result = ""
        for byte in path.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x2f, 0x5f, 0x7e:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0" + digits : "%" + digits
            }
        }
        return result
    }
}

/// Version 4 UUIDs in lower case.
enum RandomUUID {
    static func make() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
        }
        return text
    }
}
