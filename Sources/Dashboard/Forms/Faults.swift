import ServiceCore

/// The violations of a refused form, sorted to the fields they belong to.
struct Faults: Sendable {
    private let violations: [Violation]
    private let wording: Wording
    /// What is wrong with the form as a whole: a conflict, a quota.
    let problem: String?

    static func none(_ wording: Wording) -> Faults { Faults(violations: [], wording: wording, problem: nil) }

    init(violations: [Violation], wording: Wording, problem: String? = nil) {
        self.violations = violations
        self.wording = wording
        self.problem = problem
    }

    /// The faults of an error a form can be shown again with; nil for errors that deserve a page of their own.
    init?(_ error: any Error, _ wording: Wording) {
        guard let error = error as? ServiceError else { return nil }
        switch error.kind {
        case .invalid:
            self.init(
                violations: error.violations, wording: wording,
                problem: error.violations.isEmpty ? wording(error.message) : nil)
        case .conflict, .overQuota:
            self.init(
                violations: error.violations, wording: wording,
                problem: error.violations.isEmpty ? wording(error.message) : nil)
        case .unauthenticated, .forbidden, .notFound, .tooManyRequests, .unavailable, .unsupported, .internalError:
            return nil
        }
    }

    /// What was chosen in the form and has gone meanwhile is a fault of the form; nil for other errors.
    static func missing(_ error: any Error, _ wording: Wording) -> Faults? {
        guard let error = error as? ServiceError, error.kind == .notFound else { return nil }
        return Faults(violations: [], wording: wording, problem: wording(error.message))
    }

    /// So is a field that is not for everybody who may use the form; nil for other errors.
    static func reserved(_ error: any Error, _ wording: Wording) -> Faults? {
        guard let error = error as? ServiceError, error.code == "network_owner_only" else { return nil }
        return Faults(violations: [], wording: wording, problem: wording(error.message))
    }

    var isEmpty: Bool { violations.isEmpty && problem == nil }

    /// The faults of a field: those named like it, of its parts (`provider.type`) and of its rows
    /// (`allocation_pools[2].start`).
    func of(_ field: String, where condition: (Violation) -> Bool = { _ in true }) -> [FieldFaultModel] {
        violations.filter { Self.belongs($0.field, to: field) && condition($0) }.map(model)
    }

    /// Services begin the message of a row with its line; on a page the line stands in front, by itself.
    private func model(_ violation: Violation) -> FieldFaultModel {
        let message = violation.message
        guard message.text.hasPrefix(Self.linePrefix) else {
            return FieldFaultModel(place: nil, text: wording(message))
        }
        let rest = Message(String(message.text.dropFirst(Self.linePrefix.count)), message.arguments)
        return FieldFaultModel(
            place: wording(Message("Line {line}", ["line": message.arguments["line"] ?? ""])), text: wording(rest))
    }

    private static let linePrefix = "Line {line}: "

    /// How many faults these fields have.
    func count(of fields: String...) -> Int {
        violations.count { violation in fields.contains { Self.belongs(violation.field, to: $0) } }
    }

    /// Faults of fields the form does not show, so that none is lost.
    func others(than fields: [String]) -> [String] {
        violations.filter { violation in !fields.contains { Self.belongs(violation.field, to: $0) } }
            .map { wording($0.message) }
    }

    private static func belongs(_ path: String, to field: String) -> Bool {
        guard path.hasPrefix(field) else { return false }
        guard let next = path.dropFirst(field.count).first else { return true }
        return next == "[" || next == "."
    }
}
