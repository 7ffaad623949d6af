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
    /// The fields' places and readers alone: all that rendering needs.
    let table: ShapeTable

    /// Makes a shape. A name given twice is found when a template is bound to it.
    public init(_ fields: [Field<Model>]) {
        self.fields = fields
        table = ShapeTable(fields)
    }
}

/// One name of a shape, and how its value is read from the model.
///
/// A field that is a stored property, given by its key path, is read where it lies in memory. A closure is called.
public struct Field<Model>: Sendable {
    let name: String
    let kind: FieldKind
    let slot: Slot
    let child: ChildReference?
    /// From the model's address.
    let read: @Sendable (UnsafeRawPointer) -> Value

    init(
        _ name: String, _ kind: FieldKind, _ slot: Slot = .computed, _ child: ChildReference? = nil,
        _ read: @escaping @Sendable (UnsafeRawPointer) -> Value
    ) {
        self.name = name
        self.kind = kind
        self.slot = slot
        self.child = child
        self.read = read
    }

    /// The slot of a stored property; a computed one has none.
    private static func slot(_ path: PartialKeyPath<Model>, _ make: (Int) -> Slot) -> Slot {
        MemoryLayout<Model>.offset(of: path).map(make) ?? .computed
    }

    private static func get<Part>(_ path: KeyPath<Model, Part>, _ model: UnsafeRawPointer) -> Part {
        model.assumingMemoryBound(to: Model.self).pointee[keyPath: path]
    }
}

extension Field {
    /// A text, shown escaped. As a section it is true when it is not empty.
    public static func text(_ name: String, _ path: any KeyPath<Model, String> & Sendable) -> Field {
        Field(name, .text, slot(path) { .text(at: $0) }) { .text(get(path, $0)) }
    }

    /// A text that may be missing: nothing is shown then, and as a section it is false.
    public static func optionalText(_ name: String, _ path: any KeyPath<Model, String?> & Sendable) -> Field {
        Field(name, .text, slot(path) { .optionalText(at: $0) }) { get(path, $0).map { .text($0) } ?? .nothing }
    }

    /// A whole number, shown in decimal. As a section it is true when it is not zero; it can count a plural.
    public static func number(_ name: String, _ path: any KeyPath<Model, Int> & Sendable) -> Field {
        Field(name, .number, slot(path) { .number(at: $0) }) { .number(get(path, $0)) }
    }

    /// A condition for sections; shown as `true` or `false`.
    public static func flag(_ name: String, _ path: any KeyPath<Model, Bool> & Sendable) -> Field {
        Field(name, .flag, slot(path) { .flag(at: $0) }) { .flag(get(path, $0)) }
    }

    /// A list of models; its section is rendered once for each.
    public static func list<Element: TemplateModel>(
        _ name: String, _ path: any KeyPath<Model, [Element]> & Sendable
    ) -> Field {
        list(name, MemoryLayout<Model>.offset(of: path)) { get(path, $0) }
    }

    /// A list of texts; in its section `{{.}}` is the text.
    public static func texts(_ name: String, _ path: any KeyPath<Model, [String]> & Sendable) -> Field {
        let child = TextReference.shared
        return Field(name, .list { .text }, slot(path) { .list(at: $0, ChildReader(child)) }, child) {
            .list(ModelOwner(get(path, $0), TextReference.table))
        }
    }

    /// A model inside the model: `{{#name}}…{{/name}}` or `{{name.part}}`.
    public static func object<Child: TemplateModel>(
        _ name: String, _ path: any KeyPath<Model, Child> & Sendable
    ) -> Field {
        let shape = ShapeReference<Child>()
        let child = ModelReference(shape)
        return Field(name, .object { shape.outline }, slot(path) { .object(at: $0, ChildReader(child)) }, child) {
            .object(ModelOwner([get(path, $0)], shape.value.table))
        }
    }

    /// A model that may be missing: its section is then left out, and its inverted section rendered.
    @inlinable
    public static func optional<Child: TemplateModel>(
        _ name: String, _ path: any KeyPath<Model, Child?> & Sendable
    ) -> Field {
        // Inlined where the type is known, this looks at a few bits; elsewhere it would copy the model.
        optional(name, path) { $0.assumingMemoryBound(to: Child?.self).pointee != nil }
    }

    @usableFromInline
    static func optional<Child: TemplateModel>(
        _ name: String, _ path: any KeyPath<Model, Child?> & Sendable,
        isPresent: @escaping @Sendable (UnsafeRawPointer) -> Bool
    ) -> Field {
        let shape = ShapeReference<Child>()
        let child = ModelReference(shape, isPresent: isPresent)
        return Field(name, .object { shape.outline }, slot(path) { .optional(at: $0, ChildReader(child)) }, child) {
            get(path, $0).map { .object(ModelOwner([$0], shape.value.table)) } ?? .nothing
        }
    }
}

/// Fields that are computed. The closures are inlined where the type of the model is known: called elsewhere they would
/// be given a copy of it.
extension Field {
    /// A text that is computed.
    @inlinable
    public static func text(_ name: String, _ read: @escaping @Sendable (Model) -> String) -> Field {
        computed(name) { read($0.assumingMemoryBound(to: Model.self).pointee) }
    }

    /// A text that is computed and may be missing.
    @inlinable
    public static func optionalText(_ name: String, _ read: @escaping @Sendable (Model) -> String?) -> Field {
        computed(name) { read($0.assumingMemoryBound(to: Model.self).pointee) }
    }

    /// A whole number that is computed.
    @inlinable
    public static func number(_ name: String, _ read: @escaping @Sendable (Model) -> Int) -> Field {
        computed(name) { read($0.assumingMemoryBound(to: Model.self).pointee) }
    }

    /// A condition that is computed.
    @inlinable
    public static func flag(_ name: String, _ read: @escaping @Sendable (Model) -> Bool) -> Field {
        computed(name) { read($0.assumingMemoryBound(to: Model.self).pointee) }
    }

    /// Markup that is safe as it stands, shown by `{{{name}}}`. As a section it is true when it is not empty.
    public static func safe(_ name: String, _ read: @escaping @Sendable (Model) -> SafeHTML) -> Field {
        Field(name, .html) { .html(read($0.assumingMemoryBound(to: Model.self).pointee)) }
    }

    /// A list of models that is computed.
    public static func list<Element: TemplateModel>(
        _ name: String, _ read: @escaping @Sendable (Model) -> [Element]
    ) -> Field {
        list(name, nil) { read($0.assumingMemoryBound(to: Model.self).pointee) }
    }

    /// A list of texts that is computed.
    public static func texts(_ name: String, _ read: @escaping @Sendable (Model) -> [String]) -> Field {
        Field(name, .list { .text }) {
            .list(ModelOwner(read($0.assumingMemoryBound(to: Model.self).pointee), TextReference.table))
        }
    }

    /// A model that is computed.
    public static func object<Child: TemplateModel>(
        _ name: String, _ read: @escaping @Sendable (Model) -> Child
    ) -> Field {
        optional(name) { read($0) }
    }

    /// A model that is computed and may be missing.
    public static func optional<Child: TemplateModel>(
        _ name: String, _ read: @escaping @Sendable (Model) -> Child?
    ) -> Field {
        let shape = ShapeReference<Child>()
        return Field(name, .object { shape.outline }) {
            read($0.assumingMemoryBound(to: Model.self).pointee).map {
                .object(ModelOwner([$0], shape.value.table))
            } ?? .nothing
        }
    }

    @usableFromInline
    static func computed(_ name: String, _ read: @escaping @Sendable (UnsafeRawPointer) -> String?) -> Field {
        Field(name, .text) { read($0).map { .text($0) } ?? .nothing }
    }

    @usableFromInline
    static func computed(_ name: String, _ read: @escaping @Sendable (UnsafeRawPointer) -> Int) -> Field {
        Field(name, .number) { .number(read($0)) }
    }

    @usableFromInline
    static func computed(_ name: String, _ read: @escaping @Sendable (UnsafeRawPointer) -> Bool) -> Field {
        Field(name, .flag) { .flag(read($0)) }
    }

    private static func list<Element: TemplateModel>(
        _ name: String, _ offset: Int?, _ read: @escaping @Sendable (UnsafeRawPointer) -> [Element]
    ) -> Field {
        let shape = ShapeReference<Element>()
        let child = ModelReference(shape)
        let slot = offset.map { Slot.list(at: $0, ChildReader(child)) } ?? .computed
        return Field(name, .list { shape.outline }, slot, child) {
            .list(ModelOwner(read($0), shape.value.table))
        }
    }
}
