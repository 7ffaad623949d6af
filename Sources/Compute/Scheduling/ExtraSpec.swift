import ServiceCore

/// How a flavor's extra spec is held against the metadata of a host's aggregates (nova: extra_specs_ops).
enum ExtraSpec {
    private static let scope = "aggregate_instance_extra_specs:"

    /// The metadata key a spec is about; nil for a spec that is not about aggregates.
    static func aggregateKey(_ key: String) -> String? {
        key.hasPrefix(scope) ? String(key.dropFirst(scope.count)) : nil
    }

    /// Whether a value is what a spec wants: the same text, or what one of the operators says.
    static func matches(_ value: String, _ wanted: String) -> Bool {
        let words = wanted.split(separator: " ").map(String.init)
        guard words.count > 1, let operation = words.first else { return value == wanted }
        let rest = words.dropFirst().joined(separator: " ")
        switch operation {
        case "<or>": return words.filter { $0 != "<or>" }.contains(value)
        case "<in>": return value.contains(rest)
        case "s==": return value == rest
        case "s!=": return value != rest
        case "==": return compare(value, rest, ==)
        case "!=": return compare(value, rest, !=)
        case "=", ">=": return compare(value, rest, >=)
        case "<=": return compare(value, rest, <=)
        default: return value == wanted
        }
    }

    private static func compare(_ left: String, _ right: String, _ relation: (Double, Double) -> Bool) -> Bool {
        guard let left = Double(left), let right = Double(right) else { return false }
        return relation(left, right)
    }
}

/// nova's rules on the keys and values of extra specs.
enum ExtraSpecRules {
    static func violations(in specs: [String: String]) -> [Violation] {
        specs.sorted { $0.key < $1.key }.compactMap { key, value in
            let isKey =
                (1...PlainText.limit).contains(key.utf8.count)
                && key.utf8.allSatisfy { byte in
                    Unicode.Scalar(byte).properties.isAlphabetic && byte < 0x80
                        || (0x30...0x39).contains(byte) || "-_:. ".utf8.contains(byte)
                }
            guard isKey else {
                return Violation(
                    field: "extra_specs.\(key)", code: "malformed_key",
                    message: Message("A key has 1 to 255 letters, digits and characters of - _ : . and space."),
                    value: key)
            }
            return PlainText.violation(in: value, field: "extra_specs.\(key)")
        }
    }
}
