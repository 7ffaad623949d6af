extension Timestamp {
    /// Reads a time as OpenStack's clients write it (ISO 8601): `2026-11-23`, `2026-11-23T17:06:50`, with fractions of a
    /// second, with `Z` or an offset such as `+02:00`. Without one it is UTC. Nil for anything else.
    public init?(iso8601 text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), (1...12).contains(month),
            reader.skip("-"), let day = reader.number(2), (1...31).contains(day)
        else { return nil }
        var (seconds, fraction, offset) = (0, 0, 0)
        if !reader.isAtEnd {
            guard reader.skip("T") || reader.skip(" "), let hour = reader.number(2), hour < 24, reader.skip(":"),
                let minute = reader.number(2), minute < 60
            else { return nil }
            seconds = hour * 3600 + minute * 60
            if reader.skip(":") {
                guard let second = reader.number(2), second < 60 else { return nil }
                seconds += second
                if reader.skip(".") {
                    guard let milliseconds = reader.fraction() else { return nil }
                    fraction = milliseconds
                }
            }
            guard let zone = reader.zone() else { return nil }
            offset = zone
        }
        guard reader.isAtEnd else { return nil }
        let days = Self.days(year, month, day)
        // The 31st of April would be the 1st of May.
        guard CivilDate(daysSince1970: days).day == day else { return nil }
        self.init(milliseconds: (days * 86_400 + Int64(seconds - offset)) * 1000 + Int64(fraction))
    }

    /// Days since 1970-01-01, reckoned from March so that the leap day comes last in its year.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }
}

/// Reads a text of digits and separators from the left.
private struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// A number of exactly so many digits.
    mutating func number(_ digits: Int) -> Int? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy({ (48...57).contains($0) }) else { return nil }
        rest = rest.dropFirst(digits)
        return text.reduce(0) { $0 * 10 + Int($1) - 48 }
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// The milliseconds in a fraction of any length.
    mutating func fraction() -> Int? {
        let digits = rest.prefix { (48...57).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        return (Array(digits) + [48, 48, 48]).prefix(3).reduce(0) { $0 * 10 + Int($1) - 48 }
    }

    /// Seconds east of Greenwich.
    mutating func zone() -> Int? {
        if isAtEnd || skip("Z") { return 0 }
        let isEast = skip("+")
        guard isEast || skip("-"), let hours = number(2), hours < 24 else { return nil }
        _ = skip(":")
        guard let minutes = isAtEnd ? 0 : number(2), minutes < 60 else { return nil }
        return (hours * 3600 + minutes * 60) * (isEast ? 1 : -1)
    }
}
