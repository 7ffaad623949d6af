import ComputeHost
import Glibc

/// A block of addresses in CIDR notation, as other programs want to be told of it.
struct AddressBlock: Hashable {
    let address: String
    let prefix: Int

    /// Nil for what is none.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let prefix = Int(parts[1]), let family = IPText.family(String(parts[0])),
            (0...(family == .ipv6 ? 128 : 32)).contains(prefix)
        else { return nil }
        address = String(parts[0])
        self.prefix = prefix
    }

    private var isIPv6: Bool { address.contains(":") }

    /// IPv4's other way of saying the prefix.
    var netmask: String {
        let mask = prefix == 0 ? 0 : UInt32.max << UInt32(32 - prefix)
        return [24, 16, 8, 0].map { String(mask >> $0 & 0xff) }.joined(separator: ".")
    }

    /// How many addresses it has, at most 2²⁴.
    var addresses: Int { 1 << min(24, (isIPv6 ? 128 : 32) - prefix) }
}

/// Addresses as text, checked by the C library's parser before they become part of other programs' input.
enum IPText {
    enum Family { case ipv4, ipv6 }

    static func family(_ text: String) -> Family? {
        var room = in6_addr()
        if inet_pton(AF_INET, text, &room) == 1 { return .ipv4 }
        return inet_pton(AF_INET6, text, &room) == 1 ? .ipv6 : nil
    }
}

/// Everything of a specification that becomes part of names, paths, orders and configuration is checked once, here.
extension NetworkSpec {
    /// - Throws: `.failed` for anything that is not what it should be.
    func check() throws(HostError) {
        try Self.checkID(networkID)
        guard (68...65_535).contains(mtu) else { throw .failed("\(mtu) is not an MTU", remedy: nil) }
        for subnet in subnets {
            try Self.checkID(subnet.subnetID)
            try Self.checkBlock(subnet.cidr)
            for address in subnet.dnsNameservers + [subnet.gateway].compactMap({ $0 }) {
                try Self.checkAddress(address)
            }
            for route in subnet.hostRoutes {
                try Self.checkBlock(route.destination)
                try Self.checkAddress(route.nextHop)
            }
        }
        for port in ports + [dhcpPort].compactMap({ $0 }) {
            try UserNetwork.checkPortID(port.portID)
            try UserNetwork.checkMACAddress(port.macAddress)
            for fixed in port.fixedIPs { try Self.checkAddress(fixed.address) }
        }
    }

    static func checkID(_ text: String) throws(HostError) {
        guard InstanceID.isValid(text) else { throw .failed("\"\(text)\" is not a UUID", remedy: nil) }
    }

    private static func checkBlock(_ text: String) throws(HostError) {
        guard AddressBlock(text) != nil else { throw .failed("\"\(text)\" is not a block of addresses", remedy: nil) }
    }

    private static func checkAddress(_ text: String) throws(HostError) {
        guard IPText.family(text) != nil else { throw .failed("\"\(text)\" is not an address", remedy: nil) }
    }
}
