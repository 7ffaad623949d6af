import ComputeHost
import Glibc

/// What a router tells a network's stations without being asked, so that they need not wait for the time after which they
/// would ask again.
enum NeighborNews {
    /// Addresses have come here (RFC 5227, section 3; RFC 4861, section 7.2.6).
    static func announce(
        _ addresses: [String], on interface: String, mac: String, in namespace: NetworkNamespace
    ) throws(HostError) {
        guard let mac = MACAddress(mac) else { return }
        let frames = addresses.compactMap { IPBlock($0) }.flatMap { address in
            // Of ARP both kinds: some take only answers for news.
            address.isIPv6
                ? [advertisement(of: address, mac)] : [UInt8(1), 2].map { resolution(mac, address, operation: $0) }
        }
        try send(frames, on: interface, in: namespace)
    }

    /// There is no way out here any more (RFC 4861, section 6.2.5).
    static func farewell(on interface: String, mac: String, in namespace: NetworkNamespace) throws(HostError) {
        guard let mac = MACAddress(mac) else { return }
        // No hop limit, no flags, a lifetime of 0, no times; then where it comes from.
        let message: [UInt8] = [UInt8](repeating: 0, count: 12) + [1, 1] + mac.bytes
        try send([packet(type: 134, message, from: IPBlock(linkLocalOf: mac), mac)], on: interface, in: namespace)
    }

    private static func send(
        _ frames: [[UInt8]], on interface: String, in namespace: NetworkNamespace
    ) throws(HostError) {
        try namespace.inside { () throws(HostError) in
            // AF_PACKET and SOCK_RAW; protocol 0 receives nothing.
            let descriptor = socket(17, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { throw FileSystem.failure("make", "a packet socket") }
            defer { close(descriptor) }
            // struct sockaddr_ll (packet(7)): family, protocol, interface, and nothing that sending looks at.
            var place = [UInt8](repeating: 0, count: 20)
            place[0] = 17
            place.replaceSubrange(4..<8, with: withUnsafeBytes(of: Int32(if_nametoindex(interface))) { Array($0) })
            for frame in frames {
                place.replaceSubrange(2..<4, with: frame[12..<14])
                let sent = place.withUnsafeBytes {
                    // An array of 20 bytes has an address.
                    sendto(
                        descriptor, frame, frame.count, 0, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), 20)
                }
                guard sent == frame.count else { throw FileSystem.failure("announce addresses on", interface) }
            }
        }
    }

    private static func resolution(_ mac: MACAddress, _ address: IPBlock, operation: UInt8) -> [UInt8] {
        let everybody = [UInt8](repeating: 0xff, count: 6)
        let target = operation == 1 ? [UInt8](repeating: 0, count: 6) : everybody
        return everybody + mac.bytes + [0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, operation] + mac.bytes + address.bytes + target
            + address.bytes
    }

    /// Nobody asked, it is a router's, and what others know of the address is outdated.
    private static func advertisement(of address: IPBlock, _ mac: MACAddress) -> [UInt8] {
        packet(type: 136, [0xa0, 0, 0, 0] + address.bytes + [2, 1] + mac.bytes, from: address, mac)
    }

    /// ICMPv6 to all stations. Neighbour discovery is not believed with another hop limit than 255.
    private static func packet(
        type: UInt8, _ body: [UInt8], from source: IPBlock, _ mac: MACAddress
    ) -> [UInt8] {
        let everybody: [UInt8] = [0xff, 2] + [UInt8](repeating: 0, count: 13) + [1]
        let length = UInt8(4 + body.count)
        let addresses = source.bytes + everybody
        let sum = checksum(addresses + [0, length, 0, 58] + [type, 0, 0, 0] + body)
        return [0x33, 0x33, 0, 0, 0, 1] + mac.bytes + [0x86, 0xdd] + [0x60, 0, 0, 0, 0, length, 58, 255] + addresses
            + [type, 0, UInt8(sum >> 8), UInt8(sum & 0xff)] + body
    }

    /// RFC 1071, of an even number of bytes.
    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum = stride(from: 0, to: bytes.count, by: 2).reduce(UInt32(0)) {
            $0 + UInt32(bytes[$1]) << 8 + UInt32(bytes[$1 + 1])
        }
        while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
        return ~UInt16(sum)
    }
}
