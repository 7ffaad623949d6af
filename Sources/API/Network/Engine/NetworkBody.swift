import HTTP
import ServiceCore

/// The attributes that a request names, once it is known that each is one, and one that may be named here.
struct NetworkBody {
    private let members: [String: JSONMember]

    /// - Throws: `APIError` 400, in the order in which neutron looks.
    init<Item>(
        _ value: JSONValue, path: String, of attributes: [NetworkAttribute<Item>], for use: NetworkAttribute<Item>.Use
    ) throws {
        guard case .object(let object) = value else {
            throw APIError(.badRequest, "Invalid input for \(path): \(value.kind) is not an object.")
        }
        let known = Dictionary(attributes.map { ($0.name, $0.use) }) { first, _ in first }
        let unknown = object.keys.filter { known[$0] == nil }.sorted()
        guard unknown.isEmpty else {
            throw APIError(.badRequest, "Unrecognized attribute(s) '\(unknown.joined(separator: ", "))'")
        }
        for name in object.keys.sorted() where known[name]?.isSuperset(of: use) == false {
            throw APIError(
                .badRequest,
                use == .put ? "Cannot update read-only attribute \(name)" : "Attribute '\(name)' not allowed in POST")
        }
        if use == .post {
            for attribute in attributes where attribute.use.isSuperset(of: .required) && object[attribute.name] == nil {
                throw APIError(
                    .badRequest, "Failed to parse request. Required attribute '\(attribute.name)' not specified")
            }
        }
        members = try Self.withOneOwner(object).reduce(into: [:]) { members, member in
            members[member.key] = JSONMember(value: member.value, path: member.key)
        }
    }

    /// `tenant_id` is another name of `project_id`.
    private static func withOneOwner(_ object: [String: JSONValue]) throws -> [String: JSONValue] {
        guard let tenant = object["tenant_id"] else { return object }
        var object = object
        if let project = object["project_id"], project != tenant {
            throw APIError(.badRequest, "'project_id' and 'tenant_id' do not match")
        }
        object["project_id"] = tenant
        object["tenant_id"] = nil
        return object
    }

    /// The attribute, if it was named.
    subscript(name: String) -> JSONMember? { members[name] }

    /// Whether the attribute was named.
    func has(_ name: String) -> Bool { members[name] != nil }

    /// A text; nil when it was not named.
    func text(_ name: String, _ length: ClosedRange<Int> = 0...255) throws -> String? {
        try members[name]?.text(length)
    }

    /// A text; nil when it was not named, or is null.
    func nullableText(_ name: String, _ length: ClosedRange<Int> = 0...255) throws -> String? {
        try members[name]?.nullableText(length)
    }

    /// true or false, in any spelling; nil when it was not named.
    func flag(_ name: String) throws -> Bool? {
        try members[name]?.looseBool()
    }

    /// A number or a text, as a text, for the service to say its rules; "" for null, nil when it was not named.
    func typed(_ name: String) throws -> String? {
        guard let member = members[name] else { return nil }
        return try member.typed()
    }

    /// A UUID; nil when it was not named, or is null.
    func id<Resource>(_ name: String) throws -> ID<Resource>? {
        guard let member = members[name], !member.isNull else { return nil }
        return ID(try member.uuid())
    }

    /// A UUID that must be there.
    func requiredID<Resource>(_ name: String) throws -> ID<Resource> {
        guard let member = members[name] else {
            throw APIError(.badRequest, "Failed to parse request. Required attribute '\(name)' not specified")
        }
        return ID(try member.uuid())
    }

    /// A list; nil when it was not named, and empty for null.
    func list<T>(_ name: String, _ body: (JSONMember) throws -> T) throws -> [T]? {
        guard let member = members[name] else { return nil }
        return member.isNull ? [] : try member.list().map(body)
    }

    /// The owner that was named; "" for none, null, are the caller's project.
    func owner() throws -> String? {
        guard let projectID = try nullableText("project_id"), !projectID.isEmpty else { return nil }
        return projectID
    }
}

extension JSONMember {
    /// A number or a text, as a text; "" for null.
    func typed() throws -> String {
        switch value {
        case .null: return ""
        case .integer(let integer): return String(integer)
        default: return try text(0...255)
        }
    }
}
