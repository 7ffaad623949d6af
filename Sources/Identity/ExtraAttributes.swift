public import Database
import Foundation
import ServiceCore

/// Members of a document that keystone keeps for its clients without knowing what they mean.
public struct ExtraAttributes: Hashable, Sendable {
    /// The most bytes they take together.
    static let largest = 16 << 10

    /// None.
    public static let none = ExtraAttributes([:])

    /// The JSON text of each, by its name.
    public let values: [String: String]

    /// - Parameter values: the JSON text of each, by its name.
    public init(_ values: [String: String]) {
        self.values = values
    }

    /// These with some of them replaced; what becomes `null` is gone.
    func merging(_ changes: ExtraAttributes) -> ExtraAttributes {
        ExtraAttributes(values.merging(changes.values) { $1 }.filter { $0.value != "null" })
    }

    /// Whether the JSON text of a name is `true`.
    func isTrue(_ name: String) -> Bool { values[name] == "true" }

    /// The text under a name; nil when something else is there, or nothing.
    func text(_ name: String) -> String? {
        values[name].flatMap { try? JSONDecoder().decode(String.self, from: Data($0.utf8)) }
    }

    var violations: [Violation] {
        let size = values.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size > Self.largest else { return [] }
        return [
            Violation(field: "extra", code: "too_long", message: "The additional attributes are too long together.")
        ]
    }
}

extension ExtraAttributes: DatabaseValue {
    public var databaseValue: SQLValue {
        guard !values.isEmpty else { return .text("") }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // A dictionary of texts can always be encoded.
        return .text((try? encoder.encode(values)).map { String(decoding: $0, as: UTF8.self) } ?? "")
    }

    public init?(databaseValue: SQLValue) {
        guard case .text(let text) = databaseValue else { return nil }
        guard !text.isEmpty else {
            self = .none
            return
        }
        guard let values = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8)) else { return nil }
        self.init(values)
    }
}
