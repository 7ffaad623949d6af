import HTTP
import Identity
import ServiceCore

extension APICall {
    /// An answer of one thing: `{"user": {…}}`.
    func document(
        _ name: StaticString, _ status: Status = .ok, _ body: (inout JSONWriter) throws -> Void
    ) rethrows -> Response {
        try answer(status) { try $0.object(name, body) }
    }

    /// An answer of a list: `{"users": […], "links": {…}}`. keystone's lists have one page.
    func collection<Items: Collection>(
        _ name: StaticString, _ items: Items, _ body: (inout JSONWriter, Items.Element) throws -> Void
    ) rethrows -> Response {
        try answer(capacity: 256 + 512 * items.count) { json in
            try json.list(name, items) { json, item in try json.object { try body(&$0, item) } }
            json.object("links") {
                $0.member("self", base + request.rawTarget)
                $0.member("previous", String?.none)
                $0.member("next", String?.none)
            }
        }
    }
}

extension JSONReader {
    /// `options.immutable`, of which null is false; nil when it was not sent.
    func isImmutable() throws -> Bool? {
        try optional("options")?.object { options in
            try options.optional("immutable").map { try $0.isNull ? false : $0.bool() }
        } ?? nil
    }
}

extension JSONWriter {
    /// Where a thing is: `links.self`.
    mutating func selfLink(_ call: APICall, _ path: String) {
        object("links") { $0.member("self", call.base + "/identity/v3/" + path) }
    }

    /// `options` of what may be immutable, and has no other.
    mutating func options(isImmutable: Bool) {
        object("options") { if isImmutable { $0.member("immutable", true) } }
    }

    /// Members that keystone keeps for its clients.
    mutating func members(_ extra: ExtraAttributes) {
        for (name, text) in extra.values.sorted(by: { $0.key < $1.key }) {
            entry(name) { $0.raw(Array(text.utf8)) }
        }
    }
}

extension ExtraAttributes {
    /// What keystone writes itself: clients send it back with the rest, and it is not kept.
    private static let written: Set<String> = [
        "id", "links", "options", "tags", "is_domain", "parent_id", "domain_id", "enabled", "name", "description",
        "email", "password", "original_password", "password_expires_at", "default_project_id", "membership_expires_at",
    ]

    init(_ members: [String: JSONValue]) {
        self.init(
            members.filter { !Self.written.contains($0.key) }.mapValues(\.json))
    }
}

extension JSONValue {
    /// Its text.
    var json: String {
        var json = JSONWriter()
        write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension QueryReader {
    /// A filter that may be sent without a value, which then is no filter.
    func filter(_ name: String) -> String? {
        text(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// true or false as keystone reads them from a query: anything but a "false" is true, also nothing at all.
    func flag(_ name: String) -> Bool? {
        text(name).map { $0.isEmpty || LooseBool.value(of: $0) != false }
    }
}
