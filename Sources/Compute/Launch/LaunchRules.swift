import Foundation
import ServiceCore

/// The rules on the plain fields of a launch and of a change, said once.
enum LaunchRules {
    static func name(_ name: String) -> Violation? {
        if name.isEmpty {
            return Violation(
                field: "name", code: "required", message: Message("An instance needs a name."), value: name)
        }
        return text(name, field: "name")
    }

    static func description(_ description: String) -> Violation? {
        text(description, field: "description")
    }

    static func count(_ count: Int) -> Violation? {
        guard !(1...LaunchRequest.countLimit).contains(count) else { return nil }
        return Violation(
            field: "count", code: "out_of_range",
            message: Message(
                "The count is a whole number from 1 to {limit}.", ["limit": "\(LaunchRequest.countLimit)"]),
            value: "\(count)")
    }

    static func userData(_ data: [UInt8]?) -> Violation? {
        guard let data, data.count > LaunchRequest.userDataLimit else { return nil }
        return Violation(
            field: "user_data", code: "too_long",
            message: Message(
                "The customization script has {size} bytes, at most {limit} are possible.",
                ["size": "\(data.count)", "limit": "\(LaunchRequest.userDataLimit)"]))
    }

    /// nova's limits (API schema `metadata`); how many there may be is a matter of quota.
    static func metadata(_ metadata: [String: String]) -> [Violation] {
        metadata.sorted { $0.key < $1.key }.compactMap { key, value in
            guard MetadataName.isPossible(key) else {
                return Violation(
                    field: "metadata", code: "bad_key",
                    message: Message(
                        "A key has 1 to {limit} letters, digits, spaces and the characters - _ : .",
                        ["limit": "\(LaunchRequest.nameLimit)"]), value: key)
            }
            return text(value, field: "metadata")
        }
    }

    static func text(_ text: String, field: String) -> Violation? {
        if text.unicodeScalars.count > LaunchRequest.nameLimit {
            return Violation(
                field: field, code: "too_long",
                message: Message("At most {limit} characters are possible.", ["limit": "\(LaunchRequest.nameLimit)"]),
                value: text)
        }
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return nil }
        return Violation(
            field: field, code: "control_character",
            message: Message("Line breaks and other control characters are not possible here."), value: text)
    }
}

extension String {
    /// Without white space at both ends; nova strips names too.
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
