import HTTP
import Images
import ServiceCore

/// Reads attributes of an image out of requests.
enum ImageRequest {
    /// What is asked for when an image is created. Members that are no attributes are properties.
    static func newImage(_ reader: JSONReader) throws -> NewImage {
        var new = NewImage()
        for name in reader.names {
            let member = try reader.required(name)
            if let update = try update(name, member) {
                new.apply(update)
            } else if name == "id" {
                new.id = try member.text()
            } else {
                try Image.requireProperty(named: name)
                new.properties[name] = try member.text()
            }
        }
        return new
    }

    /// The attributes that can be set.
    static let attributes: Set = [
        "name", "disk_format", "container_format", "min_disk", "min_ram", "visibility", "protected", "os_hidden",
        "owner", "tags",
    ]

    /// The change that sets one attribute; nil when it is not an attribute that can be set.
    static func update(_ name: String, _ member: JSONMember) throws -> ImageUpdate? {
        var update = ImageUpdate()
        switch name {
        case "name": update.name = try member.nullableText() ?? ""
        case "disk_format": update.diskFormat = try member.nullableText() ?? ""
        case "container_format": update.containerFormat = try member.nullableText() ?? ""
        case "min_disk": update.minDiskGiB = try member.integer()
        case "min_ram": update.minRAMMiB = try member.integer()
        case "visibility":
            update.visibility = ImageVisibility(
                rawValue: try member.choice(ImageVisibility.allCases.map(\.rawValue)))
        case "protected": update.protected = try member.bool()
        case "os_hidden": update.isHidden = try member.bool()
        case "owner": update.ownerProjectID = try member.text()
        case "tags": update.tags = try member.list().map { try $0.text() }
        default: return nil
        }
        return update
    }
}

extension NewImage {
    fileprivate mutating func apply(_ update: ImageUpdate) {
        if let name = update.name { self.name = name }
        if let format = update.diskFormat { diskFormat = format.isEmpty ? nil : format }
        if let format = update.containerFormat { containerFormat = format.isEmpty ? nil : format }
        if let minimum = update.minDiskGiB { minDiskGiB = minimum }
        if let minimum = update.minRAMMiB { minRAMMiB = minimum }
        if let visibility = update.visibility { self.visibility = visibility }
        if let protected = update.protected { self.protected = protected }
        if let isHidden = update.isHidden { self.isHidden = isHidden }
        if let owner = update.ownerProjectID { ownerProjectID = owner }
        if let tags = update.tags { self.tags = tags }
    }
}

/// The change of an image: a JSON patch in one of Glance's two media types. The newer one is RFC 6902 with `add`,
/// `replace` and `remove`; in the older one the operation is the name of the member that holds the path.
struct ImagePatch {
    let changes: [ImageChange]

    private static let newer = "application/openstack-images-v2.1-json-patch"
    private static let older = "application/openstack-images-v2.0-json-patch"
    private static let operations = ["add", "replace", "remove"]
    /// What the service alone decides.
    private static let readOnly: Set = [
        "created_at", "updated_at", "status", "checksum", "size", "virtual_size", "direct_url", "self", "file",
        "schema", "id", "os_hash_algo", "os_hash_value",
    ]

    init(_ call: APICall) throws {
        let type = call.mediaType
        guard type == Self.newer || type == Self.older else {
            var refusal = APIError(
                .unsupportedMediaType, "Image PATCH expects Content-Type one of: \(Self.older), \(Self.newer)")
            refusal.fields.append(("Accept-Patch", "\(Self.older), \(Self.newer)"))
            throw refusal
        }
        changes = try call.content().list().map { step in
            try step.object { try Self.change($0, isNewer: type == Self.newer) }
        }
    }

    private static func change(_ step: JSONReader, isNewer: Bool) throws -> ImageChange {
        step.allowUnknown()
        let (operation, pointer) = try isNewer ? newerStep(step) : olderStep(step)
        let name = try attribute(pointer)
        guard !readOnly.contains(name) else { throw APIError(.forbidden, "Attribute '\(name)' is read-only.") }
        guard name != "locations" else {
            throw APIError(.forbidden, "It's not allowed to change locations if locations are invisible.")
        }
        guard operation != "remove" else { return .remove(property: try removable(name)) }
        let value = try step.required("value")
        if let update = try ImageRequest.update(name, JSONMember(value: value.value, path: name)) {
            guard operation != "add" || isNewer else {
                throw APIError(.conflict, "Property \(name) already present.")
            }
            return .set(update)
        }
        let text = try JSONMember(value: value.value, path: name).text()
        if operation == "replace" { return .replace(property: name, value: text) }
        guard isNewer else { return .insert(property: name, value: text) }
        var update = ImageUpdate()
        update.properties[name] = .some(text)
        return .set(update)
    }

    private static func newerStep(_ step: JSONReader) throws -> (String, String) {
        (try step.required("op").choice(operations), try step.required("path").text())
    }

    private static func olderStep(_ step: JSONReader) throws -> (String, String) {
        let named = operations.filter { step.has($0) }
        guard named.count == 1 else {
            throw APIError(
                .badRequest,
                "Operation objects must contain exactly one member named \"add\", \"remove\", or \"replace\".")
        }
        return (named[0], try step.required(named[0]).text())
    }

    /// The one attribute that a JSON pointer (RFC 6901) of a single token names.
    private static func attribute(_ pointer: String) throws -> String {
        let tokens = pointer.split(separator: "/", omittingEmptySubsequences: false)
        // Locations would be lists with positions.
        guard tokens.count == 2 || tokens.dropFirst().first == "locations", tokens[0].isEmpty, !tokens[1].isEmpty
        else { throw APIError(.badRequest, "Invalid JSON pointer for this resource: '\(pointer.prefix(80))'") }
        var name = ""
        var rest = tokens[1]
        while let tilde = rest.firstIndex(of: "~") {
            name += rest[..<tilde]
            let after = rest[rest.index(after: tilde)...]
            switch after.first {
            case "0": name += "~"
            case "1": name += "/"
            default: throw APIError(.badRequest, "Invalid JSON pointer for this resource: '\(pointer.prefix(80))'")
            }
            rest = after.dropFirst()
        }
        return name + rest
    }

    private static func removable(_ name: String) throws -> String {
        guard !ImageRequest.attributes.contains(name) else {
            throw APIError(.forbidden, "Property \(name) may not be removed.")
        }
        return name
    }
}
