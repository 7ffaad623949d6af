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

    func frame(_ outline: ShapeOutline) -> Frame {
        guard case .object(let fields) = self else { return ValueFrame(value(outline.itself ?? .never)) }
        return PlainFrame(
            zip(outline.names, outline.kinds).map { name, kind in fields[name]?.value(kind) ?? .nothing })
    }

    private func value(_ kind: FieldKind) -> Markup.Value {
        switch (self, kind) {
        case (.null, _): .nothing
        case (.flag(let flag), _): .flag(flag)
        case (.number(let number), _): .number(number)
        case (.decimal(let decimal), _): .text("\(decimal)")
        case (.text(let text), _): .text(text)
        case (.list(let list), .list(let shape)): .list(PlainList(list.map { $0.frame(shape()) }))
        case (.object, .object(let shape)): .object(frame(shape()))
        case (.list, _), (.object, _): .nothing
        }
    }
}

private final class PlainFrame: Frame {
    private let values: [Value]

    init(_ values: [Value]) { self.values = values }

    override func value(_ field: Int) -> Markup.Value { values[field] }
}

private final class PlainList: FrameList {
    private let frames: [Frame]

    init(_ frames: [Frame]) { self.frames = frames }

    override var count: Int { frames.count }
    override func forEach(_ body: (Frame) -> Void) { frames.forEach(body) }
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
