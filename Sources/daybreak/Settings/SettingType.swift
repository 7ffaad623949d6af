/// What a setting's value may be: how it is read from JSON, how it is written, and how it is described to a person who
/// got it wrong.
struct SettingType<Value: Sendable>: Sendable {
    /// Completes "expected …".
    let expected: String
    /// The values to compare a wrong one with, when there is a list of them.
    var known: @Sendable () -> [String] = { [] }
    let read: @Sendable (LocatedJSON) throws(SettingRefusal) -> Value
    let write: @Sendable (Value) -> String
}

/// A value is not what its key takes. `path` leads from the key to the faulty part: `[2]` for the third item.
struct SettingRefusal: Error {
    var path = ""
    let found: LocatedJSON
    let expected: String
    var suggestion: String?
}

extension SettingType where Value == String {
    /// Text that passes a check.
    static func text(
        _ expected: String, known: @escaping @Sendable () -> [String] = { [] },
        where isGood: @escaping @Sendable (String) -> Bool
    ) -> SettingType {
        SettingType(
            expected: expected, known: known,
            read: { json throws(SettingRefusal) in
                guard case .string(let string) = json.value else {
                    throw SettingRefusal(found: json, expected: expected)
                }
                guard isGood(string) else {
                    let nearest = Spelling.nearest(to: string, in: known()).map(LocatedJSON.quoted)
                    throw SettingRefusal(found: json, expected: expected, suggestion: nearest)
                }
                return string
            },
            write: LocatedJSON.quoted)
    }
}

extension SettingType where Value == String? {
    /// Text that may be left out; `null` is the same as leaving it out.
    static func optional(_ type: SettingType<String>, absent: String) -> SettingType {
        SettingType(
            expected: type.expected,
            read: { json throws(SettingRefusal) in
                if case .null = json.value { return nil }
                return try type.read(json)
            },
            write: { $0.map(type.write) ?? absent })
    }
}

extension SettingType where Value == Bool {
    static let flag = SettingType(
        expected: "true or false",
        read: { json throws(SettingRefusal) in
            guard case .bool(let flag) = json.value else {
                throw SettingRefusal(found: json, expected: "true or false")
            }
            return flag
        },
        write: { $0 ? "true" : "false" })
}

extension SettingType where Value == Int {
    static func whole(_ range: ClosedRange<Int>, unit: String) -> SettingType {
        let expected = "a whole number of \(unit) from \(range.lowerBound) to \(range.upperBound)"
        return SettingType(
            expected: expected,
            read: { json throws(SettingRefusal) in
                guard case .number(let digits) = json.value, let number = Int(digits), range.contains(number) else {
                    throw SettingRefusal(found: json, expected: expected)
                }
                return number
            },
            write: { String($0) })
    }
}

extension SettingType where Value == Double {
    /// One of a few version numbers.
    static func version(_ versions: Double...) -> SettingType {
        let expected = versions.map(Self.short).joined(separator: " or ")
        return SettingType(
            expected: expected,
            read: { json throws(SettingRefusal) in
                guard case .number(let digits) = json.value, let number = Double(digits), versions.contains(number)
                else { throw SettingRefusal(found: json, expected: expected) }
                return number
            },
            write: Self.short)
    }

    private static func short(_ version: Double) -> String {
        version == version.rounded() ? String(Int(version)) : String(version)
    }
}

extension SettingType {
    /// A list. A lone text counts as a list of one where `acceptsOne` says so.
    static func list<Item>(
        of type: SettingType<Item>, called expected: String, acceptsOne: Bool = false, mayBeEmpty: Bool = true
    ) -> SettingType where Value == [Item] {
        SettingType(
            expected: expected,
            read: { json throws(SettingRefusal) in
                if acceptsOne, case .string = json.value { return [try type.read(json)] }
                guard case .array(let items) = json.value, mayBeEmpty || !items.isEmpty else {
                    throw SettingRefusal(found: json, expected: expected)
                }
                var values: [Item] = []
                for (index, item) in items.enumerated() {
                    do throws(SettingRefusal) {
                        values.append(try type.read(item))
                    } catch {
                        var refusal = error
                        refusal.path = "[\(index)]" + refusal.path
                        throw refusal
                    }
                }
                return values
            },
            write: { "[" + $0.map(type.write).joined(separator: ", ") + "]" })
    }
}

extension SettingType where Value: RawRepresentable<String> & CaseIterable {
    static func oneOf(_: Value.Type, expected: String) -> SettingType {
        let known = Value.allCases.map(\.rawValue)
        return SettingType(
            expected: expected, known: { known },
            read: { json throws(SettingRefusal) in
                guard case .string(let name) = json.value else {
                    throw SettingRefusal(found: json, expected: expected)
                }
                guard let value = Value(rawValue: name) else {
                    let nearest = Spelling.nearest(to: name, in: known).map(LocatedJSON.quoted)
                    throw SettingRefusal(found: json, expected: expected, suggestion: nearest)
                }
                return value
            },
            write: { LocatedJSON.quoted($0.rawValue) })
    }
}
