/// What a Range field asks of content of a known size (RFC 9110 section 14).
enum ByteRanges: Equatable {
    /// Everything: the field is absent, malformed, or of another unit.
    case whole
    /// These parts in the order asked for; those that overlapped or touched are one.
    case parts([Range<Int64>])
    /// Nothing of it exists, or it asks for what no honest client asks for: 416.
    case refused

    /// More parts in one request are refused. Viewers of large documents ask for a dozen.
    private static let limit = 32

    /// - Parameter text: the value of the one Range field.
    init(_ text: String, size: Int64) {
        self = .whole
        let unit = "bytes="
        guard Grammar.equalIgnoringCase(text.prefix(unit.utf8.count), unit) else { return }
        let set = text.utf8.dropFirst(unit.utf8.count)
        let specs = set.split(separator: UInt8(ascii: ","), maxSplits: 2 * ByteRanges.limit)
            .map { Substring($0).trimmingBlanks() }.filter { !$0.isEmpty }
        guard specs.count <= ByteRanges.limit else {
            self = .refused
            return
        }
        var ranges: [Range<Int64>] = []
        for spec in specs {
            switch Spec(spec, size: size) {
            case .malformed: return
            case .nothing: break
            case .everything: return
            case .range(let range): ranges.append(range)
            }
        }
        guard !specs.isEmpty else { return }
        self = ranges.isEmpty || ByteRanges.overlap(ranges) > 2 ? .refused : .parts(ByteRanges.merged(ranges))
    }

    /// How many of them overlap another: beyond two it is a broken client or an attack (section 14.2).
    private static func overlap(_ ranges: [Range<Int64>]) -> Int {
        ranges.indices.count { index in
            ranges.indices.contains { $0 != index && ranges[$0].overlaps(ranges[index]) }
        }
    }

    /// The same bytes in as few parts as possible; each stands where the first of its ranges stood.
    private static func merged(_ ranges: [Range<Int64>]) -> [Range<Int64>] {
        var parts: [Range<Int64>] = []
        for range in ranges {
            var range = range
            var place = parts.count
            while let index = parts.firstIndex(where: {
                $0.lowerBound <= range.upperBound && range.lowerBound <= $0.upperBound
            }) {
                let part = parts.remove(at: index)
                range = min(part.lowerBound, range.lowerBound)..<max(part.upperBound, range.upperBound)
                place = min(place, index)
            }
            parts.insert(range, at: min(place, parts.count))
        }
        return parts
    }

    /// One element of the list: `first-`, `first-last` or `-suffix`.
    private enum Spec {
        case malformed
        /// Well formed, but all of it lies behind the end.
        case nothing
        /// The end of content that has no bytes.
        case everything
        case range(Range<Int64>)

        init(_ text: Substring, size: Int64) {
            let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
            guard bounds.count == 2, bounds.allSatisfy({ $0.utf8.allSatisfy { Grammar.isDigit($0) } }) else {
                self = .malformed
                return
            }
            switch (Spec.number(bounds[0]), Spec.number(bounds[1])) {
            case (nil, nil): self = .malformed
            case (nil, 0?): self = .nothing
            case (nil, let suffix?): self = size == 0 ? .everything : .range(max(0, size - suffix)..<size)
            case (let first?, let last):
                if let last, last < first {
                    self = .malformed
                } else if first >= size {
                    self = .nothing
                } else {
                    self = .range(first..<(min(last ?? size, size - 1) + 1))
                }
            }
        }

        /// nil for no digits; what no integer can hold is beyond every size anyway.
        private static func number(_ digits: Substring) -> Int64? {
            digits.isEmpty ? nil : Int64(digits) ?? .max
        }
    }
}
