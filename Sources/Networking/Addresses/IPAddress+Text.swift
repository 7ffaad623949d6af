extension IPAddress: CustomStringConvertible, LosslessStringConvertible {
    /// The canonical text: dotted decimal, or RFC 5952 (lower case, the first longest run of zero groups as `::`,
    /// IPv4-mapped addresses with a dotted tail).
    public var description: String {
        version == .v4 ? Self.dotted(UInt32(truncatingIfNeeded: bits)) : sixText
    }

    /// The address `text` stands for, or nil; `init(parsing:)` says what is wrong with it.
    public init?(_ text: String) {
        do { try self.init(parsing: text) } catch { return nil }
    }

    private static func dotted(_ bits: UInt32) -> String {
        "\(bits >> 24).\(bits >> 16 & 0xff).\(bits >> 8 & 0xff).\(bits & 0xff)"
    }

    private var sixText: String {
        if bits >> 32 == 0xffff {
            return "::ffff:" + Self.dotted(UInt32(truncatingIfNeeded: bits))
        }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
        guard let zeros = Self.longestZeroRun(groups) else { return Self.joined(groups[...]) }
        return Self.joined(groups[..<zeros.lowerBound]) + "::" + Self.joined(groups[zeros.upperBound...])
    }

    private static func joined(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// RFC 5952, 4.2: the longest run of at least two zero groups, the first of equals.
    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
        var best = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > best.count { best = start..<end }
            start = end + 1
        }
        return best.count >= 2 ? best : nil
    }
}
