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
        guard (1...2).contains(parts.count), parts[0].utf8.count == 19, let seconds = Self.seconds(parts[0]) else {
            return nil
        }
        let digits = parts.count == 2 ? parts[1] : "0"
        guard (1...6).contains(digits.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let fraction = Int64(digits + String(repeating: "0", count: 6 - digits.count))
        else { return nil }
        microseconds = seconds * 1_000_000 + fraction
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

    private static func seconds(_ text: Substring) -> Int64? {
        let bytes = Array(text.utf8)
        let marks: [Int: UInt8] = [
            4: UInt8(ascii: "-"), 7: UInt8(ascii: "-"), 10: UInt8(ascii: "T"), 13: UInt8(ascii: ":"),
            16: UInt8(ascii: ":"),
        ]
        var numbers: [Int] = [0]
        for (index, byte) in bytes.enumerated() {
            if let mark = marks[index] {
                guard byte == mark else { return nil }
                numbers.append(0)
            } else {
                guard (48...57).contains(byte) else { return nil }
                numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int(byte) - 48
            }
        }
        guard (1970...9999).contains(numbers[0]), (1...12).contains(numbers[1]), (1...31).contains(numbers[2]),
            numbers[3] < 24, numbers[4] < 60, numbers[5] < 60
        else { return nil }
        return days(numbers[0], numbers[1], numbers[2]) * 86_400
            + Int64(numbers[3] * 3600 + numbers[4] * 60 + numbers[5])
    }

    /// Days since 1970, in a year that begins in March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return Int64(365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468)
    }
}

extension MicroTime: DatabaseValue {
    public var databaseValue: SQLValue { .integer(microseconds) }

    public init?(databaseValue: SQLValue) {
        guard case .integer(let microseconds) = databaseValue else { return nil }
        self.init(microseconds: microseconds)
    }
}
