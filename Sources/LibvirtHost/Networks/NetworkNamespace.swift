import CSpawn
import ComputeHost
import Foundation

/// A network namespace (network_namespaces(7)), as iproute2 keeps them: by name, below /run/netns.
struct NetworkNamespace: Sendable, Hashable {
    /// Nil is the namespace this program is in.
    let name: String?
    private let runner = CommandRunner()

    init(_ name: String?) { self.name = name }

    static func == (one: Self, other: Self) -> Bool { one.name == other.name }
    func hash(into hasher: inout Hasher) { hasher.combine(name) }

    private static let folder = "/run/netns"

    /// What stands for it in the file system.
    var path: String { name.map { Self.folder + "/" + $0 } ?? "/proc/self/ns/net" }

    /// Whether it is there. A name alone is not: without its mount it is an empty file, elsewhere than namespaces are.
    var exists: Bool {
        name == nil || identity.map { $0.isOnSameDevice(as: NamespaceIdentity("/proc/self/ns/net")) } ?? false
    }

    /// Which namespace it is, whatever its name; nil when there is none.
    var identity: NamespaceIdentity? { NamespaceIdentity(path) }

    /// Makes it unless it is there, with its loopback interface up. Says whether it was made.
    @discardableResult
    func create() throws(HostError) -> Bool {
        guard let name else { return false }
        if exists { return false }
        // The name of one that is gone.
        if FileSystem.exists(path) { _ = try? runner.run(Command("ip", ["netns", "delete", name])) }
        try runner.succeed(
            Command("ip", ["netns", "add", name]), remedy: "Run as root, or with CAP_SYS_ADMIN and CAP_NET_ADMIN.")
        try change(["link set dev lo up"])
        return true
    }

    /// Removes it with everything that is only in it. Absent is a success.
    func delete() throws(HostError) {
        guard let name, FileSystem.exists(path) else { return }
        try runner.succeed(Command("ip", ["netns", "delete", name]))
    }

    /// The names of all that iproute2 knows.
    static var names: [String] { FileSystem.names(in: folder) }

    /// Its interfaces with their addresses.
    func links() throws(HostError) -> LinkTable {
        let output = try runner.succeed(Command("ip", inside + ["-json", "-details", "address", "show"]))
        do {
            return LinkTable(try JSONDecoder().decode([Link].self, from: Data(output)))
        } catch {
            throw .failed("what ip says of the interfaces is not understood: \(error)", remedy: nil)
        }
    }

    /// Has iproute2 do what the lines say, one after the other, up to the first that fails.
    ///
    /// An interface that is to be deleted may be gone: the other end of a cable vanishes a moment after the namespace
    /// that it led to.
    /// - Parameter ifThere: whether that holds for every line, as of a guest's tap, which its emulator takes away.
    func change(_ lines: [String], ifThere: Bool = false) throws(HostError) {
        var lines = lines[...]
        while !lines.isEmpty {
            let input = lines.joined(separator: "\n") + "\n"
            let result = try runner.run(Command("ip", inside + ["-batch", "-"], input: input))
            guard !result.succeeded else { return }
            let refusal = Self.refusal(result, of: Array(lines))
            guard let failed = refusal.line, refusal.isAbsence,
                ifThere || lines[lines.startIndex + failed].hasPrefix("link delete ")
            else { throw refusal.error }
            lines = lines.dropFirst(failed + 1)
        }
    }

    /// A program that runs in it, by nsenter(1), which unlike `ip netns exec` leaves its mounts alone.
    func command(_ program: String, _ arguments: [String], input: String? = nil) -> Command {
        guard name != nil else { return Command(program, arguments, input: input) }
        return Command("nsenter", ["--net=\(path)", program] + arguments, input: input)
    }

    /// Does something on a thread that is in the namespace, such as making a socket or writing below /proc/sys/net,
    /// and waits for it. A thread cannot be trusted to find its way back, so it ends.
    func inside<T: Sendable>(_ body: @escaping @Sendable () throws(HostError) -> T) throws(HostError) -> T {
        guard name != nil else { return try body() }
        let path = path
        return try OneThread.run { () throws(HostError) in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileSystem.failure("open", path) }
            defer { close(descriptor) }
            guard cs_enter_network(descriptor) == 0 else { throw FileSystem.failure("enter", path) }
            return try body()
        }
    }

    private var inside: [String] { name.map { ["-netns", $0] } ?? [] }

    /// `ip -batch` tells the number of the line and, before it, why.
    private static func refusal(
        _ result: CommandResult, of lines: [String]
    ) -> (error: HostError, line: Int?, isAbsence: Bool) {
        let text = String(decoding: result.errorOutput, as: UTF8.self).split(separator: "\n")
        guard let last = text.last, last.hasPrefix("Command failed"),
            let number = last.split(separator: ":").last.flatMap({ Int($0) }), lines.indices.contains(number - 1)
        else { return (.failed("ip failed: \(result.complaint)", remedy: nil), nil, false) }
        let reason = text.dropLast().last.map { $0.replacing("RTNETLINK answers: ", with: "") } ?? "it failed"
        let isUnknown = reason.contains("Unknown device type")
        let remedy =
            isUnknown
            ? "The kernel has no such device; its module may help (modprobe 8021q for VLANs, modprobe vxlan)." : nil
        return (
            .failed("ip \(lines[number - 1]): \(reason)", remedy: remedy), number - 1,
            reason.hasPrefix("Cannot find device")
        )
    }
}

/// What two names of one namespace have in common.
struct NamespaceIdentity: Hashable {
    private let device: UInt64
    private let inode: UInt64

    func isOnSameDevice(as other: Self?) -> Bool { device == other?.device }

    init?(_ path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        device = UInt64(facts.st_dev)
        inode = UInt64(facts.st_ino)
    }
}

/// A thread for one piece of work, which ends with it.
enum OneThread {
    static func run<T: Sendable>(
        _ body: @escaping @Sendable () throws(HostError) -> T
    ) throws(HostError) -> T {
        let outcome = Outcome<T>()
        Thread.detachNewThread {
            outcome.finish(Result { () throws(HostError) in try body() })
        }
        return try outcome.wait().get()
    }

    private final class Outcome<T: Sendable>: @unchecked Sendable {
        private let condition = NSCondition()
        private var result: Result<T, HostError>?

        func finish(_ result: Result<T, HostError>) {
            condition.lock()
            self.result = result
            condition.signal()
            condition.unlock()
        }

        func wait() -> Result<T, HostError> {
            condition.lock()
            defer { condition.unlock() }
            while true {
                if let result { return result }
                condition.wait()
            }
        }
    }
}
