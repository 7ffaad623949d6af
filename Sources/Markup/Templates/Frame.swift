/// A value as a template sees it.
enum Value {
    case nothing
    case text(String)
    case number(Int)
    case flag(Bool)
    case html(SafeHTML)
    case object(Frame)
    case list(FrameList)

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

/// One level of the stack on which names are looked up: fields by index, read when they are shown.
class Frame {
    func value(_ field: Int) -> Value { .nothing }
}

/// What a list section walks over.
class FrameList {
    var count: Int { 0 }
    func forEach(_ body: (Frame) -> Void) {}
}

final class ModelFrame<Model>: Frame {
    // A constant, so that reading a field of it copies nothing else of it.
    private let model: Model
    private let readers: [@Sendable (Model) -> Value]

    init(_ model: Model, _ shape: Shape<Model>) {
        self.model = model
        readers = shape.readers
    }

    override func value(_ field: Int) -> Value {
        readers[field](model)
    }
}

final class ModelList<Element>: FrameList {
    private let elements: [Element]
    private let shape: Shape<Element>

    init(elements: [Element], shape: Shape<Element>) {
        self.elements = elements
        self.shape = shape
    }

    override var count: Int { elements.count }

    override func forEach(_ body: (Frame) -> Void) {
        for element in elements { body(ModelFrame(element, shape)) }
    }
}

/// A level that holds one value without a name, `{{.}}`.
final class ValueFrame: Frame {
    private let only: Value

    init(_ only: Value) {
        self.only = only
    }

    override func value(_ field: Int) -> Value { only }
}

final class ValueList: FrameList {
    private let values: [Value]

    init(values: [Value]) {
        self.values = values
    }

    override var count: Int { values.count }

    override func forEach(_ body: (Frame) -> Void) {
        for value in values { body(ValueFrame(value)) }
    }
}
