import ComputeHost
import Glibc

/// A network's dnsmasq and its files, `STATE_PATH/dhcp/<network id>/{host,opts,addn_hosts,leases,pid}`. It outlives this
/// program.
struct DHCPServer: Sendable {
    let directory: String
    let namespace: NetworkNamespace

    private var daemon: DaemonProcess { DaemonProcess(name: "dnsmasq", pidFile: directory + "/pid") }
    private var leaseFile: String { directory + "/leases" }

    /// Whom dnsmasq becomes when it has its sockets: nobody, where nobody may enter the directory.
    var user: String { HostFacts.closedDirectory(from: directory) == nil ? "nobody" : "root" }

    /// The server's process id while it runs in the namespace; one in another, which had the same name, does not count.
    var runningID: pid_t? {
        guard let id = daemon.runningID, isOurs(id),
            NamespaceIdentity("/proc/\(id)/ns/net") == namespace.identity
        else { return nil }
        return id
    }

    /// The arguments of a running server.
    var runningArguments: [String]? { runningID.map { Array(Self.words($0).dropFirst()) } }

    /// Makes the server what the plan says. Leases are kept, except those of an address that is promised to another guest:
    /// dnsmasq would refuse it to the new one for a day.
    /// - Returns: what had to be done.
    func make(_ plan: DnsmasqPlan) throws(HostError) -> [String] {
        try FileSystem.createDirectory(directory)
        let changed = try write(plan)
        let outdated = FileSystem.readText(leaseFile).flatMap { Self.pruned($0, plan.reservations) }
        if runningArguments == plan.arguments, outdated == nil {
            guard !changed.isEmpty, let id = runningID else { return [] }
            kill(id, SIGHUP)
            return ["dnsmasq reads \(changed.joined(separator: ", ")) again"]
        }
        let ran = daemon.runningID != nil
        try stop()
        if let outdated { try FileSystem.write(outdated, to: leaseFile) }
        try start(plan)
        return [ran ? "dnsmasq is started anew" : "dnsmasq is started"]
    }

    /// Ends the server. Not running is a success.
    func stop() throws(HostError) {
        guard let id = daemon.runningID, isOurs(id) else { return }
        try daemon.stop()
    }

    private func start(_ plan: DnsmasqPlan) throws(HostError) {
        // One whose pid file was lost shares its ports with a second one, and would be left over for ever.
        for id in FileSystem.names(in: "/proc").compactMap({ pid_t($0) }) where isOurs(id) { kill(id, SIGKILL) }
        try CommandRunner().succeed(namespace.command("dnsmasq", plan.arguments))
    }

    /// - Returns: the names of files that were not what they should be.
    private func write(_ plan: DnsmasqPlan) throws(HostError) -> [String] {
        var changed: [String] = []
        for (name, text) in plan.files.sorted(by: { $0.key < $1.key })
        where FileSystem.readText(directory + "/" + name) != text {
            try FileSystem.write(text, to: directory + "/" + name)
            changed.append(name)
        }
        return changed
    }

    private func isOurs(_ id: pid_t) -> Bool { Self.words(id).contains("--pid-file=\(directory)/pid") }

    private static func words(_ id: pid_t) -> [String] {
        FileSystem.readProc("\(id)/cmdline").split(separator: "\0").map(String.init)
    }

    /// dnsmasq's file of leases without those of addresses that are another guest's now; nil when there are none. A line
    /// has the end of the lease, the guest's MAC address, its address, name and identifier.
    static func pruned(_ leases: String, _ reservations: [String: String]) -> String? {
        let lines = leases.split(separator: "\n")
        let kept = lines.filter { line in
            let words = line.split(separator: " ")
            guard words.count >= 4, words[1].contains(":"), let owner = reservations[String(words[2])] else {
                return true
            }
            return owner == words[1]
        }
        return kept.count == lines.count ? nil : kept.map { $0 + "\n" }.joined()
    }
}
