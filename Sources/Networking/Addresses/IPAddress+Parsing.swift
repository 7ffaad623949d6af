extension IPAddress {
    /// Why a text is not an address.
    public enum Fault: Error, Hashable, Sendable {
        case empty
        /// White space before, in or after the address; `recommended` is the text without it when that is an address.
        case whiteSpace(recommended: String?)
        /// `010` is eight to some programs and ten to others, so nobody may write it.
        case leadingZeros(recommended: String)
        case notAnAddress
    }

    /// Reads an address as strictly as neutron does: no white space, no leading zeros in IPv4, no zone, four parts.
    public init(parsing text: String) throws(Fault) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw .empty }
        guard !bytes.contains(where: Self.isWhiteSpace) else {
            let trimmed = String(decoding: bytes.filter { !Self.isWhiteSpace($0) }, as: UTF8.self)
            if trimmed.isEmpty { throw .empty }
            throw .whiteSpace(recommended: IPAddress(trimmed)?.description)
        }
        // 45 bytes hold the longest form, eight groups with a dotted tail.
        guard bytes.count <= 45 else { throw .notAnAddress }
        if bytes.contains(UInt8(ascii: ":")) {
            guard let bits = Self.six(bytes[...]) else { throw .notAnAddress }
            self.init(version: .v6, bits: bits)
        } else {
            let (bits, hasLeadingZero) = try Self.four(bytes[...])
            let address = IPAddress(version: .v4, bits: UInt128(bits))
            guard !hasLeadingZero else { throw .leadingZeros(recommended: address.description) }
            self = address
        }
    }

    static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    /// Four decimal parts. Leading zeros are read as decimal and reported, so that the normal form can be recommended.
    private static func four(_ bytes: ArraySlice<UInt8>) throws(Fault) -> (bits: UInt32, hasLeadingZero: Bool) {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { throw .notAnAddress }
        var bits: UInt32 = 0
        var hasLeadingZero = false
        for part in parts {
            guard let number = decimal(part, limit: 255) else { throw .notAnAddress }
            hasLeadingZero = hasLeadingZero || (part.count > 1 && part.first == UInt8(ascii: "0"))
            bits = bits << 8 | UInt32(number)
        }
        return (bits, hasLeadingZero)
    }

    /// Decimal digits of a number up to `limit`, or nil.
    static func decimal(_ digits: ArraySlice<UInt8>, limit: Int) -> Int? {
        guard !digits.isEmpty, digits.count <= 8 else { return nil }
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number <= limit ? number : nil
    }

    private static func six(_ bytes: ArraySlice<UInt8>) -> UInt128? {
        guard let gap = doubleColon(in: bytes) else {
            guard let groups = groups(bytes), groups.count == 8 else { return nil }
            return number(groups)
        }
        let tail = bytes[(gap + 2)...]
        guard doubleColon(in: bytes[(gap + 1)...]) == nil,
            let front = groups(bytes[..<gap], mayHoldFour: false), let back = groups(tail),
            front.count + back.count <= 7
        else { return nil }
        return number(front + Array(repeating: 0, count: 8 - front.count - back.count) + back)
    }

    private static func doubleColon(in bytes: ArraySlice<UInt8>) -> Int? {
        let colon = UInt8(ascii: ":")
        return bytes.indices.dropLast().first { bytes[$0] == colon && bytes[$0 + 1] == colon }
    }

    /// The groups of one side of a `::`; a dotted tail counts as two.
    private static func groups(_ bytes: ArraySlice<UInt8>, mayHoldFour: Bool = true) -> [UInt16]? {
        guard !bytes.isEmpty else { return [] }
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayHoldFour, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let (bits, hasLeadingZero) = try? four(part), !hasLeadingZero else { return nil }
                groups += [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
            } else {
                guard let group = hexadecimal(part) else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(digits.count), digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-")
        else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static func number(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }
}
