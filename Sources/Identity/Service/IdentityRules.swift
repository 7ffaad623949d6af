import ServiceCore

/// What may be typed where.
enum IdentityRules {
    static func name(_ name: String, longest: Int) -> [Violation] {
        if name.allSatisfy(\.isWhitespace) {
            return [Violation(field: "name", code: "required", message: "This field is required.", value: name)]
        }
        if name.contains(where: \.isNewline) || name.utf8.contains(0) {
            return [
                Violation(field: "name", code: "one_line", message: "The name must be on one line.", value: name)
            ]
        }
        guard name.unicodeScalars.count > longest else { return [] }
        let message = Message(
            "Ensure this value has at most {limit} characters (it has {length}).",
            ["limit": String(longest), "length": String(name.unicodeScalars.count)])
        return [Violation(field: "name", code: "too_long", message: message, value: name)]
    }

    /// The value of the violation stays empty: a password is never shown again.
    static func password(_ password: String, field: String = "password") -> [Violation] {
        if password.isEmpty {
            return [Violation(field: field, code: "required", message: "This field is required.")]
        }
        guard password.utf8.count > IdentityService.longestPassword else { return [] }
        let limit = String(IdentityService.longestPassword)
        let message = Message("The password must have at most {limit} bytes.", ["limit": limit])
        return [Violation(field: field, code: "too_long", message: message)]
    }

    static func refuse(_ violations: [Violation]) throws {
        guard violations.isEmpty else { throw ServiceError.invalid(violations) }
    }
}

extension ServiceError {
    static func nameTaken(_ what: String, _ name: String) -> ServiceError {
        let message = Message("A {resource} named {name} exists already.", ["resource": what, "name": name])
        return .conflict(code: "name_taken", message)
    }
}
