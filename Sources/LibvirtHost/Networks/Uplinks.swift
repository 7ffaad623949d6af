import ComputeHost

/// What leads out of the host: which interface carries which network, with the Linux bridge agent's names.
struct Uplinks: Sendable {
    /// The interface of each physical network (`PHYSICAL_INTERFACE_MAPPINGS`).
    let mappings: [String: String]
    /// The address that tunnels start from; nil keeps tunnelled networks on the host.
    let tunnelAddress: String?

    /// The interfaces of the settings.
    var interfaces: Set<String> { Set(mappings.values) }

    /// An interface that is to be in a network's bridge.
    struct Uplink: Sendable, Hashable {
        var name: String
        /// The kind that is made for it; nil when it is there by itself.
        var kind: String?
        /// The number that tells its frames from others'.
        var segmentID: Int?
        /// What it stands on.
        var parent: String?
        /// The order that makes it.
        var making: String?
    }

    /// - Returns: nil for a network that ends at the host.
    /// - Throws: `.failed` when the settings name no interface for it, or one that is not there.
    func wanted(for network: NetworkSpec, in links: LinkTable) throws(HostError) -> Uplink? {
        switch network.segment {
        case .local: return nil
        case .flat(let physical):
            return Uplink(name: try interface(of: physical, links))
        case .vlan(let physical, let id):
            let parent = try interface(of: physical, links)
            let name = Self.vlanName(parent, id)
            return Uplink(
                name: name, kind: "vlan", segmentID: id, parent: parent,
                making: "link add link \(parent) name \(name) type vlan id \(id)")
        case .vxlan(let vni):
            guard let tunnelAddress else { return nil }
            let parent = links.all.first { $0.addresses.contains { $0.hasPrefix(tunnelAddress + "/") } }
            guard let parent else {
                throw .failed("no interface has the address \(tunnelAddress)", remedy: "Correct VXLAN_LOCAL_IP.")
            }
            let group = tunnelAddress.contains(":") ? "ff05::100" : "224.0.0.1"
            return Uplink(
                name: "vxlan-\(vni)", kind: "vxlan", segmentID: vni, parent: parent.name,
                making: "link add name vxlan-\(vni) type vxlan id \(vni) dstport 8472 local \(tunnelAddress) "
                    + "group \(group) dev \(parent.name)")
        }
    }

    /// The interface's name with the VLAN's number after a dot, cut to what Linux allows.
    static func vlanName(_ parent: String, _ id: Int) -> String {
        let ending = ".\(id)"
        return parent.prefix(15 - ending.count) + ending
    }

    private func interface(of physicalNetwork: String, _ links: LinkTable) throws(HostError) -> String {
        guard let name = mappings[physicalNetwork] else {
            throw .failed(
                "no interface leads to the physical network \(physicalNetwork)",
                remedy: "Name one in PHYSICAL_INTERFACE_MAPPINGS.")
        }
        guard links[name] != nil else {
            throw .failed(
                "the host has no interface \(name), which is to lead to the physical network \(physicalNetwork)",
                remedy: "Correct PHYSICAL_INTERFACE_MAPPINGS.")
        }
        return name
    }
}
