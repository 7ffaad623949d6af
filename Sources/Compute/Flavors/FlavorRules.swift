import ServiceCore

/// nova's rules on flavors (Compute API, "Create Flavor"), said once.
enum FlavorRules {
    /// What the database of nova holds, and ours.
    static let largest = Int(Int32.max)

    static func violations(in new: NewFlavor) -> [Violation] {
        var violations = [name(new.name), new.id.flatMap(id)].compactMap(\.self)
        let sizes: [(String, Int, Int)] = [
            ("vcpus", new.vcpus, 1), ("ram", new.memoryMiB, 1), ("disk", new.diskGiB, 0), ("swap", new.swapMiB, 0),
            ("ephemeral", new.ephemeralGiB, 0),
        ]
        for (field, value, least) in sizes where !(least...largest).contains(value) {
            violations.append(
                Violation(
                    field: field, code: "out_of_range",
                    message: Message(
                        "This is a whole number from {least} to {most}.",
                        ["least": "\(least)", "most": "\(largest)"]), value: "\(value)"))
        }
        if !(new.rxtxFactor > 0 && new.rxtxFactor < 3.5e38) {
            violations.append(
                Violation(
                    field: "rxtx_factor", code: "out_of_range", message: "The RX/TX factor is a number above 0.",
                    value: "\(new.rxtxFactor)"))
        }
        if let description = new.description, let violation = self.description(description) {
            violations.append(violation)
        }
        return violations
    }

    static func description(_ text: String) -> Violation? {
        guard text.unicodeScalars.count > 65_535 else { return nil }
        return Violation(
            field: "description", code: "too_long",
            message: Message("At most {limit} characters are possible.", ["limit": "65535"]))
    }

    private static func name(_ name: String) -> Violation? {
        guard !name.trimmed.isEmpty else {
            return Violation(field: "name", code: "required", message: "A flavor needs a name.", value: name)
        }
        return LaunchRules.text(name, field: "name")
    }

    private static func id(_ id: String) -> Violation? {
        let isWellFormed =
            (1...255).contains(id.utf8.count) && id.first != " " && id.last != " "
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
                    UInt8(ascii: " "):
                    true
                default: false
                }
            }
        guard !isWellFormed else { return nil }
        return Violation(
            field: "id", code: "malformed_id",
            message: "A flavor's id has 1 to 255 letters, digits, inner spaces and the characters . _ -", value: id)
    }
}
