import HTTP
import ServiceCore

/// A refusal, before it is put into the words of a service (``Dialect``).
struct APIError: Error {
    let status: Status
    let message: String
    /// The name of the fault where a service gives it one: neutron's exception, placement's code.
    let type: String?
    /// More that the answer's head says: `Retry-After`.
    var fields: [(String, String)] = []

    init(_ status: Status, _ message: String, type: String? = nil) {
        self.status = status
        self.message = message
        self.type = type
    }

    /// What a service or an endpoint threw. Wrong credentials get one answer whatever was wrong with them.
    init(_ error: any Error, in dialect: Dialect) {
        switch error {
        case let known as APIError: self = known
        case let refusal as ServiceError: self.init(refusal, in: dialect)
        default: self.init(.internalError(cause: error), in: dialect)
        }
    }

    private init(_ refusal: ServiceError, in dialect: Dialect) {
        let faults =
            refusal.violations.count > 1 ? refusal.violations.map { "\($0.field): \($0.message.english)" } : []
        let named = dialect == .network ? NetworkFaults.answer(to: refusal) : nil
        let words = dialect == .network ? [NetworkFaults.words(for: refusal)].compactMap { $0 } : []
        self.init(
            named?.status ?? dialect.status(of: refusal.kind),
            refusal.kind == .unauthenticated
                ? Self.unauthenticated : (words + [refusal.message.english] + faults).joined(separator: " "),
            type: named?.type)
        if let seconds = refusal.retryAfterSeconds { fields.append(("Retry-After", String(seconds))) }
    }

    static let unauthenticated = "The request you have made requires authentication."

    /// The status in words.
    var title: String { status.reason }
}
