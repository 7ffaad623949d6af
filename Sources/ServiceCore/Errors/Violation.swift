/// One rule that one part of the input breaks.
public struct Violation: Hashable, Sendable {
    /// The field at fault, with the row for lists: `allocation_pools[2].start`, rows counted from 0.
    public let field: String
    /// A stable name for the rule: `overlapping_pools`.
    public let code: String
    /// What is wrong, for the person who typed it.
    public let message: Message
    /// What was typed.
    public let value: String

    /// Makes a violation.
    public init(field: String, code: String, message: Message, value: String = "") {
        self.field = field
        self.code = code
        self.message = message
        self.value = value
    }
}
