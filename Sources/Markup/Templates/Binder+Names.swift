extension Binder {
    /// The place of a name; nil when it is unknown and the rules allow that.
    mutating func resolve(_ name: TemplateName, _ scope: BindingScope) throws(TemplateError) -> BoundValue? {
        guard let first = name.parts.first else { return try item(name, scope) }
        for level in scope.frames.indices.reversed() {
            guard let field = scope.frames[level].index(of: first) else { continue }
            return try follow(name, level: level, field: field, scope)
        }
        guard case .strict = rules else { return nil }
        let titles = scope.frames.reversed().map(\.title).joined(separator: ", ")
        throw error(
            "no variable \"\(first)\" in \(titles)", at: name.line, scope,
            nearest: NearestName.nearest(to: first, among: scope.names))
    }

    /// `{{.}}`.
    func item(_ name: TemplateName, _ scope: BindingScope) throws(TemplateError) -> BoundValue? {
        if let item = scope.item { return item }
        let level = scope.frames.count - 1
        if let kind = scope.frames[level].itself {
            return BoundValue(place: Program.Place(level: Int32(level), field: 0, path: -1), kind: kind)
        }
        guard case .strict = rules else { return nil }
        throw error("{{.}} is all of \(scope.frames[level].title): write a name", at: name.line, scope)
    }

    /// The rest of a dotted name, each part a field of the part before.
    mutating func follow(
        _ name: TemplateName, level: Int, field: Int, _ scope: BindingScope
    ) throws(TemplateError) -> BoundValue? {
        var kind = scope.frames[level].kinds[field]
        var path: [Int] = []
        for part in name.parts.dropFirst() {
            let shape: ShapeOutline? = if case .object(let outline) = kind { outline() } else { nil }
            guard let next = shape?.index(of: part), let shape else {
                guard case .strict = rules else { return nil }
                let owner = shape?.title ?? "what is not an object"
                throw error(
                    "no variable \"\(part)\" in \(owner), for \"\(name.text)\"", at: name.line, scope,
                    nearest: shape.flatMap { NearestName.nearest(to: part, among: $0.names) })
            }
            path.append(next)
            kind = shape.kinds[next]
        }
        return BoundValue(
            place: Program.Place(level: Int32(level), field: Int32(field), path: program.index(ofPath: path)),
            kind: kind)
    }

    /// A shape that names a field twice or with a name that no tag can hold is a mistake of the program.
    func check(_ shape: ShapeOutline, in scope: BindingScope, line: Int) throws(TemplateError) {
        guard case .strict = rules else { return }
        var seen: Set<String> = []
        for name in shape.names {
            guard seen.insert(name).inserted else {
                throw error("the shape of \(shape.title) has \"\(name)\" twice", at: line, scope)
            }
            let isWritable = !name.isEmpty && !name.utf8.contains { !TemplateName.isNameByte($0) } && name != "_"
            guard isWritable, name != "_n" else {
                throw error("the shape of \(shape.title) has \"\(name)\", which is no name", at: line, scope)
            }
        }
    }

    func error(
        _ reason: String, at line: Int, _ scope: BindingScope, nearest: String? = nil
    ) -> TemplateError {
        TemplateError(file: scope.file, line: line, reason: reason, nearest: nearest)
    }
}
