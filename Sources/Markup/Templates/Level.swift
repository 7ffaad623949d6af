/// A value as a template sees it, when it does not simply lie in its model.
enum Value {
    case nothing
    case text(String)
    case number(Int)
    case flag(Bool)
    case html(SafeHTML)
    case object(LevelOwner)
    case list(LevelOwner)

    /// Whether a section over it is rendered at all.
    var isTrue: Bool {
        switch self {
        case .nothing: false
        case .text(let text): !text.isEmpty
        case .number(let number): number != 0
        case .flag(let flag): flag
        case .html(let html): !html.isEmpty
        case .object: true
        case .list(let list): list.count > 0
        }
    }
}

/// One level of the stack on which names are looked up: where a model lies in memory, and how its fields are read. It
/// keeps nothing alive and costs nothing to pass around.
struct Level {
    var model: UnsafeRawPointer
    let fields: Unmanaged<FieldTable>
    /// Those fields that lie in the model; nil when none does.
    let slots: UnsafePointer<Slot>?

    init(_ model: UnsafeRawPointer, _ fields: Unmanaged<FieldTable>) {
        self.model = model
        self.fields = fields
        slots = fields._withUnsafeGuaranteedRef { $0.slots }
    }

    func slot(_ field: Int32) -> Slot { slots.map { $0[Int(field)] } ?? .computed }

    func value(_ field: Int32) -> Value { fields._withUnsafeGuaranteedRef { $0.value(Int(field), of: model) } }
}

/// Models that were made for the template: they live as long as this does.
class LevelOwner {
    var count: Int { 0 }
    /// Lends each of them.
    func forEach(_ body: (Level) -> Void) {}
}

/// The models a computed field gave: one, or a list.
final class ModelOwner<Model>: LevelOwner {
    private let models: [Model]
    private let fields: FieldTable

    init(_ models: [Model], _ fields: FieldTable) {
        self.models = models
        self.fields = fields
    }

    override var count: Int { models.count }

    override func forEach(_ body: (Level) -> Void) {
        models.withUnsafeBufferPointer { models in
            guard let base = models.baseAddress else { return }
            for index in models.indices { body(Level(base + index, .passUnretained(fields))) }
        }
    }
}
