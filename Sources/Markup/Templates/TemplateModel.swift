/// A value a template can show.
///
/// Its shape is the complete list of the names a template may use: a template that names another stops the start.
public protocol TemplateModel: Sendable {
    /// The names and how each is read. Write it as `static let`; it may name types that contain each other.
    static var shape: Shape<Self> { get }
}

/// The names a template may use of one model.
public struct Shape<Model>: Sendable {
    let fields: [Field<Model>]
    /// The fields' readers alone: all that rendering needs.
    let readers: [@Sendable (Model) -> Value]

    /// Makes a shape. A name given twice is found when a template is bound to it.
    public init(_ fields: [Field<Model>]) {
        self.fields = fields
        readers = fields.map(\.read)
    }
}

/// One name of a shape, and how its value is read from the model.
public struct Field<Model>: Sendable {
    let name: String
    let kind: FieldKind
    let read: @Sendable (Model) -> Value
}

extension Field {
    /// A text, shown escaped. As a section it is true when it is not empty.
    public static func text(_ name: String, _ read: @escaping @Sendable (Model) -> String) -> Field {
        Field(name: name, kind: .text) { .text(read($0)) }
    }

    /// A text that may be missing: nothing is shown then, and as a section it is false.
    public static func optionalText(_ name: String, _ read: @escaping @Sendable (Model) -> String?) -> Field {
        Field(name: name, kind: .text) { read($0).map { .text($0) } ?? .nothing }
    }

    /// A whole number, shown in decimal. As a section it is true when it is not zero; it can count a plural.
    public static func number(_ name: String, _ read: @escaping @Sendable (Model) -> Int) -> Field {
        Field(name: name, kind: .number) { .number(read($0)) }
    }

    /// A condition for sections; shown as `true` or `false`.
    public static func flag(_ name: String, _ read: @escaping @Sendable (Model) -> Bool) -> Field {
        Field(name: name, kind: .flag) { .flag(read($0)) }
    }

    /// Markup that is safe as it stands, shown by `{{{name}}}`. As a section it is true when it is not empty.
    public static func safe(_ name: String, _ read: @escaping @Sendable (Model) -> SafeHTML) -> Field {
        Field(name: name, kind: .html) { .html(read($0)) }
    }

    /// A list of models; its section is rendered once for each.
    public static func list<Element: TemplateModel>(
        _ name: String, _ read: @escaping @Sendable (Model) -> [Element]
    ) -> Field {
        let shape = ShapeReference<Element>()
        return Field(name: name, kind: .list { shape.outline }) { model in
            .list(ModelList(elements: read(model), shape: shape.value))
        }
    }

    /// A list of texts; in its section `{{.}}` is the text.
    public static func texts(_ name: String, _ read: @escaping @Sendable (Model) -> [String]) -> Field {
        Field(name: name, kind: .list { .text }) { .list(ValueList(values: read($0).map { .text($0) })) }
    }

    /// A model inside the model: `{{#name}}…{{/name}}` or `{{name.part}}`.
    public static func object<Child: TemplateModel>(
        _ name: String, _ read: @escaping @Sendable (Model) -> Child
    ) -> Field {
        let shape = ShapeReference<Child>()
        return Field(name: name, kind: .object { shape.outline }) { model in
            .object(ModelFrame(read(model), shape.value))
        }
    }

    /// A model that may be missing: its section is then left out, and its inverted section rendered.
    public static func optional<Child: TemplateModel>(
        _ name: String, _ read: @escaping @Sendable (Model) -> Child?
    ) -> Field {
        let shape = ShapeReference<Child>()
        return Field(name: name, kind: .object { shape.outline }) { model in
            read(model).map { .object(ModelFrame($0, shape.value)) } ?? .nothing
        }
    }
}
