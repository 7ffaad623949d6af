import ServiceCore

/// nova's rules on the tags of instances (Compute API, "Server tags").
enum TagRules {
    /// Characters.
    static let length = 60
    /// How many an instance may have.
    static let count = 50

    static func violations(in tags: [String]) -> [Violation] {
        guard tags.count <= count else {
            return [
                Violation(
                    field: "tags", code: "too_many",
                    message: Message(
                        "At most {limit} tags are possible, these are {count}.",
                        ["limit": "\(count)", "count": "\(tags.count)"]))
            ]
        }
        return tags.compactMap(violation)
    }

    private static func violation(in tag: String) -> Violation? {
        let isWellFormed =
            (1...length).contains(tag.unicodeScalars.count) && !tag.contains("/") && !tag.contains(",")
        guard !isWellFormed else { return nil }
        return Violation(
            field: "tags", code: "malformed_tag",
            message: Message(
                "A tag has 1 to {limit} characters without commas and slashes.", ["limit": "\(length)"]), value: tag)
    }
}
