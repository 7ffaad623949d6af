/// A network address with its prefix length, "192.168.56.0/24"; host bits are always zero.
public struct CIDR: Hashable, Sendable {
    /// The lowest address.
    public let network: IPAddress
    /// The length of the prefix in bits.
    public let prefix: Int

    /// The network of `prefix` bits that holds `address`; `prefix` must be 0…32 or 0…128.
    init(holding address: IPAddress, prefix: Int) {
        self.prefix = prefix
        network = IPAddress(version: address.version, bits: address.bits & ~Self.hostMask(address.version, prefix))
    }

    private static func hostMask(_ version: IPVersion, _ prefix: Int) -> UInt128 {
        prefix == 0 ? IPAddress.highestBits(version) : (UInt128(1) << UInt128(version.width - prefix)) - 1
    }

    /// IPv4 or IPv6.
    public var version: IPVersion { network.version }

    /// The highest address: for IPv4 the broadcast address.
    public var last: IPAddress {
        IPAddress(version: version, bits: network.bits | Self.hostMask(version, prefix))
    }

    /// Every address, the network's own included.
    public var range: AddressRange {
        AddressRange(first: network, last: last) ?? AddressRange(network)
    }

    /// The addresses a pool may hold. IPv4 without network and broadcast address, except /31 and /32 (RFC 3021), which
    /// are used whole; IPv6 without the subnet-router anycast address (RFC 4291, 2.6.1), except /128.
    public var usable: AddressRange {
        let reservesLast = version == .v4
        guard prefix < version.width - (reservesLast ? 1 : 0), let first = network.successor,
            let end = reservesLast ? last.predecessor : last, let usable = AddressRange(first: first, last: end)
        else { return range }
        return usable
    }

    /// What neutron uses when no gateway is named: the first host (IPv4) or the network address (IPv6). A subnet of a
    /// single address has no room for one.
    public var defaultGateway: IPAddress? {
        guard prefix < version.width else { return nil }
        return version == .v4 ? network.successor : network
    }

    /// The usable range without the gateway: two pools when the gateway sits inside, one when it sits at an end.
    public func defaultPools(gateway: IPAddress?) -> [AddressRange] {
        gateway.map(usable.removing) ?? [usable]
    }

    /// Whether an address lies in it.
    public func contains(_ address: IPAddress) -> Bool { range.contains(address) }

    /// Whether all of another network lies in it.
    public func contains(_ other: CIDR) -> Bool { prefix <= other.prefix && contains(other.network) }

    /// Whether they have an address in common.
    public func overlaps(_ other: CIDR) -> Bool { range.overlaps(other.range) }

    /// Its parts of one size, 2 to the power of `bits` of them, in ascending order; single addresses when it has fewer.
    func parts(bits: Int) -> [CIDR] {
        let bits = min(bits, version.width - prefix)
        let size = version.width - prefix - bits
        return (0..<(1 << bits)).map { index in
            let address = IPAddress(version: version, bits: network.bits | UInt128(index) << UInt128(size))
            return CIDR(holding: address, prefix: prefix + bits)
        }
    }
}

extension CIDR: CustomStringConvertible {
    public var description: String { "\(network)/\(prefix)" }
}

extension CIDR {
    /// Why a text is not a network address.
    public enum Fault: Error, Hashable, Sendable {
        case empty
        case address(IPAddress.Fault)
        /// No "/24": `recommended` is the address as a network of one.
        case prefixMissing(recommended: String)
        case prefixWrong(highest: Int)
    }

    /// Reads "address/prefix". Host bits may be set and are dropped, as in neutron.
    public init(parsing text: String) throws(Fault) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw .empty }
        guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else {
            let address = try Self.address(text)
            throw .prefixMissing(recommended: "\(address)/\(address.version.width)")
        }
        let digits = bytes[(slash + 1)...]
        // White space anywhere is the address's fault, so that one message speaks of it.
        if digits.contains(where: IPAddress.isWhiteSpace) { throw .address(.whiteSpace(recommended: nil)) }
        let address = try Self.address(String(decoding: bytes[..<slash], as: UTF8.self))
        guard let prefix = IPAddress.decimal(digits, limit: address.version.width),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { throw .prefixWrong(highest: address.version.width) }
        self.init(holding: address, prefix: prefix)
    }

    private static func address(_ text: String) throws(Fault) -> IPAddress {
        do { return try IPAddress(parsing: text) } catch { throw .address(error) }
    }

    /// The network `text` stands for, or nil; `init(parsing:)` says what is wrong with it.
    public init?(_ text: String) {
        do { try self.init(parsing: text) } catch { return nil }
    }
}
