public import Database
import ServiceCore

/// A moment to the microsecond: clients compare the ends they set with what they sent.
public struct MicroTime: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01 00:00 UTC.
    public let microseconds: Int64

    init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Reads `2026-11-23T10:39:37[.000000][Z]` (ISO 8601, in UTC); nil for anything else.
    public init?(_ text: String) {
        var text = text[...]
        if text.hasSuffix("Z") { text.removeLast() } else if text.hasSuffix("+00:00") { text.removeLast(6) }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        // Without a zone of its own, and with all six numbers.
        guard (1...2).contains(parts.count), parts[0].wholeMatch(of: /[^T]{10}T\d\d:\d\d:\d\d/) != nil,
            let whole = Timestamp(iso8601: String(parts[0])), whole.milliseconds >= 0
        else { return nil }
        let digits = parts.count == 2 ? parts[1] : "0"
        guard (1...6).contains(digits.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let fraction = Int64(digits + String(repeating: "0", count: 6 - digits.count))
        else { return nil }
        microseconds = whole.milliseconds * 1000 + fraction
    }

    public static func < (left: MicroTime, right: MicroTime) -> Bool { left.microseconds < right.microseconds }

    /// In UTC, with six digits of a second and without a zone, as keystone writes what it does not calculate with.
    public var iso8601: String {
        let whole = Timestamp(milliseconds: microseconds / 1000)
        let fraction = String(1_000_000 + microseconds % 1_000_000).dropFirst()
        return whole.iso8601.prefix(19) + "." + fraction
    }

    /// The moment, rounded down to the millisecond.
    var timestamp: Timestamp { Timestamp(milliseconds: microseconds / 1000) }
}

extension MicroTime: DatabaseValue {
    public var databaseValue: SQLValue { .integer(microseconds) }

    public init?(databaseValue: SQLValue) {
        guard case .integer(let microseconds) = databaseValue else { return nil }
        self.init(microseconds: microseconds)
    }
}
