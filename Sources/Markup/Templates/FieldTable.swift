import Synchronization

/// Where a field lies in its model, in bytes from the beginning, when it is stored there as it is shown. It can then be
/// read in place: without a call, and without counting a reference.
enum Slot: Sendable {
    /// It has to be asked for: ``FieldTable/value(_:of:)``.
    case computed
    case text(at: Int)
    case optionalText(at: Int)
    case number(at: Int)
    case flag(at: Int)
    case list(at: Int, ChildReader)
    case object(at: Int, ChildReader)
    /// An object that may be missing.
    case optional(at: Int, ChildReader)
}

/// How the fields of one type of model are read when only the model's address is known.
class FieldTable: @unchecked Sendable {
    /// Constant from the end of `init` on.
    fileprivate(set) final var slots: UnsafePointer<Slot>?

    /// The value of a field that does not lie in the model.
    func value(_ field: Int, of model: UnsafeRawPointer) -> Value { .nothing }
}

/// The fields of a shape.
final class ShapeTable: FieldTable, @unchecked Sendable {
    private let readers: [@Sendable (UnsafeRawPointer) -> Value]
    /// What the slots refer to.
    private let children: [ChildReference]
    private let memory: UnsafeMutableBufferPointer<Slot>

    init(_ fields: [Field<some Any>]) {
        readers = fields.map(\.read)
        children = fields.compactMap(\.child)
        memory = .allocate(capacity: fields.count)
        _ = memory.initialize(from: fields.map(\.slot))
        super.init()
        slots = UnsafePointer(memory.baseAddress)
    }

    deinit { memory.deallocate() }

    override func value(_ field: Int, of model: UnsafeRawPointer) -> Value { readers[field](model) }
}

/// How to get from a field to the models in it, without counting a reference: the table that has it as a slot keeps it
/// alive.
struct ChildReader: @unchecked Sendable {
    private let reference: Unmanaged<ChildReference>

    init(_ reference: ChildReference) { self.reference = .passUnretained(reference) }

    var stride: Int { reference._withUnsafeGuaranteedRef { $0.stride } }
    var fields: Unmanaged<FieldTable> { reference._withUnsafeGuaranteedRef { $0.fields } }

    /// The models of the list that lies at an address.
    func elements(at field: UnsafeRawPointer) -> (first: UnsafeRawPointer?, count: Int) {
        reference._withUnsafeGuaranteedRef { $0.elements(at: field) }
    }

    /// The model that may be missing at an address.
    func object(at field: UnsafeRawPointer) -> UnsafeRawPointer? {
        // An optional holds its value at its beginning.
        reference._withUnsafeGuaranteedRef { $0.isPresent(field) } ? field : nil
    }
}

/// The same with the type of the models known to subclasses.
class ChildReference: @unchecked Sendable {
    /// From one model of a list to the next.
    final let stride: Int
    /// Whether there is a model at the address of an optional one.
    final let isPresent: @Sendable (UnsafeRawPointer) -> Bool
    private let known = Atomic<Unmanaged<FieldTable>?>(nil)

    init(stride: Int, isPresent: @escaping @Sendable (UnsafeRawPointer) -> Bool = { _ in true }) {
        self.stride = stride
        self.isPresent = isPresent
    }

    deinit { known.load(ordering: .acquiring)?.release() }

    /// Their fields. They are found out when they are first asked for: types may contain each other.
    final var fields: Unmanaged<FieldTable> {
        if let fields = known.load(ordering: .acquiring) { return fields }
        let found = Unmanaged.passRetained(findFields())
        let (isStored, earlier) = known.compareExchange(
            expected: nil, desired: found, ordering: .acquiringAndReleasing)
        guard !isStored, let earlier else { return found }
        found.release()
        return earlier
    }

    fileprivate func findFields() -> FieldTable { FieldTable() }

    fileprivate func elements(at field: UnsafeRawPointer) -> (first: UnsafeRawPointer?, count: Int) { (nil, 0) }
}

/// Children with a shape of their own.
final class ModelReference<Model: TemplateModel>: ChildReference, @unchecked Sendable {
    private let shape: ShapeReference<Model>

    init(_ shape: ShapeReference<Model>, isPresent: @escaping @Sendable (UnsafeRawPointer) -> Bool = { _ in true }) {
        self.shape = shape
        super.init(stride: MemoryLayout<Model>.stride, isPresent: isPresent)
    }

    override fileprivate func findFields() -> FieldTable { shape.value.table }

    override fileprivate func elements(at field: UnsafeRawPointer) -> (first: UnsafeRawPointer?, count: Int) {
        // The array stays where it is as long as its model does.
        field.assumingMemoryBound(to: [Model].self).pointee.withUnsafeBufferPointer {
            (UnsafeRawPointer($0.baseAddress), $0.count)
        }
    }
}

/// Texts, each of them all that its level has.
final class TextReference: ChildReference, @unchecked Sendable {
    static let shared = TextReference(stride: MemoryLayout<String>.stride)
    static let table = ShapeTable([Field<String>("", .text, .text(at: 0)) { _ in .nothing }])

    override fileprivate func findFields() -> FieldTable { Self.table }

    override fileprivate func elements(at field: UnsafeRawPointer) -> (first: UnsafeRawPointer?, count: Int) {
        field.assumingMemoryBound(to: [String].self).pointee.withUnsafeBufferPointer {
            (UnsafeRawPointer($0.baseAddress), $0.count)
        }
    }
}

/// The shape of a type, fetched when it is first needed and then kept: a `static let` that refers to itself would
/// otherwise wait for itself, and a computed one would be made anew for every row.
final class ShapeReference<Model: TemplateModel>: Sendable {
    private let kept = Mutex<Shape<Model>?>(nil)

    var value: Shape<Model> {
        if let shape = kept.withLock({ $0 }) { return shape }
        let shape = Model.shape
        kept.withLock { $0 = shape }
        return shape
    }

    var outline: ShapeOutline { value.outline }
}
