public import ServiceCore

/// The rules on an image's fields, said once for creating and changing.
enum ImageRules {
    /// Glance's `image_property_quota` and `image_tag_quota`.
    static let propertyLimit = 128
    static let tagLimit = 128
    /// What begins with this is the service's own.
    static let reservedPrefix = "os_glance_"
    /// What Glance tells of an image itself: no property can have such a name.
    static let attributes: Set = [
        "checksum", "created_at", "direct_url", "file", "id", "locations", "os_hash_algo", "os_hash_value", "schema",
        "self", "size", "status", "stores", "updated_at", "virtual_size", "deleted", "deleted_at", "location", "name",
        "visibility", "protected", "owner", "tags", "min_disk", "min_ram", "disk_format", "container_format",
        "os_hidden",
    ]

    static func name(_ name: String) -> Violation? {
        tooLong(
            name, field: "name", limit: NewImage.nameLimit,
            Message("A name has at most {limit} characters.", ["limit": "\(NewImage.nameLimit)"]))
    }

    static func required(name: String) -> Violation? {
        guard name.allSatisfy(\.isWhitespace) else { return nil }
        return Violation(field: "name", code: "required", message: Message("An image needs a name."), value: name)
    }

    static func owner(_ id: String) -> Violation? {
        tooLong(id, field: "owner", limit: 255, Message("An owner has at most 255 characters."))
    }

    static func format(_ text: String) -> Violation? {
        guard ImageFormat(rawValue: text) == nil else { return nil }
        let known = ImageFormat.allCases.map(\.rawValue).joined(separator: ", ")
        return Violation(
            field: "disk_format", code: "unknown_format",
            message: Message("\"{value}\" is not a disk format; known are {known}.", ["value": text, "known": known]),
            value: text)
    }

    static func container(_ text: String) -> Violation? {
        guard !ImageFormat.containers.contains(text) else { return nil }
        let known = ImageFormat.containers.joined(separator: ", ")
        return Violation(
            field: "container_format", code: "unknown_format",
            message: Message(
                "\"{value}\" is not a container format; known are {known}.", ["value": text, "known": known]),
            value: text)
    }

    /// Glance keeps both in 32-bit integers.
    static func minimum(_ value: Int, field: String) -> Violation? {
        guard !(0...Int(Int32.max)).contains(value) else { return nil }
        return Violation(
            field: field, code: "out_of_range",
            message: Message("A minimum is a whole number from 0 to {limit}.", ["limit": "\(Int32.max)"]),
            value: "\(value)")
    }

    static func property(_ key: String, _ value: String) -> Violation? {
        // Glance's schema. Empty is none.
        if ["kernel_id", "ramdisk_id"].contains(key), !value.isEmpty, id(value) != nil {
            return Violation(
                field: key, code: "not_a_uuid",
                message: Message("A kernel and a ramdisk are named by their images' identifiers."), value: value)
        }
        guard key.isEmpty || key.utf8.count > 255 || value.utf8.count > 65_535 else { return nil }
        return Violation(
            field: "properties", code: "too_long",
            message: Message("A property's key has 1 to 255 bytes, its value at most 65,535."), value: key)
    }

    static func tags(_ tags: [String]) -> [Violation] {
        tags.compactMap { tooLong($0, field: "tags", limit: 255, Message("A tag has at most 255 characters.")) }
    }

    /// An identifier is a UUID (RFC 9562 section 4).
    static func id(_ text: String) -> Violation? {
        let lengths = text.split(separator: "-", omittingEmptySubsequences: false).map(\.utf8.count)
        guard lengths != [8, 4, 4, 4, 12] || !text.allSatisfy({ $0 == "-" || $0.isHexDigit }) else { return nil }
        return Violation(
            field: "id", code: "not_a_uuid", message: Message("An image's identifier is a UUID."), value: text)
    }

    /// Refuses names of properties that mean something else.
    static func requireFree(_ property: String) throws {
        guard !attributes.contains(property), !property.hasPrefix(reservedPrefix) else {
            throw ServiceError(
                .forbidden, code: "reserved_attribute", Message("Attribute '{name}' is reserved.", ["name": property]))
        }
    }

    /// Refuses more than an image may have. What the service keeps there itself is not counted.
    static func requireWithinLimits(_ image: Image) throws {
        let properties = image.properties.keys.count { !$0.hasPrefix(reservedPrefix) }
        try require(properties, atMost: propertyLimit, of: "properties")
        try require(image.tags.count, atMost: tagLimit, of: "tags")
    }

    static func require(_ count: Int, atMost limit: Int, of what: String) throws {
        guard count > limit else { return }
        throw ServiceError(
            .overQuota, code: "limit_exceeded",
            Message(
                "An image has at most {limit} {what}; this one would have {count}.",
                ["limit": "\(limit)", "what": what, "count": "\(count)"]))
    }

    private static func tooLong(_ text: String, field: String, limit: Int, _ message: Message) -> Violation? {
        guard text.unicodeScalars.count > limit else { return nil }
        return Violation(field: field, code: "too_long", message: message, value: text)
    }
}

extension NewImage {
    /// Everything that is wrong with the request, before its bytes are looked at.
    public var violations: [Violation] {
        [
            id.flatMap(ImageRules.id), ImageRules.name(name), ownerProjectID.flatMap(ImageRules.owner),
            diskFormat.flatMap(ImageRules.format), containerFormat.flatMap(ImageRules.container),
            ImageRules.minimum(minDiskGiB, field: "min_disk"), ImageRules.minimum(minRAMMiB, field: "min_ram"),
        ].compactMap(\.self) + properties.sorted { $0.key < $1.key }.compactMap(ImageRules.property)
            + ImageRules.tags(tags)
    }

    /// What Horizon's form and nova ask for and Glance does not.
    public var missingName: Violation? { ImageRules.required(name: name) }
}

extension ImageUpdate {
    /// Everything that is wrong with the change.
    var violations: [Violation] {
        [
            name.flatMap(ImageRules.name), ownerProjectID.flatMap(ImageRules.owner),
            diskFormat.flatMap { $0.isEmpty ? nil : ImageRules.format($0) },
            containerFormat.flatMap { $0.isEmpty ? nil : ImageRules.container($0) },
            minDiskGiB.flatMap { ImageRules.minimum($0, field: "min_disk") },
            minRAMMiB.flatMap { ImageRules.minimum($0, field: "min_ram") },
        ].compactMap(\.self)
            + properties.sorted { $0.key < $1.key }.compactMap { ImageRules.property($0.key, $0.value ?? "") }
            + ImageRules.tags(tags ?? [])
    }
}

extension ImageChange {
    /// Everything that is wrong with the step by itself.
    var violations: [Violation] {
        switch self {
        case .set(let update): update.violations
        case .insert(let name, let value), .replace(let name, let value):
            [ImageRules.property(name, value)].compactMap(\.self)
        case .remove: []
        }
    }

    /// The properties it names.
    var properties: [String] {
        switch self {
        case .set(let update): Array(update.properties.keys)
        case .insert(let name, _), .replace(let name, _), .remove(let name): [name]
        }
    }
}

extension Image {
    /// Refuses the names that are an attribute's, or that the service keeps for itself, for properties.
    /// - Throws: `ServiceError`: forbidden.
    public static func requireProperty(named name: String) throws {
        try ImageRules.requireFree(name)
    }
}
