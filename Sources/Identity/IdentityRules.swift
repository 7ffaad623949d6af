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

    static func description(_ text: String?, field: String = "description") -> [Violation] {
        guard let text, text.utf8.count > 65_535 else { return [] }
        let message = Message("The text must have at most {limit} bytes.", ["limit": "65535"])
        return [Violation(field: field, code: "too_long", message: message)]
    }

    /// A text of 1 to so many characters.
    static func text(_ text: String?, field: String, longest: Int = 255) -> [Violation] {
        guard let text, text.isEmpty || text.unicodeScalars.count > longest else { return [] }
        let message = Message("Enter 1 to {limit} characters.", ["limit": String(longest)])
        return [Violation(field: field, code: text.isEmpty ? "required" : "too_long", message: message)]
    }

    /// A limit: at least -1, which is none.
    static func limit(_ limit: Int, field: String = "resource_limit") -> [Violation] {
        guard !(-1...Int(Int32.max)).contains(limit) else { return [] }
        return [Violation(field: field, code: "bad_limit", message: "A limit is -1 for none, or a number from 0 on.")]
    }

    /// A text of at most 255 characters.
    static func shortText(_ text: String?, field: String) -> [Violation] {
        text.map { $0.isEmpty ? [] : Self.text($0, field: field) } ?? []
    }

    /// The address of an endpoint: a scheme, a colon and the rest, 225 characters at most. A path stands for one of this
    /// program and cannot be entered.
    static func url(_ url: String) -> [Violation] {
        let scheme = url.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+.-".contains($0)) }
        let rest = url.dropFirst(scheme.count)
        guard scheme.isEmpty || rest.first != ":" || rest.count < 2 || url.unicodeScalars.count > 225 else { return [] }
        return [Violation(field: "url", code: "bad_url", message: "Enter a URL of at most 225 characters.", value: url)]
    }

    /// An identifier of somebody else's choice: 32 hexadecimal digits.
    static func identifier(_ id: String?, field: String) -> [Violation] {
        guard let id, id.utf8.count != 32 || !id.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else { return [] }
        let message: Message = "Enter 32 hexadecimal digits."
        return [Violation(field: field, code: "no_identifier", message: message, value: id)]
    }

    /// The tags of a project (API SIG guideline "Tags"): 80 at most, each of 1 to 255 characters and without a slash or
    /// a comma.
    static func tags(_ tags: [String]) -> [Violation] {
        if tags.count > 80 {
            return [Violation(field: "tags", code: "too_many", message: "A project has at most 80 tags.")]
        }
        if Set(tags).count < tags.count {
            return [Violation(field: "tags", code: "twice", message: "Each tag may be given only once.")]
        }
        let bad = tags.first { tag in
            tag.isEmpty || tag.unicodeScalars.count > 255
                || tag.contains { $0 == "/" || $0 == "," || $0.isNewline || $0 == "\0" }
        }
        guard let bad else { return [] }
        let message: Message = "A tag has 1 to 255 characters and neither slash nor comma."
        return [Violation(field: "tags", code: "bad_tag", message: message, value: bad)]
    }

    /// Options have names and types of their own; `null` takes one away.
    static func options(_ options: ExtraAttributes) -> [Violation] {
        let unknown = options.values.keys.filter { UserOption(rawValue: $0) == nil }.sorted()
        guard unknown.isEmpty else {
            let message = Message("There is no user option {name}.", ["name": unknown[0]])
            return [Violation(field: "options", code: "unknown_option", message: message)]
        }
        let bad = options.values.first { name, json in
            if json == "null" { return false }
            return name == UserOption.multiFactorAuthRules.rawValue
                ? MultiFactorRules(json: json) == nil : json != "true" && json != "false"
        }
        guard let bad else { return options.violations }
        let message = Message("The user option {name} has another type.", ["name": bad.key])
        return [Violation(field: "options", code: "bad_option", message: message)]
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
