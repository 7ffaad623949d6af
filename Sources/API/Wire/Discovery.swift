import HTTP

extension Response {
    /// A JSON object with the members that `body` writes.
    static func document(
        _ status: Status = .ok, capacity: Int = 512, _ body: (inout JSONWriter) throws -> Void
    ) rethrows -> Response {
        var json = JSONWriter(capacity: capacity)
        try json.object(body)
        return .json(json.bytes, status: status)
    }
}

extension JSONWriter {
    /// The `links` of a version document: where it is.
    mutating func link(to href: String) {
        list("links", [href]) { json, href in json.link("self", href) }
    }

    /// One link.
    mutating func link(_ rel: String, _ href: String) {
        link(rel, href, "")
    }

    /// One link whose address is said in two pieces.
    mutating func link(_ rel: String, _ prefix: String, _ rest: String) {
        object {
            $0.member("rel", rel)
            $0.member("href", prefix, rest)
        }
    }
}
