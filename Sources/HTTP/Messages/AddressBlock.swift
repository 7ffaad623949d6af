import Glibc

/// An address of the internet protocol, version 4 or 6. One of version 4 is the same as its mapped form of version 6
/// (RFC 4291 section 2.5.5.2), under which clients of a socket for both versions appear.
struct IPAddress: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    init(_ halves: (high: UInt64, low: UInt64)) {
        (high, low) = halves
    }

    /// "192.0.2.1", "2001:db8::1"; nil for anything else.
    init?(_ text: some StringProtocol) {
        let text = String(text)
        // A NUL would hide what follows it from C.
        guard text.utf8.count <= Int(INET6_ADDRSTRLEN), !text.utf8.contains(0) else { return nil }
        var short = in_addr()
        if inet_pton(AF_INET, text, &short) == 1 {
            self.init((0, 0xFFFF << 32 | UInt64(UInt32(bigEndian: short.s_addr))))
            return
        }
        var long = in6_addr()
        guard inet_pton(AF_INET6, text, &long) == 1 else { return nil }
        self.init(
            withUnsafeBytes(of: long) { bytes in
                (
                    UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            })
    }

    var isVersion4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// The usual form (RFC 5952).
    var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if isVersion4 {
            var address = UInt32(truncatingIfNeeded: low).bigEndian
            inet_ntop(AF_INET, &address, &buffer, socklen_t(buffer.count))
        } else {
            var address = (high.bigEndian, low.bigEndian)
            inet_ntop(AF_INET6, &address, &buffer, socklen_t(buffer.count))
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// One address, or all that begin with the same bits: "192.0.2.7", "10.0.0.0/8", "2001:db8::/32" (RFC 4632, RFC 4291).
public struct AddressBlock: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    public let description: String
    private let first: IPAddress
    /// Of the 128 of version 6.
    private let bits: Int

    /// nil when the text is neither, or when an address has bits beyond its prefix: then something else was meant.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = IPAddress(parts[0]) else { return nil }
        let offset = first.isVersion4 && !parts[0].utf8.contains(UInt8(ascii: ":")) ? 96 : 0
        var bits = 128
        if parts.count == 2 {
            guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ Grammar.isDigit($0) }),
                let length = Int(parts[1]), length <= 128 - offset
            else { return nil }
            bits = offset + length
        }
        description = text
        self.first = first
        self.bits = bits
        guard masked(first) == first else { return nil }
    }

    func contains(_ address: IPAddress) -> Bool {
        masked(address) == first
    }

    private func masked(_ address: IPAddress) -> IPAddress {
        // A shift by 64 or more gives 0.
        IPAddress(
            (
                address.high & ~(UInt64.max >> UInt64(min(bits, 64))),
                address.low & ~(UInt64.max >> UInt64(max(bits - 64, 0)))
            ))
    }
}
