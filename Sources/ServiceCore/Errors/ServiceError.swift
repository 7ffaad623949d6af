/// The only error that leaves a service's public methods. The two front doors map it to a status and a page.
public struct ServiceError: Error, Hashable, Sendable {
    /// What kind of refusal it is; decides the HTTP status.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// No credentials, wrong ones, or expired ones.
        case unauthenticated
        /// Known, but not allowed.
        case forbidden
        /// Absent, or not visible to this project.
        case notFound
        /// The input breaks a rule; `violations` says which.
        case invalid
        /// Clashes with the present state or revision.
        case conflict
        /// A limit of the project would be passed.
        case overQuota
        /// Too often; wait and try again.
        case tooManyRequests
        /// A host or another server is down; trying later may help.
        case unavailable
        /// Daybreak does not do that.
        case unsupported
        /// A fault of the program; `incident` leads to the log.
        case internalError
    }

    /// What kind of refusal it is.
    public let kind: Kind
    /// A stable name for the reason, for programs: `network_in_use`.
    public let code: String
    /// The reason, for people.
    public let message: Message
    /// All broken rules of the input, in the order of its fields.
    public let violations: [Violation]
    /// The number under which the log tells the cause of an internal error.
    public let incident: String?
    /// After how many seconds it makes sense to try again, where that is known.
    public let retryAfterSeconds: Int?

    /// Makes an error. Prefer the named ones below.
    public init(
        _ kind: Kind, code: String, _ message: Message, violations: [Violation] = [], incident: String? = nil,
        retryAfterSeconds: Int? = nil
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.violations = violations
        self.incident = incident
        self.retryAfterSeconds = retryAfterSeconds
    }
}

extension ServiceError: CustomStringConvertible {
    public var description: String {
        let faults = violations.map { "\($0.field): \($0.message.english)" }.joined(separator: "; ")
        let number = incident.map { " (incident \($0))" } ?? ""
        return "\(kind.rawValue) \(code): \(message.english)\(faults.isEmpty ? "" : " [\(faults)]")\(number)"
    }
}
