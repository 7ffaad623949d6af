import ServiceCore

/// Neutron's rules for the values of a subnet pool.
struct SubnetPoolChecker {
    var faults = Faults()

    /// The prefixes, joined where they touch; all are of one version.
    mutating func prefixes(_ inputs: [AddressInput]) -> [CIDR] {
        let list = "prefixes"
        if inputs.isEmpty {
            faults.add(Place(list), "prefixes_missing", "A subnet pool needs at least one prefix.", value: "")
        }
        if inputs.count > Self.mostPrefixes {
            faults.add(
                Place(list), "too_many_prefixes", "There are {value} entries; at most {limit} are allowed.",
                value: String(inputs.count), ["limit": String(Self.mostPrefixes)])
        }
        var version: IPVersion?
        let prefixes = inputs.prefix(Self.mostPrefixes).enumerated().compactMap { index, input -> CIDR? in
            let place = Place.row(index, of: list, line: input.line)
            guard let cidr = faults.cidr(input.text, place) else { return nil }
            if let version, version != cidr.version {
                faults.add(
                    place, "prefixes_of_two_versions", "'{value}' is not {version}, as the prefixes before it are.",
                    value: input.text, ["version": version.name])
            }
            version = version ?? cidr.version
            return cidr
        }
        return SubnetPoolAllocation.compacted(prefixes)
    }

    private static let mostPrefixes = 256

    /// The three lengths; what is not typed is kept.
    mutating func lengths(
        min: String?, max: String?, standard: String?, present: SubnetPool.PrefixLengths?, _ version: IPVersion
    ) -> SubnetPool.PrefixLengths {
        let lowest = length(min, "min_prefixlen", version) ?? present?.min ?? (version == .v4 ? 8 : 64)
        let highest = length(max, "max_prefixlen", version) ?? present?.max ?? version.width
        let usual = length(standard, "default_prefixlen", version) ?? present?.standard ?? lowest
        if lowest > highest {
            faults.add(
                Place("min_prefixlen"), "prefix_lengths_crossed",
                "The smallest prefix length, {value}, is above the largest, {max}.", value: String(lowest),
                ["max": String(highest)])
        } else if !(lowest...highest).contains(usual) {
            faults.add(
                Place("default_prefixlen"), "default_prefix_length_outside",
                "The default prefix length, {value}, is not from {min} to {max}.", value: String(usual),
                ["min": String(lowest), "max": String(highest)])
        }
        return SubnetPool.PrefixLengths(min: lowest, max: highest, standard: usual)
    }

    /// A length that was typed; nil when none was, or when it is none.
    mutating func length(_ text: String?, _ field: String, _ version: IPVersion) -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard let number = Int(text), (0...version.width).contains(number) else {
            faults.add(
                Place(field), "invalid_prefix_length", "'{value}' is not a prefix length from 0 to {max}.", value: text,
                ["max": String(version.width)])
            return nil
        }
        return number
    }

    mutating func quota(_ text: String?) -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard let number = Int(text), number >= 0 else {
            faults.add(
                Place("default_quota"), "invalid_quota", "'{value}' is not a number from 0.", value: text)
            return nil
        }
        return number
    }
}
