/// What a request's conditions say about a resource (RFC 9110 section 13).
enum Precondition {
    /// Go on as if there were none.
    case holds
    /// The client has what it would get: 304.
    case notModified
    /// It is not as the client thought: 412.
    case failed

    /// Looks at the conditions in the order of section 13.2.2. What is no date counts as not there; what is no list of
    /// tags names none.
    /// - Parameters:
    ///   - etag: the tag of what would be sent; nil when it has none.
    ///   - lastModified: seconds since 1970; nil when nobody knows.
    init(_ request: Request, etag: EntityTag?, lastModified: Int?) {
        let fields = request.fields
        let isRead = request.method == .get || request.method == .head
        self = .holds
        if fields.contains("If-Match") {
            guard Precondition.tags(fields, "If-Match", contain: { etag?.isSameBytes(as: $0) == true }) else {
                self = .failed
                return
            }
        } else if let lastModified, let date = Precondition.date(in: fields, "If-Unmodified-Since") {
            guard lastModified <= date else {
                self = .failed
                return
            }
        }
        if fields.contains("If-None-Match") {
            if Precondition.tags(fields, "If-None-Match", contain: { etag?.isSameContent(as: $0) == true }) {
                self = isRead ? .notModified : .failed
            }
        } else if isRead, let lastModified, let date = Precondition.date(in: fields, "If-Modified-Since") {
            if lastModified <= date { self = .notModified }
        }
    }

    /// Whether a Range field may be honoured (section 13.1.5). A date never shows that bytes are the same: a file can
    /// change twice in one second. Who has the tag, and everybody gets one with the date, is to use it.
    static func allowsRange(_ fields: Fields, etag: EntityTag?) -> Bool {
        let values = fields.values(for: "If-Range")
        guard !values.isEmpty else { return true }
        guard case .tags(let tags) = EntityTag.List(values), tags.count == 1 else { return false }
        return etag?.isSameBytes(as: tags[0]) == true
    }

    private static func tags(_ fields: Fields, _ name: String, contain matches: (EntityTag) -> Bool) -> Bool {
        switch EntityTag.List(fields.values(for: name)) {
        case nil: false
        case .any: true
        case .tags(let tags): tags.contains(where: matches)
        }
    }

    /// A date that stands there twice is none.
    private static func date(in fields: Fields, _ name: String) -> Int? {
        guard fields.count(of: name) == 1 else { return nil }
        return fields[name].flatMap { HTTPDate.seconds($0) }
    }
}
