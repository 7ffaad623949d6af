/// An interface, as `ip -json -details address show` prints it.
struct Link: Decodable, Hashable, Sendable {
    struct Address: Decodable, Hashable, Sendable {
        let local: String?
        let prefixlen: Int?
        let scope: String?

        /// In CIDR notation.
        var text: String { "\(local ?? "")/\(prefixlen ?? 0)" }
        /// One that the kernel gave by itself and takes away by itself.
        var isLinkLocalIPv6: Bool { scope == "link" && local?.contains(":") == true }
    }

    private struct Information: Decodable, Hashable, Sendable {
        let info_kind: String?
        let info_data: Details?
    }

    private struct Details: Decodable, Hashable, Sendable {
        let id: Int?
        let stp_state: Int?
        let forward_delay: Int?
    }

    private let ifindex: Int?
    private let ifname: String
    private let flags: [String]
    private let ifalias: String?
    private let linkinfo: Information?
    private let addr_info: [Address]?
    /// Bytes.
    let mtu: Int
    /// The bridge it is plugged into.
    let master: String?
    /// What it stands on, or is the other end of.
    let link: String?
    /// The MAC address.
    let address: String?

    var name: String { ifname }
    /// Its number, which no other interface of the namespace has; 0 is none.
    var index: Int { ifindex ?? 0 }
    /// What somebody wrote on it (ip-link(8), `alias`).
    var alias: String? { ifalias }
    var isUp: Bool { flags.contains("UP") }
    /// `bridge`, `veth`, `vlan`, `vxlan`, `tun`; nil for hardware.
    var kind: String? { linkinfo?.info_kind }
    /// The number of a VLAN or a VXLAN.
    var segmentID: Int? { linkinfo?.info_data?.id }
    /// Whether a bridge forwards at once: no spanning tree, no listening and learning first.
    var forwardsAtOnce: Bool {
        linkinfo?.info_data?.stp_state == 0 && linkinfo?.info_data?.forward_delay == 0
    }
    /// All that somebody gave it.
    var addresses: [String] { (addr_info ?? []).filter { !$0.isLinkLocalIPv6 }.map(\.text) }
}

/// The interfaces of a namespace, by name.
struct LinkTable: Sendable {
    private let links: [String: Link]

    init(_ links: [Link]) { self.links = Dictionary(links.map { ($0.name, $0) }) { first, _ in first } }

    subscript(name: String) -> Link? { links[name] }
    var all: [Link] { links.values.sorted { $0.name < $1.name } }

    /// What is plugged into a bridge.
    func ports(of bridge: String) -> [Link] { all.filter { $0.master == bridge } }
}
