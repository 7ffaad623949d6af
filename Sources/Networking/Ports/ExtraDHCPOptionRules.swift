import ServiceCore

/// Neutron's rules for `extra_dhcp_opts`.
enum ExtraDHCPOptionRules {
    /// Options of one port; neutron has no limit.
    static let limit = 64
    /// Those that may be told without a value.
    private static let blankable: Set<String> = ["router", "classless-static-route"]

    /// A port's options once a request has been done: those that are named with a value are set, those without are taken
    /// away, and the others stay.
    static func apply(
        _ inputs: [ExtraDHCPOptionInput], to present: [ExtraDHCPOption], _ faults: inout Faults
    ) -> [ExtraDHCPOption] {
        var options = present
        var named: Set<[String]> = []
        for (index, input) in inputs.prefix(limit).enumerated() {
            let field = Place("extra_dhcp_opts[\(index)]")
            guard let version = check(input, field, &faults) else { continue }
            if !named.insert([input.name, String(version.rawValue)]).inserted {
                faults.add(field, "duplicate_dhcp_option", "The option {value} is named twice.", value: input.name)
            }
            let place = options.firstIndex { $0.name == input.name && $0.version == version }
            switch (input.value, place) {
            case (let value?, let place?): options[place].value = value
            case (let value?, nil): options.append(ExtraDHCPOption(name: input.name, value: value, version: version))
            case (nil, let place?): options.remove(at: place)
            case (nil, nil): break
            }
        }
        if max(inputs.count, options.count) > limit {
            faults.add(
                Place("extra_dhcp_opts"), "too_many_dhcp_options",
                "There are {value} entries; at most {limit} are allowed.",
                value: String(max(inputs.count, options.count)), ["limit": String(limit)])
        }
        return options
    }

    private static func check(_ input: ExtraDHCPOptionInput, _ place: Place, _ faults: inout Faults) -> IPVersion? {
        let before = faults.violations.count
        text(input.name, 1...64, place.part("opt_name"), &faults)
        if let value = input.value {
            text(value, (blankable.contains(input.name) ? 0 : 1)...255, place.part("opt_value"), &faults)
        }
        let version = Int(input.version ?? "4").flatMap(IPVersion.init)
        if version == nil {
            let field = place.part("ip_version")
            faults.add(field, "invalid_ip_version", "'{value}' is neither 4 nor 6.", value: input.version ?? "")
        }
        return faults.violations.count == before ? version : nil
    }

    /// One line of a file: with a line feed in it a value could tell other guests what it wants (CVE-2021-40085).
    private static func text(_ text: String, _ length: ClosedRange<Int>, _ place: Place, _ faults: inout Faults) {
        let isBlank = text.utf8.allSatisfy { $0 == 0x20 }
        guard !length.contains(text.unicodeScalars.count) || isBlank && length.lowerBound > 0
            || text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return }
        faults.add(
            place, "invalid_dhcp_option", "'{value}' is not a text of {least} to {most} characters on one line.",
            value: text, ["least": String(length.lowerBound), "most": String(length.upperBound)])
    }
}
