import ServiceCore

/// One of a flavor's extra specs, read once to be held against the metadata of many hosts' aggregates (nova:
/// extra_specs_ops).
struct ExtraSpec: Sendable {
    /// The metadata key it is about.
    let key: String
    /// As it was written.
    let wanted: String
    private let test: Test

    private enum Test {
        case same(String), other(String), part(String), oneOf([String])
        case least(Double), most(Double), equal(Double), unequal(Double)
        case never
    }

    private static let scope = "aggregate_instance_extra_specs:"

    /// Nil for a spec that is not about aggregates.
    init?(_ key: String, _ wanted: String) {
        guard key.hasPrefix(Self.scope) else { return nil }
        self.key = String(key.dropFirst(Self.scope.count))
        self.wanted = wanted
        test = Self.test(wanted)
    }

    /// Those of a flavor that are about aggregates, by key.
    static func all(in specs: [String: String]) -> [ExtraSpec] {
        specs.compactMap { ExtraSpec($0.key, $0.value) }.sorted { $0.key < $1.key }
    }

    /// Whether a value is what the spec wants.
    func matches(_ value: String) -> Bool {
        switch test {
        case .same(let text): value == text
        case .other(let text): value != text
        case .part(let text): value.contains(text)
        case .oneOf(let texts): texts.contains(value)
        case .least(let number): Double(value).map { $0 >= number } ?? false
        case .most(let number): Double(value).map { $0 <= number } ?? false
        case .equal(let number): Double(value).map { $0 == number } ?? false
        case .unequal(let number): Double(value).map { $0 != number } ?? false
        case .never: false
        }
    }

    /// The same text, or what one of the operators says.
    private static func test(_ wanted: String) -> Test {
        let words = wanted.split(separator: " ").map(String.init)
        guard words.count > 1, let operation = words.first else { return .same(wanted) }
        let rest = words.dropFirst().joined(separator: " ")
        func number(_ test: (Double) -> Test) -> Test { Double(rest).map(test) ?? .never }
        switch operation {
        case "<or>": return .oneOf(words.filter { $0 != "<or>" })
        case "<in>": return .part(rest)
        case "s==": return .same(rest)
        case "s!=": return .other(rest)
        case "==": return number(Test.equal)
        case "!=": return number(Test.unequal)
        case "=", ">=": return number(Test.least)
        case "<=": return number(Test.most)
        default: return .same(wanted)
        }
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
