import Compute
import HTTP
import Markup
import ServiceCore

/// Update Metadata: rows of keys and values. A row without a key is no pair; two buttons add and take away rows, by
/// sending the form.
struct MetadataForm: InstanceForm {
    static let action = InstanceAction.updateMetadata
    static let template = "project/instances/metadata"

    func initial(_ desk: InstanceDesk) -> FormData {
        Self.form(of: desk.instance.metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    func content(_ desk: InstanceDesk, _ fields: FormFields) -> MetadataContent {
        MetadataContent(desk, fields, Self.pairs(of: fields.input))
    }

    func send(_ input: FormData, _ desk: InstanceDesk) throws -> FormOutcome {
        var pairs = Self.pairs(of: input)
        if let index = input["remove"].flatMap(Int.init) {
            if pairs.indices.contains(index) { pairs.remove(at: index) }
            return .again(Self.form(of: pairs))
        }
        if input["add"] != nil { return .again(Self.form(of: pairs + [("", "")])) }
        let filled = pairs.filter { !$0.key.isEmpty || !$0.value.isEmpty }
        var metadata: [String: String] = [:]
        for pair in filled {
            guard metadata.updateValue(pair.value, forKey: pair.key) != nil else { continue }
            throw ServiceError.invalid([
                Violation(
                    field: "metadata", code: "duplicate_key",
                    message: Message("The key {key} is there twice.", ["key": pair.key]), value: pair.key)
            ])
        }
        _ = try desk.services.compute.setMetadata(metadata, of: desk.instance.id, as: desk.context)
        return .done(Message("Updated the metadata of instance \"{name}\".", ["name": desk.instance.name]))
    }

    static func pairs(of input: FormData) -> [(key: String, value: String)] {
        zip(input.values("key"), input.values("value")).map { ($0, $1) }
    }

    private static func form(of pairs: [(key: String, value: String)]) -> FormData {
        let pairs = pairs.isEmpty ? [("", "")] : pairs
        return FormData(pairs.flatMap { [("key", $0.0), ("value", $0.1)] })
    }
}

/// Update Metadata as its template sees it.
struct MetadataContent: TemplateModel {
    let heading: String
    let action: String
    let cancel: String
    let problem: String?
    let isBlocked: Bool
    let rows: [Row]
    let notes: [String]

    struct Row: TemplateModel {
        let index: Int
        let key: String
        let value: String
        let faults: [FieldFaultModel]

        static let shape = Shape<Row>([
            .text("index") { String($0.index) }, .text("key", \.key), .text("value", \.value),
            .list("faults", \.faults), .flag("invalid") { !$0.faults.isEmpty },
        ])
    }

    static let shape = Shape<MetadataContent>([
        .text("heading", \.heading), .text("action", \.action), .text("cancel", \.cancel),
        .optionalText("problem", \.problem), .flag("blocked", \.isBlocked), .list("rows", \.rows),
        .texts("notes", \.notes),
    ])

    init(_ desk: InstanceDesk, _ fields: FormFields, _ pairs: [(key: String, value: String)]) {
        heading = desk.wording(desk.action.label)
        action = desk.url
        cancel = desk.cancel
        isBlocked = desk.refused != nil
        rows = pairs.enumerated().map { index, pair in
            Row(
                index: index, key: pair.key, value: pair.value,
                faults: fields.faults.of("metadata") { Self.violation($0, isAbout: pair) })
        }
        // Too many of them is said of the whole.
        let isPlaced = rows.contains { !$0.faults.isEmpty }
        problem = desk.problem(fields.faults, shown: isPlaced ? ["metadata"] : [])
        notes = [
            desk.action.help,
            Message("A row whose key and value are both empty is left out."),
        ].map(desk.wording.callAsFunction)
    }

    /// The service names the key at fault, or the value.
    private static func violation(_ violation: Violation, isAbout pair: (key: String, value: String)) -> Bool {
        guard !pair.key.isEmpty || !pair.value.isEmpty, violation.code != "too_many" else { return false }
        return violation.value == pair.key || !violation.value.isEmpty && violation.value == pair.value
    }
}
