import ServiceCore

extension Wording {
    /// How long ago something was, in its two largest units: `3 hours, 4 minutes`. Less than a minute is `0 minutes`, as
    /// in Horizon.
    func age(from start: Timestamp, to now: Timestamp) -> String {
        let minutes = max(0, Int((now.milliseconds - start.milliseconds) / 60_000))
        switch minutes {
        case (7 * 24 * 60)...: return parts(.weeks, minutes / (7 * 24 * 60), .days, minutes / (24 * 60) % 7)
        case (24 * 60)...: return parts(.days, minutes / (24 * 60), .hours, minutes / 60 % 24)
        case 60...: return parts(.hours, minutes / 60, .minutes, minutes % 60)
        default: return counted(.minutes, minutes)
        }
    }

    private enum AgeUnit { case weeks, days, hours, minutes }

    private func parts(_ unit: AgeUnit, _ count: Int, _ smaller: AgeUnit, _ rest: Int) -> String {
        let large = counted(unit, count)
        return rest == 0 ? large : large + self(Message(", ")) + counted(smaller, rest)
    }

    private func counted(_ unit: AgeUnit, _ count: Int) -> String {
        let message =
            switch unit {
            case .weeks: count == 1 ? Message("1 week") : Message("{count} weeks")
            case .days: count == 1 ? Message("1 day") : Message("{count} days")
            case .hours: count == 1 ? Message("1 hour") : Message("{count} hours")
            case .minutes: count == 1 ? Message("1 minute") : Message("{count} minutes")
            }
        // Lists say this for every row; a dictionary of arguments would cost more than all the rest.
        return text(message.text).replacingFirst("{count}", with: String(count))
    }

    /// How long something took: `340 ms`, `2.4 s`, `3 min 5 s`.
    func duration(milliseconds: Int64) -> String {
        switch milliseconds {
        case ..<1000: "\(max(0, milliseconds)) ms"
        case ..<60_000: "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
        default: "\(milliseconds / 60_000) min \(milliseconds / 1000 % 60) s"
        }
    }
}

extension String {
    /// The text with the first place of a placeholder filled in.
    fileprivate func replacingFirst(_ placeholder: StaticString, with value: String) -> String {
        var text = self
        let size = placeholder.utf8CodeUnitCount
        let found = text.withUTF8 { bytes in
            placeholder.withUTF8Buffer { wanted in
                bytes.indices.dropLast(size - 1).first { place in
                    bytes[place] == wanted[0] && bytes[place..<place + size].elementsEqual(wanted)
                }
            }
        }
        guard let found else { return self }
        let start = utf8.index(utf8.startIndex, offsetBy: found)
        return self[..<start] + value + self[utf8.index(start, offsetBy: size)...]
    }
}
