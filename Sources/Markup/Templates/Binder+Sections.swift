extension Binder {
    mutating func bindVariable(
        _ name: TemplateName, isEscaped: Bool, _ scope: BindingScope, into operations: inout [Program.Operation]
    ) throws(TemplateError) {
        guard let value = try resolve(name, scope) else { return }
        if case .strict = rules {
            let wrong: String? =
                switch value.kind {
                case .html: isEscaped ? "is markup: write {{{\(name.text)}}}" : nil
                case .list, .object, .never: "is not a text: open a section, {{#\(name.text)}}"
                case .text, .number, .flag:
                    isEscaped ? nil : "is not safe as it stands: write {{\(name.text)}}, or make it SafeHTML"
                }
            if let wrong { throw error("\"\(name.text)\" \(wrong)", at: name.line, scope) }
            if let danger = context.danger {
                throw error("\"\(name.text)\" \(danger), where escaping does not help", at: name.line, scope)
            }
            if !isEscaped, !context.isText {
                throw error("\"\(name.text)\" is markup, which only stands in text", at: name.line, scope)
            }
            if context.isLinkStart { return operations.append(.link(value.place)) }
        }
        operations.append(isEscaped ? .variable(value.place) : .raw(value.place))
    }

    mutating func bindSection(
        _ name: TemplateName, _ content: [TemplateNode], _ scope: BindingScope,
        into operations: inout [Program.Operation]
    ) throws(TemplateError) {
        guard let value = try resolve(name, scope) else { return }
        var inner = scope
        switch value.kind {
        case .never: return
        case .text, .number, .flag, .html:
            inner.item = value
            operations.append(.when(value.place, body: try body(of: content, inner)))
        case .object(let shape):
            let (body, hidden) = try bindPushed(shape(), from: value, content, inner, line: name.line)
            operations.append(.with(value.place, body: body, hiding: hidden))
        case .list(let shape):
            let (body, hidden) = try bindPushed(shape(), from: value, content, inner, line: name.line)
            operations.append(.each(value.place, body: body, hiding: hidden))
        }
    }

    /// The body of a section that puts a frame on the stack, and the level of the frame it hides (-1: none).
    mutating func bindPushed(
        _ shape: ShapeOutline, from value: BoundValue, _ content: [TemplateNode], _ scope: BindingScope, line: Int
    ) throws(TemplateError) -> (body: Int32, hidden: Int32) {
        try check(shape, in: scope, line: line)
        var inner = scope
        descents.append(Int(value.place.level) == scope.frames.count - 1)
        defer { descents.removeLast() }
        let hidden = inner.push(shape)
        return (try body(of: content, inner), Int32(hidden ?? -1))
    }

    mutating func bindInverted(
        _ name: TemplateName, _ content: [TemplateNode], _ scope: BindingScope,
        into operations: inout [Program.Operation]
    ) throws(TemplateError) {
        guard let value = try resolve(name, scope), !value.kind.isNever else {
            return try bind(content, scope, into: &operations)
        }
        operations.append(.unless(value.place, body: try body(of: content, scope)))
    }
}
