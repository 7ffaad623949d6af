extension Binder {
    /// A partial, or a parent with the blocks given to it.
    mutating func bindInclusion(
        _ inclusion: TemplateInclusion, arguments: [String: TemplateBlock], _ scope: BindingScope,
        into operations: inout Operations
    ) throws(TemplateError) {
        guard let template = sources.find(inclusion.name, from: scope.file) else {
            guard case .strict = rules else { return }
            throw error(
                "no template \"\(inclusion.name)\"", at: inclusion.line, scope,
                nearest: sources.nearest(to: inclusion.name, from: scope.file))
        }
        var inner = scope
        inner.indentation = inclusion.indentation.map { scope.indented($0) } ?? []
        inner.dedentation = 0
        for (name, block) in arguments where scope.arguments[name] == nil {
            inner.arguments[name] = BlockArgument(block, in: scope.arguments)
        }
        try checkNames(of: arguments, for: template, scope)
        try expand(template, inner, line: inclusion.line, into: &operations)
    }

    /// Puts a template in place; one that is being put in place already is called instead.
    mutating func expand(
        _ template: ParsedTemplate, _ scope: BindingScope, line: Int, into operations: inout Operations
    ) throws(TemplateError) {
        let key = OpenInclusion.Key(
            template: template.file, shapes: scope.frames.map(\.identity), item: scope.item?.place,
            arguments: scope.arguments.mapValues { .init(file: $0.block.file, offset: $0.block.offset) })
        if let open = inclusions.lastIndex(where: { $0.key == key }) {
            return try bindRecursion(into: open, scope, line: line, &operations)
        }
        inclusions.append(OpenInclusion(key: key, descentCount: descents.count))
        var inner = scope
        inner.file = template.file
        var content: Operations = []
        try bind(template.nodes, inner, into: &content)
        if let body = inclusions.removeLast().body {
            bodies[Int(body)] = content
            operations.append(.call(body: body))
        } else {
            append(content, to: &operations)
        }
    }

    /// A template inside itself. It must end for every model: each section on the way that changes the stack goes
    /// from the model on top into a part of it, and a model is finite.
    private mutating func bindRecursion(
        into open: Int, _ scope: BindingScope, line: Int, _ operations: inout Operations
    ) throws(TemplateError) {
        let steps = descents[inclusions[open].descentCount...]
        guard !steps.isEmpty, steps.allSatisfy({ $0 }) else {
            throw error(
                "\(inclusions[open].key.template) includes itself without end: it may only do so in a section that "
                    + "goes into a part of the model on top", at: line, scope)
        }
        let body = inclusions[open].body ?? addBody([])
        inclusions[open].body = body
        operations.append(.call(body: body))
    }

    /// A block of a template: what is given for it, or else its own content.
    mutating func bindBlock(
        _ block: TemplateBlock, _ scope: BindingScope, into operations: inout Operations
    ) throws(TemplateError) {
        guard let argument = scope.arguments[block.name] else {
            return try bind(block.content, scope, into: &operations)
        }
        let given = argument.block
        var inner = scope
        inner.file = given.file
        inner.arguments = argument.surroundings
        inner.indentation = scope.indented(block.expansionIndentation)
        inner.dedentation = given.contentIndentation.count
        if block.isStandalone, !given.startsLine { emit(inner.indentation, into: &operations) }
        isIndented = !block.isStandalone && given.startsLine
        try bind(given.content, inner, into: &operations)
        isIndented = false
    }

    /// A block given under a name that the parent does not have would silently vanish.
    private func checkNames(
        of arguments: [String: TemplateBlock], for template: ParsedTemplate, _ scope: BindingScope
    ) throws(TemplateError) {
        guard case .strict = rules else { return }
        let known = sources.blockNames(in: template)
        for (name, block) in arguments.sorted(by: { $0.key < $1.key }) where !known.contains(name) {
            throw error(
                "no block \"\(name)\" in \(template.file)", at: block.line, scope,
                nearest: NearestName.nearest(to: name, among: known))
        }
    }
}
