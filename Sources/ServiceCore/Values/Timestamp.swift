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
        text { $0.put("Z") }
    }

    /// UTC with the six digits of a second that some of OpenStack's answers have, and without the zone:
    /// `2026-11-23T17:06:50.000000`.
    public var withMicroseconds: String {
        text {
            $0.put(".")
            $0.put(Int(milliseconds - seconds * 1000), digits: 3)
            $0.put(0, digits: 3)
        }
    }

    /// Date and time, and how they end. A list of instances has thousands, so nothing is allocated but the text.
    private func text(_ end: (inout DigitWriter) -> Void) -> String {
        let days = seconds.flooredQuotient(86_400)
        let date = CivilDate(daysSince1970: days)
        let second = Int(seconds - days * 86_400)
        return String(unsafeUninitializedCapacity: 48) { buffer in
            var writer = DigitWriter(buffer)
            writer.put(date.year, digits: 4)
            writer.put("-")
            writer.put(date.month, digits: 2)
            writer.put("-")
            writer.put(date.day, digits: 2)
            writer.put("T")
            writer.put(second / 3600, digits: 2)
            writer.put(":")
            writer.put(second / 60 % 60, digits: 2)
            writer.put(":")
            writer.put(second % 60, digits: 2)
            end(&writer)
            return writer.count
        }
    }
}

/// Writes numbers of a least width.
private struct DigitWriter {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        self.buffer = buffer
    }

    mutating func put(_ character: Unicode.Scalar) {
        buffer[count] = UInt8(ascii: character)
        count += 1
    }

    mutating func put(_ number: Int, digits: Int) {
        guard number >= 0 else {
            put("-")
            return put(-number, digits: digits)
        }
        if digits > 1 || number > 9 { put(number / 10, digits: digits - 1) }
        buffer[count] = UInt8(ascii: "0") + UInt8(number % 10)
        count += 1
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
