import ServiceCore

extension Wording {
    /// How long ago something was, in its two largest units: `3 hours, 4 minutes`. Less than a minute is `0 minutes`, as
    /// in Horizon.
    func age(from start: Timestamp, to now: Timestamp) -> String {
        let minutes = max(0, Int((now.milliseconds - start.milliseconds) / 60_000))
        let parts: [(count: Int, text: (Int) -> Message)] = [
            (minutes / (7 * 24 * 60), { $0 == 1 ? Message("1 week") : Message("{count} weeks", ["count": "\($0)"]) }),
            (minutes / (24 * 60) % 7, { $0 == 1 ? Message("1 day") : Message("{count} days", ["count": "\($0)"]) }),
            (minutes / 60 % 24, { $0 == 1 ? Message("1 hour") : Message("{count} hours", ["count": "\($0)"]) }),
            (minutes % 60, { $0 == 1 ? Message("1 minute") : Message("{count} minutes", ["count": "\($0)"]) }),
        ]
        let texts = parts.drop { $0.count == 0 }.prefix(2).filter { $0.count > 0 }.map { self($0.text($0.count)) }
        return texts.isEmpty
            ? self(Message("{count} minutes", ["count": "0"])) : texts.joined(separator: self(Message(", ")))
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
