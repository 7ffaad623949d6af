public import Database

/// A moment: milliseconds since 1970-01-01 00:00 UTC.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
    /// Milliseconds since 1970-01-01 00:00 UTC.
    public let milliseconds: Int64

    /// Makes a moment.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// Whole seconds since 1970-01-01 00:00 UTC, rounded down.
    public var seconds: Int64 { milliseconds.flooredQuotient(1000) }

    /// The moment some seconds later (earlier when negative).
    public func adding(seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds + seconds * 1000)
    }

    /// The moment after a duration, to the millisecond.
    public func adding(_ duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(milliseconds: milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    /// How long it is from another moment to this one.
    public func since(_ other: Timestamp) -> Duration {
        .milliseconds(milliseconds - other.milliseconds)
    }

    /// UTC to the second, as OpenStack's APIs write it: `2026-11-23T17:06:50Z`.
    public var iso8601: String {
        let days = seconds.flooredQuotient(86_400)
        let date = CivilDate(daysSince1970: days)
        let second = Int(seconds - days * 86_400)
        let fields = [
            (date.year, 4, "-"), (date.month, 2, "-"), (date.day, 2, "T"),
            (second / 3600, 2, ":"), (second / 60 % 60, 2, ":"), (second % 60, 2, "Z"),
        ]
        return fields.reduce(into: "") { text, field in
            let digits = String(field.0)
            text += String(repeating: "0", count: max(0, field.1 - digits.utf8.count)) + digits + field.2
        }
    }
}

extension Timestamp: DatabaseValue {
    public var databaseValue: SQLValue { .integer(milliseconds) }

    public init?(databaseValue: SQLValue) {
        guard case .integer(let milliseconds) = databaseValue else { return nil }
        self.milliseconds = milliseconds
    }
}

/// A day of the Gregorian calendar, reckoned from March so that the leap day comes last in its year.
struct CivilDate: Equatable {
    let year: Int
    let month: Int
    let day: Int

    init(daysSince1970: Int64) {
        let daysIn400Years: Int64 = 146_097
        let shifted = daysSince1970 + 719_468  // days since 0000-03-01
        let era = shifted.flooredQuotient(daysIn400Years)
        let dayOfEra = shifted - era * daysIn400Years
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1)
        month = Int(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    }
}

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
