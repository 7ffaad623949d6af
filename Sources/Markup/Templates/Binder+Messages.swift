extension Binder {
    /// A text in the program's language: the translation is bound in the place of the English text.
    mutating func bindMessage(
        _ message: TemplateMessage, _ scope: BindingScope, into operations: inout Operations
    ) throws(TemplateError) {
        let english = try MessageForms(message.key, of: message, file: scope.file, language: .english)
        guard let translation = translations.translation(of: message.key, language) else {
            return try bind(english, message, count: english, scope, into: &operations)
        }
        let translated: MessageForms
        do {
            translated = try MessageForms(translation, of: message, file: scope.file, language: language)
        } catch {
            throw self.error("in \(language)'s translation: \(error.reason)", at: error.line, scope)
        }
        for name in translated.variables where !english.variables.contains(name.text) {
            throw error(
                "\(language)'s translation of \"\(message.key)\" uses \"\(name.text)\", which it does not have",
                at: message.line, scope)
        }
        try bind(translated, message, count: english, scope, into: &operations)
    }

    private mutating func bind(
        _ forms: MessageForms, _ message: TemplateMessage, count: MessageForms, _ scope: BindingScope,
        into operations: inout Operations
    ) throws(TemplateError) {
        guard message.isPlural else { return try bind(forms.nodes[0], scope, into: &operations) }
        guard let name = count.variables.first, let value = try resolve(name, scope), value.kind.isNumber else {
            throw error(
                "a plural's first variable is the number that counts: \"\(message.key)\"", at: message.line, scope)
        }
        guard forms.nodes.count > 1 else { return try bind(forms.nodes[0], scope, into: &operations) }
        let one = try body(of: forms.nodes[0], scope)
        let other = try body(of: forms.nodes[1], scope)
        operations.append(.plural(value.place, one: one, other: other))
    }
}

/// A text to translate in one language, parsed: one form, or one for each grammatical number.
private struct MessageForms {
    let nodes: [[TemplateNode]]

    init(_ text: String, of message: TemplateMessage, file: String, language: Language) throws(TemplateError) {
        let forms = message.isPlural ? text.split(separator: "|", omittingEmptySubsequences: false) : [text[...]]
        let wanted = message.isPlural ? language.pluralForms : 1
        guard forms.count == wanted else {
            throw TemplateError(
                file: file, line: message.line,
                reason: "a plural has \(wanted) form(s) in \(language), with \"|\" between: \"\(text)\"")
        }
        var nodes: [[TemplateNode]] = []
        for form in forms {
            var parser = TemplateParser(file: file, text: String(form), of: message)
            nodes.append(try parser.parse())
        }
        self.nodes = nodes
        for node in nodes.joined() {
            switch node {
            case .text, .lineStart, .variable: continue
            default:
                throw TemplateError(
                    file: file, line: message.line, reason: "a text to translate holds variables only: \"\(text)\"")
            }
        }
    }

    var variables: [TemplateName] {
        nodes.joined().compactMap { if case .variable(let name, _) = $0 { name } else { nil } }
    }
}

extension [TemplateName] {
    fileprivate func contains(_ text: String) -> Bool {
        contains { $0.text == text }
    }
}
