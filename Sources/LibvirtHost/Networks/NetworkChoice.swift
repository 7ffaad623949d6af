public import ComputeHost
import Foundation

/// What guests' networks are to be made of (`HOST_NETWORK`).
public enum HostNetworkSetting: String, Sendable, Hashable, CaseIterable {
    /// Bridges where rights and programs allow them, else the emulator's own network.
    case auto
    /// The emulator's own network for each guest.
    case user
    /// Bridges, or no start.
    case bridge
}

/// Whether a host has bridges for its guests, and why: a decision on facts, without effects.
public struct NetworkChoice: Sendable, Hashable {
    /// What follows for the host.
    public let abilities: NetworkAbilities
    /// One sentence for people.
    public let reason: String

    /// What this machine offers for networks.
    struct Facts: Sendable, Hashable {
        /// CAP_NET_ADMIN and CAP_SYS_ADMIN, which making interfaces and namespaces takes (capabilities(7)).
        var hasRights: Bool
        /// Those of `NetworkChoice.programs` that are installed.
        var programs: Set<String>

        static func gather() -> Facts {
            let installed = NetworkChoice.programs.map(\.name).filter { CommandRunner.find($0) != nil }
            return Facts(hasRights: hasRights(FileSystem.readProc("self/status")), programs: Set(installed))
        }

        static func hasRights(_ status: String) -> Bool {
            let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
            let mask = line.flatMap { UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16) } ?? 0
            let needed: UInt64 = 1 << 12 | 1 << 21
            return mask & needed == needed
        }
    }

    /// What networks are made with, and the Debian packages that have it.
    static let programs = [
        (name: "ip", package: "iproute2"), (name: "dnsmasq", package: "dnsmasq-base"),
        (name: "nft", package: "nftables"),
        (name: "nsenter", package: "util-linux"),
    ]

    /// Looks at this machine and decides. Changes nothing.
    ///
    /// - Parameters:
    ///   - namespace: `HOST_NAMESPACE`; nil is the machine's own.
    ///   - hypervisor: how libvirt is reached.
    public static func decide(
        setting: HostNetworkSetting, namespace: String?, hypervisor: HypervisorChoice
    ) -> NetworkChoice {
        decide(setting: setting, namespace: namespace, hypervisor: hypervisor, facts: .gather())
    }

    static func decide(
        setting: HostNetworkSetting, namespace: String?, hypervisor: HypervisorChoice, facts: Facts
    ) -> NetworkChoice {
        if setting == .user {
            return NetworkChoice(
                abilities: NetworkAbilities(
                    bridges: false, missing: ["HOST_NETWORK is \"user\". Set it to \"auto\" for bridges."]),
                reason: "The settings ask for the emulator's own networks.")
        }
        let missing = obstacles(namespace, hypervisor, facts)
        guard missing.isEmpty else {
            return NetworkChoice(
                abilities: NetworkAbilities(bridges: false, missing: missing),
                reason: "Each guest is alone on the emulator's own network. " + missing.joined(separator: " "))
        }
        let place = namespace.map { "the namespace \($0)" } ?? "the machine's own namespace"
        return NetworkChoice(
            abilities: NetworkAbilities(bridges: true, namespace: namespace), reason: "Bridges and DHCP in \(place).")
    }

    private static func obstacles(
        _ namespace: String?, _ hypervisor: HypervisorChoice, _ facts: Facts
    ) -> [String] {
        switch hypervisor.mode {
        case .simulated: return ["Instances are simulated and need no networks."]
        case .configured where !isOnThisMachine(hypervisor.uri):
            return ["Networks are made on this machine only, and guests run at \(hypervisor.uri)."]
        case .session:
            return ["A user's own libvirt may not plug guests into bridges. Start Daybreak as root."]
        default: break
        }
        var missing: [String] = []
        if !facts.hasRights {
            missing.append(
                "Making bridges takes root's rights (CAP_NET_ADMIN and CAP_SYS_ADMIN). Start Daybreak as root.")
        }
        for program in programs where !facts.programs.contains(program.name) {
            missing.append("The program \(program.name) is not installed: apt-get install \(program.package)")
        }
        if namespace != nil, hypervisor.mode != .privateDaemon {
            missing.append("HOST_NAMESPACE needs a libvirtd of Daybreak's own. Set LIBVIRT_URI to \"private\".")
        }
        return missing
    }

    /// Whether an address of libvirt's leads to the system's emulators here.
    private static func isOnThisMachine(_ uri: String) -> Bool {
        uri.hasPrefix("qemu:///system") || uri.hasPrefix("qemu+unix:///system")
    }
}
