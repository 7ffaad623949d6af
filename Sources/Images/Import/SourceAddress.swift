import Glibc

/// An address that a name leads to.
struct SourceAddress {
    /// What `connect` takes.
    let storage: [UInt8]
    let family: Int32
    /// Four bytes, or sixteen that stand for no IPv4 address.
    private let bytes: [UInt8]

    init?(_ address: UnsafePointer<sockaddr>, length: socklen_t) {
        family = Int32(address.pointee.sa_family)
        storage = Array(UnsafeRawBufferPointer(start: address, count: Int(length)))
        switch family {
        case AF_INET where storage.count >= 8: bytes = Array(storage[4..<8])
        case AF_INET6 where storage.count >= 24: bytes = Self.inner(Array(storage[8..<24]))
        default: return nil
        }
    }

    /// An address as it is written: nil for names.
    init?(literal text: String) {
        var found: UnsafeMutablePointer<addrinfo>?
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        guard getaddrinfo(text, nil, &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        self.init(found.pointee.ai_addr, length: found.pointee.ai_addrlen)
    }

    /// All addresses of a name, the ones to try first before the others.
    static func addresses(of host: String, port: UInt16) -> [SourceAddress] {
        var found: UnsafeMutablePointer<addrinfo>?
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let found else { return [] }
        defer { freeaddrinfo(found) }
        return sequence(first: found) { $0.pointee.ai_next }.compactMap { entry in
            entry.pointee.ai_addr.flatMap { SourceAddress($0, length: entry.pointee.ai_addrlen) }
        }
    }

    /// Whether it is somebody else's machine on the internet, and neither this one nor one of a private network
    /// (the special-purpose registries of RFC 6890).
    var isPublic: Bool {
        let blocks = bytes.count == 4 ? Self.special4 : Self.special6
        return !blocks.contains { prefix, length in Self.begins(bytes, with: prefix, bits: length) }
    }

    private static let special4: [([UInt8], Int)] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0], 24),
        ([192, 168], 16), ([198, 18], 15), ([224], 4), ([240], 4),
    ]
    private static let special6: [([UInt8], Int)] = [
        ([UInt8](repeating: 0, count: 8), 64), ([0xFC], 7), ([0xFE, 0x80], 10), ([0xFE, 0xC0], 10), ([0xFF], 8),
        // Teredo carries an IPv4 address inside, turned around; nobody needs it here.
        ([0x20, 0x01, 0x00, 0x00], 32),
    ]

    /// The IPv4 address inside an IPv6 address that stands for one: mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056).
    private static func inner(_ bytes: [UInt8]) -> [UInt8] {
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        let translated: [UInt8] = [0x00, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8)
        if begins(bytes, with: mapped, bits: 96) || begins(bytes, with: translated, bits: 96) {
            return Array(bytes[12...])
        }
        return begins(bytes, with: [0x20, 0x02], bits: 16) ? Array(bytes[2..<6]) : bytes
    }

    private static func begins(_ bytes: [UInt8], with prefix: [UInt8], bits: Int) -> Bool {
        for (index, expected) in prefix.enumerated() {
            let left = bits - index * 8
            guard left > 0 else { return true }
            let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
            guard bytes[index] & mask == expected & mask else { return false }
        }
        return true
    }
}
