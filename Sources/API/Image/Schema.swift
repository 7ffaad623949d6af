/// A JSON schema as far as Glance uses the language.
struct Schema {
    static let uuid = "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$"

    let name: String
    let properties: [SchemaProperty]
    var links: [(rel: String, href: String)] = []
    /// Whether other members are texts that anybody may add.
    var takesOthers = false
    var required: [String] = []

    init(
        _ name: String, _ properties: [SchemaProperty], links: [(rel: String, href: String)] = [],
        takesOthers: Bool = false, required: [String] = []
    ) {
        self.name = name
        self.properties = properties
        self.links = links
        self.takesOthers = takesOthers
        self.required = required
    }
}

/// What a schema says about one member.
struct SchemaProperty {
    let name: String
    private let types: [String]
    private let description: String
    private var isReadOnly = false
    private var length: Int?
    private var pattern: String?
    private var choices: [String] = []
    private var items: String?

    private init(_ name: String, _ types: [String], _ description: String) {
        self.name = name
        self.types = types
        self.description = description
    }

    static func text(_ name: String, _ description: String) -> Self { Self(name, ["string"], description) }
    static func nullable(_ name: String, _ description: String) -> Self {
        Self(name, ["null", "string"], description)
    }
    static func bool(_ name: String, _ description: String) -> Self { Self(name, ["boolean"], description) }
    static func number(_ name: String, _ description: String, isNullable: Bool = false) -> Self {
        Self(name, isNullable ? ["null", "integer"] : ["integer"], description)
    }
    static func texts(_ name: String, _ description: String) -> Self {
        var property = Self(name, ["array"], description)
        property.items = "string"
        return property
    }
    static func object(_ name: String, _ description: String, isList: Bool = false) -> Self {
        var property = Self(name, isList ? ["array"] : ["null", "object"], description)
        if isList { property.items = "object" }
        return property
    }

    var readOnly: Self { with { $0.isReadOnly = true } }
    func atMost(_ length: Int) -> Self { with { $0.length = length } }
    func matching(_ pattern: String) -> Self { with { $0.pattern = pattern } }
    func oneOf(_ choices: [String]) -> Self { with { $0.choices = choices } }

    private func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            if types.count == 1 { json.member("type", types[0]) } else { json.member("type", types) }
            if !description.isEmpty { json.member("description", description) }
            if isReadOnly { json.member("readOnly", true) }
            json.optionalMember("maxLength", length)
            json.optionalMember("pattern", pattern)
            if !choices.isEmpty {
                let none: [String?] = types.contains("null") ? [nil] : []
                json.member("enum", none + choices)
            }
            if let items {
                json.object("items") { json in
                    json.member("type", items)
                    if items == "string" { json.member("maxLength", 255) }
                }
            }
        }
    }
}

extension JSONWriter {
    /// The members of a schema.
    mutating func schema(_ schema: Schema) {
        member("name", schema.name)
        object("properties") { json in
            for property in schema.properties { json.entry(property.name) { property.write(to: &$0) } }
        }
        if !schema.required.isEmpty { member("required", schema.required) }
        if schema.takesOthers { object("additionalProperties") { $0.member("type", "string") } }
        guard !schema.links.isEmpty else { return }
        list("links", schema.links) { json, link in
            json.object {
                $0.member("rel", link.rel)
                $0.member("href", link.href)
            }
        }
    }

    /// The members of a list's schema.
    /// - Parameter links: whether it comes in pages.
    mutating func collection(_ name: String, of item: Schema, links: Bool) {
        member("name", name)
        object("properties") { json in
            json.entry(name) { json in
                json.object {
                    $0.member("type", "array")
                    $0.object("items") { $0.schema(item) }
                }
            }
            for text in links ? ["first", "next", "schema"] : ["schema"] {
                json.entry(text) { json in json.object { $0.member("type", "string") } }
            }
        }
        guard links else { return }
        list("links", [("first", "{first}"), ("next", "{next}"), ("describedby", "{schema}")]) { json, link in
            json.object {
                $0.member("rel", link.0)
                $0.member("href", link.1)
            }
        }
    }
}
