import Glibc

extension HTTPDate {
    /// Seconds since 1970 of a date in any of the three forms a server must read (RFC 9110 section 5.6.7): "Sun, 06 Nov
    /// 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994". nil for anything else.
    /// - Parameter now: a year of two digits that would be more than 50 years after it belongs to the century before.
    static func seconds(_ text: String, now: Int = Clock.wallSeconds()) -> Int? {
        var words = text.split { $0 == " " || $0 == "," || $0 == "-" }
        guard words.count >= 5, isDay(words[0]) else { return nil }
        let day, month, year, time: Substring
        if words.count == 5 {
            (month, day, time, year) = (words[1], words[2], words[3], words[4])
        } else {
            guard words.popLast() == "GMT", words.count == 5 else { return nil }
            (day, month, year, time) = (words[1], words[2], words[3], words[4])
        }
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
        guard let day = number(day, 1...2), let month = months.firstIndex(of: month), let year = number(year, 2...4),
            clock.count == 3, let hour = number(clock[0], 2...2), let minute = number(clock[1], 2...2),
            let second = number(clock[2], 2...2), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var parts = tm()
        (parts.tm_mday, parts.tm_mon, parts.tm_year) = (day, Int32(month), (year < 100 ? 2000 + year : year) - 1900)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
        guard year < 100 else { return timegm(&parts) }
        var last = parts
        last.tm_year -= 50
        if timegm(&last) > now { parts.tm_year -= 100 }
        return timegm(&parts)
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func isDay(_ word: Substring) -> Bool {
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].contains {
            word == $0 || word == $0.prefix(3)
        }
    }

    private static func number(_ digits: Substring, _ count: ClosedRange<Int>) -> Int32? {
        guard count.contains(digits.utf8.count), digits.utf8.allSatisfy({ Grammar.isDigit($0) }) else { return nil }
        return Int32(digits)
    }
}
