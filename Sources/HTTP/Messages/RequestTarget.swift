/// What a request line asks for (RFC 9112 section 3.2), taken apart and percent-decoded exactly once.
struct RequestTarget: Sendable {
    /// As it stood in the request line.
    let raw: String
    /// The path as sent, without query. `*` for the asterisk form.
    let rawPath: String
    /// The path percent-decoded; starts with "/" (or is `*`).
    let path: String
    /// What follows the first `?`, still encoded.
    let rawQuery: Substring?
    /// The host the absolute form names; it takes the place of the Host field (RFC 9112 section 3.2.2).
    let authority: String?

    /// Whether this is `OPTIONS *`.
    var isAsterisk: Bool { rawPath == "*" }

    /// Takes a target apart. Refuses fragments, malformed percent-encoding, text that is not UTF-8, NUL, and dot
    /// segments, encoded or not: every client resolves those before it sends them (RFC 3986 section 5.2.4), so one
    /// that arrives is an attempt to walk out of a directory.
    init(_ raw: String, method: Method) throws(RequestError) {
        self.raw = raw
        guard !raw.isEmpty, raw.utf8.allSatisfy({ Grammar.isTarget($0) }) else {
            throw .malformed("the request target holds a character that must be encoded")
        }
        if raw == "*" {
            guard method == .options else { throw .malformed("only OPTIONS may ask for *") }
            (rawPath, path, rawQuery, authority) = ("*", "*", nil, nil)
            return
        }
        var rest = raw[...]
        authority = try RequestTarget.takeAuthority(&rest)
        let query = rest.utf8.firstIndex(of: UInt8(ascii: "?"))
        rawQuery = query.map { rest[rest.utf8.index(after: $0)...] }
        let pathPart = query.map { rest[..<$0] } ?? rest
        rawPath = pathPart.isEmpty ? "/" : String(pathPart)
        guard rawPath.utf8.first == UInt8(ascii: "/") else {
            throw .malformed("the request target must be a path, an http URI or *")
        }
        guard rawPath.utf8.contains(UInt8(ascii: "%")) else {
            path = rawPath
            try RequestTarget.refuseDotSegments(rawPath)
            return
        }
        guard let decoded = PercentCoding.decode(rawPath), !decoded.utf8.contains(0) else {
            throw .malformed("the path's percent-encoding is malformed or is not UTF-8")
        }
        path = decoded
        try RequestTarget.refuseDotSegments(decoded)
    }

    /// The decoded segments: split first, decoded then, so that an encoded slash stays inside its segment.
    var segments: [String] {
        rawPath.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            let segment = String(Substring($0))
            return PercentCoding.decode(segment) ?? segment
        }
    }

    /// Whether the path has a percent-encoded byte, so that equal paths may be spelled differently.
    var isEncoded: Bool { rawPath.utf8.count != path.utf8.count }

    private static func takeAuthority(_ rest: inout Substring) throws(RequestError) -> String? {
        guard rest.utf8.first != UInt8(ascii: "/") else { return nil }
        for scheme in ["http://", "https://"] {
            guard Grammar.equalIgnoringCase(rest.prefix(scheme.utf8.count), scheme) else { continue }
            rest = rest.dropFirst(scheme.utf8.count)
            let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            let authority = String(rest[..<end])
            rest = rest[end...]
            guard Authority.isValid(authority) else { throw .malformed("the request target's host is malformed") }
            return authority
        }
        throw .malformed("the request target must be a path, an http URI or *")
    }

    private static func refuseDotSegments(_ path: String) throws(RequestError) {
        guard path.utf8.contains(UInt8(ascii: ".")) else { return }
        for segment in path.utf8.split(separator: UInt8(ascii: "/")) where segment.count <= 2 {
            guard segment.contains(where: { $0 != UInt8(ascii: ".") }) else {
                throw .malformed("the path has a dot segment")
            }
        }
    }
}
