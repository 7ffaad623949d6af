/// What a Range field asks of a representation (RFC 9110 section 14).
enum ByteRange: Equatable {
    /// Everything: the field is absent, malformed, of another unit, or asks for several ranges, which a server may
    /// answer with the whole (section 14.2).
    case whole
    case part(Range<Int64>)
    /// Nothing of it exists: 416.
    case unsatisfiable

    init(_ text: String, size: Int64) {
        self = .whole
        guard text.utf8.count < 64, text.hasPrefix("bytes="), !text.utf8.contains(UInt8(ascii: ",")) else { return }
        let bounds = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2, bounds.allSatisfy({ $0.utf8.allSatisfy { Grammar.isDigit($0) } }) else { return }
        switch (Int64(bounds[0]), Int64(bounds[1])) {
        case (nil, let suffix?) where bounds[0].isEmpty:
            self = suffix == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - suffix)..<size)
        case (let first?, nil) where bounds[1].isEmpty:
            self = first < size ? .part(first..<size) : .unsatisfiable
        case (let first?, let last?) where first <= last:
            self = first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
        default: break
        }
    }
}

/// Entity tags (RFC 9110 section 8.8.3).
enum EntityTag {
    /// Whether an If-None-Match field names this tag; the weak comparison is the one it asks for (section 13.1.2).
    static func matches(_ field: String, _ etag: String) -> Bool {
        let field = field.trimmingBlanks()
        if field == "*" { return true }
        return field.utf8.split(separator: UInt8(ascii: ",")).contains {
            let tag = Substring($0).trimmingBlanks()
            return (tag.hasPrefix("W/") ? tag.dropFirst(2) : tag) == etag
        }
    }
}

/// Media types by file name.
enum ContentTypes {
    static func type(of path: String) -> String {
        let suffix = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return types[suffix] ?? "application/octet-stream"
    }

    private static let types = [
        "css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8", "ico": "image/x-icon",
        "jpg": "image/jpeg", "js": "text/javascript; charset=utf-8", "json": "application/json",
        "map": "application/json", "mjs": "text/javascript; charset=utf-8", "png": "image/png", "svg": "image/svg+xml",
        "txt": "text/plain; charset=utf-8", "webmanifest": "application/manifest+json", "webp": "image/webp",
        "woff": "font/woff", "woff2": "font/woff2", "xml": "application/xml",
    ]
}
