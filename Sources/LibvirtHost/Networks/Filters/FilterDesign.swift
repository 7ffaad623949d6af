import ComputeHost

/// How a host filters what passes between the ports of a bridge: there are two ways, and a kernel has one, both or none.
enum FilterDesign: String, Sendable, CaseIterable {
    /// Connections are followed in family `bridge` (CONFIG_NF_CONNTRACK_BRIDGE, with CONFIG_NFT_BRIDGE_META to tell one
    /// bridge from another). It concerns no bridge but ours, and is taken where there is a choice.
    case bridgeConntrack
    /// Family `bridge` marks each packet with the ports that it comes from and goes to; br_netfilter shows it to the
    /// families `ip` and `ip6`, where its connection is known.
    case bridgeNetfilter

    /// Which one the kernel of this namespace has.
    ///
    /// - Throws: `.unavailable` when nft is not installed, `.failed` with the cure when the kernel has neither.
    static func detect(in namespace: NetworkNamespace) throws(HostError) -> Self {
        let runner = CommandRunner()
        // The kernel looks at all of it and, since it is only asked, keeps nothing of it.
        let probe = namespace.command("nft", ["--check", "--file", "-"], input: Self.probe)
        if try runner.run(probe).succeeded { return .bridgeConntrack }
        if FileSystem.exists(BridgeNetfilter.folder) { return .bridgeNetfilter }
        // A module for all namespaces. In a container it is for somebody else to load.
        _ = try? runner.run(Command("modprobe", ["br_netfilter"]))
        guard FileSystem.exists(BridgeNetfilter.folder) else {
            throw .failed(
                "the kernel can follow no connections on a bridge",
                remedy: "Load one of its modules: modprobe nf_conntrack_bridge (and nft_meta_bridge), or br_netfilter.")
        }
        return .bridgeNetfilter
    }

    private static let probe = """
        table bridge daybreak-probe {
        \tchain zone {
        \t\ttype filter hook prerouting priority -300; policy accept;
        \t\tmeta ibrname "brq" ct zone set 1
        \t}
        \tchain forward {
        \t\ttype filter hook forward priority filter; policy accept;
        \t\tct state invalid drop
        \t\tmeta l4proto tcp ct original ip saddr 192.0.2.1 ct original proto-dst 22 accept
        \t}
        }

        """
}

/// br_netfilter's switches in a namespace (Documentation/networking/ip-sysctl.rst).
enum BridgeNetfilter {
    static let folder = "/proc/sys/net/bridge"

    private static let names = ["bridge-nf-call-iptables", "bridge-nf-call-ip6tables"]

    /// Has the families `ip` and `ip6` see what is bridged in this namespace. Nothing is written when they do.
    /// - Returns: what had to be done.
    static func switchOn(in namespace: NetworkNamespace) throws(HostError) -> [String] {
        try namespace.inside { () throws(HostError) in
            var done: [String] = []
            for name in names where try Sysctl.set("net/bridge/\(name)", to: 1) {
                done.append("net/bridge/\(name) = 1")
            }
            return done
        }
    }

    /// The switches that are not on.
    static func missing(in namespace: NetworkNamespace) throws(HostError) -> [String] {
        try namespace.inside { () throws(HostError) in
            names.filter { FileSystem.readProc("sys/net/bridge/\($0)").first != "1" }
        }
    }
}
