/// The JSON schemas of the catalogue of metadata definitions (`/v2/schemas/metadefs/…`).
enum MetadefSchemas {
    /// Path below `/v2/schemas/` and document.
    static let all: [(path: String, document: JSONWriter)] = [
        ("metadefs/namespace", ImageSchemas.document { $0.schema(namespace) }),
        ("metadefs/namespaces", ImageSchemas.document { $0.collection("namespaces", of: namespace, links: true) }),
        ("metadefs/resource_type", ImageSchemas.document { $0.schema(association) }),
        (
            "metadefs/resource_types",
            ImageSchemas.document { $0.collection("resource_type_associations", of: association, links: true) }
        ),
        ("metadefs/object", ImageSchemas.document { $0.schema(object) }),
        ("metadefs/objects", ImageSchemas.document { $0.collection("objects", of: object, links: true) }),
        ("metadefs/property", ImageSchemas.document { $0.schema(property) }),
        ("metadefs/properties", ImageSchemas.document { $0.collection("properties", of: property, links: true) }),
        ("metadefs/tag", ImageSchemas.document { $0.schema(tag) }),
        ("metadefs/tags", ImageSchemas.document { $0.collection("tags", of: tag, links: true) }),
    ]

    private static let dates: [SchemaProperty] = [
        .text("created_at", "Date and time of creation").readOnly,
        .text("updated_at", "Date and time of the last modification").readOnly,
    ]
    private static let links: [SchemaProperty] = [.text("self", "").readOnly, .text("schema", "").readOnly]

    private static let namespace = Schema(
        "namespace",
        [
            .text("namespace", "The unique namespace text.").atMost(80),
            .text("display_name", "The user friendly name for the namespace.").atMost(80),
            .text("description", "Provides a user friendly description of the namespace.").atMost(500),
            .text("visibility", "Scope of namespace accessibility.").oneOf(["public", "private"]),
            .bool("protected", "If true, namespace will not be deletable."),
            .text("owner", "Owner of the namespace.").atMost(255),
            .object("resource_type_associations", "What the namespace is for", isList: true),
            .object("properties", "Its properties by their names"),
            .object("objects", "Properties that go together", isList: true),
            .object("tags", "Its tags", isList: true),
        ] + dates + links, required: ["namespace"])

    private static let association = Schema(
        "resource_type_association",
        [
            .text("name", "A kind of resource, named as Heat names it.").atMost(80),
            .text("prefix", "What the names of properties begin with on this kind of resource.").atMost(80),
            .text("properties_target", "Which of several sets of pairs of a resource is meant.").atMost(80),
        ] + dates, required: ["name"])

    private static let object = Schema(
        "object",
        [
            .text("name", "").atMost(255), .text("description", ""), .texts("required", ""),
            .object("properties", "Its properties by their names"),
        ] + links + dates, required: ["name"])

    private static let property = Schema(
        "property",
        [
            .text("name", "").atMost(80), .text("title", ""), .text("description", ""), .texts("operators", ""),
            .text("type", "").oneOf(["array", "boolean", "integer", "number", "object", "string"]),
            .texts("required", ""), .number("minimum", ""), .number("maximum", ""), .number("maxLength", ""),
            .number("minLength", ""), .text("pattern", ""), .texts("enum", ""), .bool("readonly", ""),
            .object("default", ""), .object("items", ""), .number("maxItems", ""), .number("minItems", ""),
            .bool("uniqueItems", ""), .bool("additionalItems", ""),
        ], required: ["name", "title", "type"])

    private static let tag = Schema("tag", [.text("name", "").atMost(80)] + dates, required: ["name"])
}
