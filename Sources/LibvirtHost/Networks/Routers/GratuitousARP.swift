import ComputeHost
import Glibc

/// Tells everybody on a network that an address has come here (RFC 5227, section 3), without waiting for the time after
/// which they would ask again.
enum GratuitousARP {
    /// - Parameter addresses: IPv4.
    static func announce(
        _ addresses: [String], on interface: String, mac: String, in namespace: NetworkNamespace
    ) throws(HostError) {
        guard let mac = MACAddress(mac) else { return }
        let frames = addresses.compactMap { IPBlock($0) }.filter { !$0.isIPv6 }.flatMap { address in
            // Both kinds: some take only answers for news.
            [UInt8(1), 2].map { frame(mac, address, operation: $0) }
        }
        try namespace.inside { () throws(HostError) in
            // AF_PACKET and SOCK_RAW; protocol 0 receives nothing.
            let descriptor = socket(17, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { throw FileSystem.failure("make", "a packet socket") }
            defer { close(descriptor) }
            // struct sockaddr_ll (packet(7)): family, protocol, interface, and nothing that sending looks at.
            var place = [UInt8](repeating: 0, count: 20)
            place.replaceSubrange(0..<4, with: [17, 0, 0x08, 0x06])
            place.replaceSubrange(4..<8, with: withUnsafeBytes(of: Int32(if_nametoindex(interface))) { Array($0) })
            for frame in frames {
                let sent = place.withUnsafeBytes {
                    // An array of 20 bytes has an address.
                    sendto(
                        descriptor, frame, frame.count, 0, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), 20)
                }
                guard sent == frame.count else { throw FileSystem.failure("announce addresses on", interface) }
            }
        }
    }

    private static func frame(_ mac: MACAddress, _ address: IPBlock, operation: UInt8) -> [UInt8] {
        let everybody = [UInt8](repeating: 0xff, count: 6)
        let target = operation == 1 ? [UInt8](repeating: 0, count: 6) : everybody
        return everybody + mac.bytes + [0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, operation] + mac.bytes + address.bytes + target
            + address.bytes
    }
}
