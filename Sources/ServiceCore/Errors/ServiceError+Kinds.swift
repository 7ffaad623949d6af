import Database
import Logging

extension ServiceError {
    /// The resource is absent or not visible: `.notFound("Network", id)`.
    public static func notFound(_ what: String, _ id: String) -> ServiceError {
        let message = Message("{resource} {id} could not be found.", ["resource": what, "id": id])
        return ServiceError(.notFound, code: "not_found", message)
    }

    /// The input breaks rules. With one violation its message is the error's message too.
    public static func invalid(_ violations: [Violation]) -> ServiceError {
        guard violations.count == 1, let only = violations.first else {
            return ServiceError(
                .invalid, code: "invalid_input", "The form has errors. Nothing was saved.", violations: violations)
        }
        return ServiceError(.invalid, code: only.code, only.message, violations: violations)
    }

    /// The request clashes with the present state.
    public static func conflict(code: String, _ message: Message) -> ServiceError {
        ServiceError(.conflict, code: code, message)
    }

    /// The project's limit for a resource would be passed.
    public static func overQuota(_ resource: String, requested: Int, used: Int, limit: Int) -> ServiceError {
        let message = Message(
            "Quota exceeded for {resource}: requested {requested}, but already used {used} of {limit}.",
            [
                "resource": resource, "requested": String(requested), "used": String(used), "limit": String(limit),
            ])
        return ServiceError(.overQuota, code: "over_quota", message)
    }

    /// A policy rule does not allow it: `.forbidden("network:create_subnet")`.
    public static func forbidden(_ rule: String) -> ServiceError {
        let message = Message("Policy doesn't allow {rule} to be performed.", ["rule": rule])
        return ServiceError(.forbidden, code: "forbidden", message)
    }

    /// Something this depends on is down.
    public static func unavailable(_ message: Message) -> ServiceError {
        ServiceError(.unavailable, code: "unavailable", message)
    }

    /// Daybreak does not do that.
    public static func unsupported(_ message: Message) -> ServiceError {
        ServiceError(.unsupported, code: "unsupported", message)
    }

    /// A fault of the program. Logs the cause under a random incident number, which is all the user is shown.
    public static func internalError(cause: any Error) -> ServiceError {
        let incident = String(RandomIdentifier.hexadecimal().prefix(12))
        log.error("internal error", metadata: ["incident": "\(incident)", "cause": "\(cause)"])
        let message = Message("Something went wrong on our side. The incident is {incident}.", ["incident": incident])
        return ServiceError(.internalError, code: "internal_error", message, incident: incident)
    }

    /// Runs a service method's body. The one place where lower errors become `ServiceError`: a key that exists and a
    /// row that is referred to are conflicts, a text no column
    /// takes is bad input, a busy database is unavailable, everything else is our fault.
    public static func wrapping<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch {
            throw ServiceError(wrapping: error)
        }
    }

    /// The `ServiceError` for any error; see ``wrapping(_:)``.
    public init(wrapping error: any Error) {
        switch error {
        case let error as ServiceError: self = error
        case let error as DatabaseError: self.init(error)
        default: self = .internalError(cause: error)
        }
    }

    private init(_ error: DatabaseError) {
        switch error.kind {
        case .unique:
            self = .conflict(code: "already_exists", "Another resource with these properties exists already.")
        case .foreignKey:
            self = .conflict(code: "in_use", "The resource is in use, or something it refers to no longer exists.")
        case .text:
            // Nothing a person types, and nothing the program makes, holds one: it came from outside.
            self = .invalidText
        case .busy:
            self = .unavailable("The database is busy. Please try again.")
        case .check, .decoding, .other:
            self = .internalError(cause: error)
        }
    }

    private static let invalidText = ServiceError(
        .invalid, code: "null_characters_not_allowed", "Null characters are not allowed.")

    private static let log = Logger(label: "daybreak.service")
}
