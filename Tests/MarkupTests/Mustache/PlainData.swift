import Synchronization

@testable import Markup

/// Data without a written shape, as the Mustache specification's rules use it: the shape is read off the data.
enum PlainData: Sendable {
    case null
    case flag(Bool)
    case number(Int)
    case decimal(Double)
    case text(String)
    case list([PlainData])
    case object([String: PlainData])
}

extension PlainData: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(nilLiteral: ()) { self = .null }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(floatLiteral value: Double) { self = .decimal(value) }
    init(stringLiteral value: String) { self = .text(value) }
    init(arrayLiteral elements: PlainData...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, PlainData)...) {
        self = .object(Dictionary(uniqueKeysWithValues: elements))
    }
}

extension PlainData {
    /// The same for swift-mustache.
    var any: Any? {
        switch self {
        case .null: nil
        case .flag(let flag): flag
        case .number(let number): number
        case .decimal(let decimal): decimal
        case .text(let text): text
        case .list(let list): list.compactMap(\.any)
        case .object(let fields): fields.compactMapValues(\.any)
        }
    }

    fileprivate var elements: [PlainData] {
        if case .list(let elements) = self { elements } else { [] }
    }

    /// Renders a program over the data.
    func rendered(by program: Program, _ outline: ShapeOutline) -> [UInt8] {
        var page: [UInt8] = []
        owner([self], outline).forEach { page = program.render($0, PageSize()) }
        return page
    }

    private func owner(_ elements: [PlainData], _ outline: ShapeOutline) -> PlainOwner {
        PlainOwner(
            elements.map { element in
                guard case .object(let fields) = element else { return [element.value(outline.itself ?? .never)] }
                return zip(outline.names, outline.kinds).map { name, kind in fields[name]?.value(kind) ?? .nothing }
            })
    }

    private func value(_ kind: FieldKind) -> Markup.Value {
        switch (self, kind) {
        case (.null, _): .nothing
        case (.flag(let flag), _): .flag(flag)
        case (.number(let number), _): .number(number)
        case (.decimal(let decimal), _): .text("\(decimal)")
        case (.text(let text), _): .text(text)
        case (.list(let list), .list(let shape)): .list(owner(list, shape()))
        case (.object, .object(let shape)): .object(owner([self], shape()))
        case (.list, _), (.object, _): .nothing
        }
    }
}

/// Models that are nothing but the values of their fields.
private final class PlainOwner: LevelOwner {
    private let models: [[Value]]

    init(_ models: [[Value]]) { self.models = models }

    override var count: Int { models.count }

    override func forEach(_ body: (Level) -> Void) {
        for model in models { withUnsafePointer(to: model) { body(Level($0, PlainTable.level)) } }
    }
}

private final class PlainTable: FieldTable, @unchecked Sendable {
    private static let shared = PlainTable()
    static var level: Unmanaged<FieldTable> { .passUnretained(shared) }

    override func value(_ field: Int, of model: UnsafeRawPointer) -> Markup.Value {
        model.assumingMemoryBound(to: [Markup.Value].self).pointee[field]
    }
}

extension ShapeOutline {
    /// The shape of some data; of a list, all elements are looked at together.
    static func of(_ samples: [PlainData]) -> ShapeOutline {
        var fields: [String: [PlainData]] = [:]
        for case .object(let object) in samples {
            for (name, value) in object { fields[name, default: []].append(value) }
        }
        let names = fields.keys.sorted()
        let isObject = samples.contains { if case .object = $0 { true } else { false } }
        return ShapeOutline(
            identity: Identity.make(), title: "data", names: names,
            kinds: names.map { kind(of: fields[$0] ?? []) }, itself: isObject ? nil : kind(of: samples))
    }

    private static func kind(of samples: [PlainData]) -> FieldKind {
        for sample in samples {
            switch sample {
            case .null: continue
            case .flag: return .flag
            case .number: return .number
            case .decimal, .text: return .text
            case .list:
                let elements = samples.flatMap(\.elements)
                guard !elements.isEmpty else { return .never }
                let shape = of(elements)
                return .list { shape }
            case .object:
                let shape = of(samples)
                return .object { shape }
            }
        }
        return .never
    }

    /// An identity stays taken only while its object lives, so these live for ever.
    private enum Identity {
        private final class Mark: Sendable {}
        private static let marks = Mutex<[Mark]>([])

        static func make() -> ObjectIdentifier {
            let mark = Mark()
            marks.withLock { $0.append(mark) }
            return ObjectIdentifier(mark)
        }
    }
}
