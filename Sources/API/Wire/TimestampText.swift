import Foundation
import ServiceCore

/// The texts of many moments, as a list has them: each day's is made once, and the time of day is nine digits.
final class MomentTexts {
    private var day: Int64?
    private var date: [UInt8] = []

    /// `2026-11-23T17:06:50Z`.
    func second(_ moment: Timestamp) -> String { text(moment, fraction: false) }

    /// `2026-11-23T17:06:50.123000`.
    func microsecond(_ moment: Timestamp) -> String { text(moment, fraction: true) }

    private func text(_ moment: Timestamp, fraction: Bool) -> String {
        let (seconds, milliseconds) = (moment.seconds, Int(moment.milliseconds - moment.seconds * 1000))
        let today = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        if day != today {
            day = today
            date = Array(moment.iso8601.utf8.prefix(11))
        }
        let second = Int(seconds - today * 86_400)
        guard date.count == 11 else { return fraction ? moment.withMicroseconds : moment.iso8601 }
        return String(unsafeUninitializedCapacity: 26) { buffer in
            var place = 0
            func put(_ byte: UInt8) {
                buffer[place] = byte
                place += 1
            }
            func put(_ number: Int) {
                put(UInt8(48 + number / 10 % 10))
                put(UInt8(48 + number % 10))
            }
            for byte in date { put(byte) }
            put(second / 3600)
            put(UInt8(ascii: ":"))
            put(second / 60 % 60)
            put(UInt8(ascii: ":"))
            put(second % 60)
            guard fraction else {
                put(UInt8(ascii: "Z"))
                return place
            }
            put(UInt8(ascii: "."))
            put(UInt8(48 + milliseconds / 100))
            put(milliseconds % 100)
            for _ in 0..<3 { put(UInt8(ascii: "0")) }
            return place
        }
    }
}

extension Timestamp {
    /// UTC with the six digits of a second that some of OpenStack's answers have, and without the zone:
    /// `2026-11-23T17:06:50.000000`.
    var withMicroseconds: String {
        let milliseconds = String(1000 + (self.milliseconds % 1000 + 1000) % 1000).dropFirst()
        return iso8601.prefix(19) + "." + milliseconds + "000"
    }

    /// Reads what OpenStack's clients send: a date and a time, with or without fractions and zone (ISO 8601); without one
    /// it is UTC. Nil for anything else.
    init?(openStack text: String) {
        var text = text.replacing(" ", with: "T")
        guard text.utf8.count <= 40 else { return nil }
        if text.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil { text += "T00:00:00" }
        guard text.utf8.count >= 16, text.contains(/T([01]\d|2[0-3]):[0-5]\d/) else { return nil }
        let time = text[text.index(after: text.firstIndex(of: "T") ?? text.startIndex)...]
        if !time.contains("Z"), !time.contains("+"), !time.contains("-") { text += "Z" }
        if text.wholeMatch(of: /.*T\d{2}:\d{2}(Z|[+-].*)/) != nil,
            let zone = text.lastIndex(where: { "Z+-".contains($0) })
        {
            text.insert(contentsOf: ":00", at: zone)
        }
        let styles: [Date.ISO8601FormatStyle] = [
            .iso8601, Date.ISO8601FormatStyle(includingFractionalSeconds: true),
        ]
        for style in styles {
            if let date = try? style.parse(text) {
                self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
                return
            }
        }
        return nil
    }
}
