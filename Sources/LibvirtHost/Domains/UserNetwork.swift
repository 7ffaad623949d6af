import ComputeHost

/// The emulator's own network (slirp), for hosts on which no bridge can be made.
///
/// It is asked for on QEMU's command line, because libvirt has no element for what matters here. `restrict=on` keeps
/// the guest from the outside and, above all, from the host: slirp's gateway otherwise leads to every service on the
/// host's loopback address. And DHCP hands out the port's own address, so that the guest has the address that the
/// dashboard shows.
enum UserNetwork {
    /// The arguments for the interfaces in mode `.user`.
    ///
    /// - Throws: `.failed` when an address is not one. The values become part of comma-separated options.
    static func arguments(for domain: DefinedDomain) throws(HostError) -> [String] {
        var arguments: [String] = []
        for interface in domain.spec.interfaces where interface.mode == .user {
            guard let slot = domain.slots[interface.portID] else {
                throw .failed("there is no room for another interface", remedy: "Detach one first.")
            }
            arguments += ["-netdev", try network(interface), "-device", try device(interface, slot: slot)]
        }
        return arguments
    }

    /// QEMU's name for the network of a port.
    static func networkID(portID: String) -> String { "net-" + portID.prefix(11) }

    /// QEMU's name for the device of a port.
    static func deviceID(portID: String) -> String { "nic-" + portID.prefix(11) }

    static func network(_ interface: InterfaceSpec) throws(HostError) -> String {
        try checkPortID(interface.portID)
        let plan = try AddressPlan(interface.fixedIPs)
        return "user,id=\(networkID(portID: interface.portID)),restrict=on,ipv6=off" + (plan?.options ?? "")
    }

    static func device(_ interface: InterfaceSpec, slot: Int) throws(HostError) -> String {
        try checkPortID(interface.portID)
        try checkMACAddress(interface.macAddress)
        let ids = "netdev=\(networkID(portID: interface.portID)),id=\(deviceID(portID: interface.portID))"
        return "virtio-net-pci,\(ids),mac=\(interface.macAddress),bus=pci.0,addr=0x\(String(slot, radix: 16))"
    }

    /// The id becomes part of options, of lines for the emulator's monitor, and of the names of devices.
    static func checkPortID(_ text: String) throws(HostError) {
        guard InstanceID.isValid(text) else { throw .failed("\"\(text)\" is not a port's UUID", remedy: nil) }
    }

    static func checkMACAddress(_ text: String) throws(HostError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let isValid = parts.count == 6 && parts.allSatisfy { $0.utf8.count == 2 && $0.allSatisfy(\.isHexDigit) }
        guard isValid else { throw .failed("\"\(text)\" is not a MAC address", remedy: nil) }
    }
}

/// The addresses of one emulated network: the guest's, and two of its neighbours for the emulator itself.
struct AddressPlan {
    let options: String

    /// Nil when the port has no IPv4 address, or one in a network too small for the emulator's two addresses.
    init?(_ addresses: [FixedAddress]) throws(HostError) {
        var chosen: (address: UInt32, prefix: Int, gateway: UInt32?)?
        for fixed in addresses where chosen == nil && !Self.isIPv6(fixed.address) {
            let address = try Self.number(fixed.address)
            var gateway: UInt32?
            if let text = fixed.gateway { gateway = try Self.number(text) }
            chosen = (address, fixed.prefixLength, gateway)
        }
        guard let chosen, (1...29).contains(chosen.prefix) else { return nil }
        let mask = UInt32.max << (32 - UInt32(chosen.prefix))
        let network = chosen.address & mask
        let broadcast = network | ~mask
        var taken: Set<UInt32> = [network, broadcast, chosen.address]
        // From the top of the network, where pools seldom reach.
        func neighbour() -> UInt32 {
            var candidate = broadcast - 1
            while taken.contains(candidate) { candidate -= 1 }
            taken.insert(candidate)
            return candidate
        }
        var host = chosen.gateway.flatMap { $0 & mask == network && !taken.contains($0) ? $0 : nil }
        if let gateway = host { taken.insert(gateway) } else { host = neighbour() }
        let names = neighbour()
        options =
            ",net=\(Self.text(network))/\(chosen.prefix),host=\(Self.text(host ?? names)),dns=\(Self.text(names))"
            + ",dhcpstart=\(Self.text(chosen.address))"
    }

    private static func isIPv6(_ text: String) -> Bool {
        text.contains(":") && text.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }

    private static func number(_ text: String) throws(HostError) -> UInt32 {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { part in part.utf8.allSatisfy { (48...57).contains($0) } ? UInt8(part) : nil }
        guard parts.count == 4, bytes.count == 4 else {
            throw .failed("\"\(text)\" is not an IPv4 address", remedy: nil)
        }
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func text(_ address: UInt32) -> String {
        [24, 16, 8, 0].map { String(address >> $0 & 0xff) }.joined(separator: ".")
    }
}
