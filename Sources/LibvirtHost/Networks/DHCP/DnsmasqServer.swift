import ComputeHost
import Glibc

/// A dnsmasq and its files: a network's, `STATE_PATH/dhcp/<network id>/{host,opts,addn_hosts,leases,pid}`, or a router's.
/// It outlives this program.
struct DnsmasqServer: Sendable {
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
        let pruned = prunedLeases(plan)
        // dnsmasq 2.90 crashes when it reads hosts again of which one that has a lease had a tag.
        let isTagged = Self.hasTags(FileSystem.readText(directory + "/host")) || Self.hasTags(plan.files["host"])
        let isRight = plan.files.allSatisfy { FileSystem.readText(directory + "/" + $0.key) == $0.value }
        if runningArguments == plan.arguments, pruned == nil, isRight || !isTagged {
            let changed = try write(plan)
            guard !changed.isEmpty, let id = runningID else { return [] }
            kill(id, SIGHUP)
            return ["dnsmasq reads \(changed.joined(separator: ", ")) again"]
        }
        let ran = daemon.runningID != nil
        try stop()
        // Before the file of hosts, which tells what was promised to whom until now.
        if let pruned { try FileSystem.write(pruned, to: leaseFile) }
        _ = try write(plan)
        try start(plan)
        return [ran ? "dnsmasq is started anew" : "dnsmasq is started"]
    }

    /// Whether a file of hosts has tags for options of single guests.
    private static func hasTags(_ hosts: String?) -> Bool { hosts?.contains(",set:") == true }

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

    /// The leases that should be there, when others are.
    private func prunedLeases(_ plan: DnsmasqPlan) -> String? {
        guard let leases = FileSystem.readText(leaseFile) else { return nil }
        let before = FileSystem.readText(directory + "/host") ?? ""
        return Self.pruned(leases, plan.reservations, before: before)
    }

    /// dnsmasq's file of leases without those of addresses that are another guest's now; nil when there are none. A line
    /// has the end of the lease, the guest's MAC address, its address, name and identifier. Of DHCPv6 it has a number
    /// instead of the MAC address, so that what the address was promised to `before`, in the file of hosts, must tell.
    static func pruned(_ leases: String, _ reservations: [String: String], before: String = "") -> String? {
        let lines = leases.split(separator: "\n")
        let past = owners(before)
        let kept = lines.filter { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 4, let owner = reservations[words[2]] else { return true }
            return owner == (words[1].contains(":") ? words[1] : past[words[2]])
        }
        return kept.count == lines.count ? nil : kept.map { $0 + "\n" }.joined()
    }

    /// MAC addresses by address, of a file of hosts.
    private static func owners(_ hosts: String) -> [String: String] {
        let pairs = hosts.split(separator: "\n").compactMap { line -> (String, String)? in
            let words = line.split(separator: ",")
            guard let owner = words.first, let address = words.last else { return nil }
            return (address.filter { $0 != "[" && $0 != "]" }, String(owner))
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
