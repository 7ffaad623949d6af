import HTTP
import Images
import ServiceCore

/// What entries of the catalogue say, read from requests and written into answers.
enum MetadefContent {
    private static let types = ["array", "boolean", "integer", "number", "object", "string"]

    /// An entry as it is sent.
    /// - Parameter name: what it is called when the content need not say it.
    static func item(_ kind: MetadefItem.Kind, _ reader: JSONReader, name: String? = nil) throws -> NewMetadefItem {
        for readOnly in ["self", "schema", "created_at", "updated_at"] where reader.has(readOnly) {
            throw APIError(.forbidden, "Attribute '\(readOnly)' is read-only.")
        }
        let own = try reader.optional("name")?.text() ?? name
        guard let own else { throw APIError(.badRequest, "name is required.") }
        var json = JSONWriter()
        try json.object { json in
            switch kind {
            case .object: try object(reader, &json)
            case .property: try property(reader, &json)
            case .tag: break
            case .resourceType:
                for member in ["prefix", "properties_target"] {
                    if let text = try reader.nullable(member)?.text(0...80) { json.entry(member, text) }
                }
            }
        }
        return NewMetadefItem(kind, name: own, json: String(decoding: json.bytes, as: UTF8.self))
    }

    /// The entries of a namespace that come with it.
    static func items(_ reader: JSONReader) throws -> [NewMetadefItem] {
        var items: [NewMetadefItem] = []
        for (member, kind) in [
            ("resource_type_associations", MetadefItem.Kind.resourceType), ("objects", .object), ("tags", .tag),
        ] {
            for entry in try reader.nullable(member)?.list() ?? [] {
                items.append(try entry.object { try item(kind, $0) })
            }
        }
        try reader.nullable("properties")?.object { properties in
            for name in properties.names {
                items.append(try properties.required(name).object { try item(.property, $0, name: name) })
            }
        }
        return items
    }

    private static func object(_ reader: JSONReader, _ json: inout JSONWriter) throws {
        if let text = try reader.nullable("description")?.text() { json.member("description", text) }
        if let list = try reader.nullable("required")?.list() {
            json.member("required", try list.map { try $0.text() })
        }
        try reader.nullable("properties")?.object { properties in
            try json.object("properties") { json in
                for name in properties.names {
                    let member = try properties.required(name)
                    try json.entry(name) { json in
                        try json.object { json in try member.object { try property($0, &json) } }
                    }
                }
            }
        }
    }

    /// A property is described by a JSON schema of one level.
    private static func property(_ reader: JSONReader, _ json: inout JSONWriter) throws {
        _ = reader.optional("name")
        json.member("title", try reader.required("title").text())
        json.member("type", try reader.required("type").choice(types))
        for name in ["description", "pattern"] {
            if let text = try reader.nullable(name)?.text() { json.entry(name, text) }
        }
        for name in ["operators", "enum"] {
            if let list = try reader.nullable(name)?.list() { json.entry(name, list.map(\.value)) }
        }
        for name in ["readonly", "uniqueItems", "additionalItems", "confidential"] {
            if let flag = try reader.nullable(name)?.bool() { json.entry(name, flag) }
        }
        for name in ["minimum", "maximum"] {
            if let member = reader.nullable(name) {
                _ = try member.number()
                json.entry(name, member.value)
            }
        }
        for name in ["minLength", "maxLength", "minItems", "maxItems"] {
            if let number = try reader.nullable(name)?.integer(0...Int.max) { json.entry(name, number) }
        }
        if let list = try reader.nullable("required")?.list() {
            json.member("required", try list.map { try $0.text() })
        }
        if let value = reader.nullable("default")?.value { json.member("default", value) }
        if let items = reader.nullable("items") {
            try items.object { inner in
                if let type = try inner.nullable("type")?.choice(types), !type.isEmpty {}
                _ = try inner.nullable("enum")?.list()
            }
            json.member("items", items.value)
        }
    }

    /// The members of an entry.
    /// - Parameter namespace: whose it is; nil inside of a namespace's own document.
    static func write(_ item: MetadefItem, of namespace: String?, to json: inout JSONWriter) {
        json.object { json in
            json.member("name", item.name)
            members(of: item, to: &json)
            guard let namespace, item.kind != .property else { return }
            json.member("created_at", item.createdAt.iso8601)
            json.member("updated_at", item.updatedAt.iso8601)
            if item.kind == .object {
                json.member("self", "/v2/metadefs/namespaces/\(namespace)/objects/\(item.name)")
                json.member("schema", "/v2/schemas/metadefs/object")
            }
        }
    }

    /// What an entry says beside its name.
    static func members(of item: MetadefItem, to json: inout JSONWriter) {
        guard case .object(let members)? = try? JSONValue(parsing: Array(item.json.utf8)) else { return }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { json.entry(name, value) }
    }
}
