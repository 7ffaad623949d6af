/// What a field holds, as far as the binding of names needs to know.
enum FieldKind: Sendable {
    case text
    case number
    case flag
    case html
    /// Always empty or always missing: its section is never rendered. Only data without a written shape has it.
    case never
    /// The outline is asked for late, because types may contain each other.
    case list(@Sendable () -> ShapeOutline)
    case object(@Sendable () -> ShapeOutline)

    var isNever: Bool {
        if case .never = self { true } else { false }
    }

    var isNumber: Bool {
        if case .number = self { true } else { false }
    }
}

/// A shape without its model type: names, their places and kinds.
struct ShapeOutline: Sendable {
    /// Equal for equal shapes, so that a stack of shapes can be recognised when a partial includes itself.
    let identity: ObjectIdentifier
    /// For messages: the model's type.
    let title: String
    let names: [String]
    let kinds: [FieldKind]
    /// What `{{.}}` is: nil for a model, which has names instead.
    let itself: FieldKind?

    func index(of name: String) -> Int? {
        names.firstIndex(of: name)
    }

    /// A frame that holds one value without names.
    static func single(_ kind: FieldKind, identity: ObjectIdentifier) -> ShapeOutline {
        ShapeOutline(identity: identity, title: "an item", names: [], kinds: [], itself: kind)
    }

    /// The items of a list of texts.
    static let text = ShapeOutline.single(.text, identity: ObjectIdentifier(String.self))
}

extension Shape {
    var outline: ShapeOutline {
        ShapeOutline(
            identity: ObjectIdentifier(Model.self), title: "\(Model.self)", names: fields.map(\.name),
            kinds: fields.map(\.kind), itself: nil)
    }
}
