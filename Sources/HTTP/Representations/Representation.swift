/// A resource as it is at this moment: its content, and what names and dates it. Answers GET and HEAD with their
/// conditions and ranges (RFC 9110 sections 13 and 14), for whatever bytes a handler has at hand.
///
/// Worth keeping as long as the content stays the same: its fields are written once.
public final class Representation: Sendable {
    private let size: Int64
    private let contentType: String
    private let isCoded: Bool
    private let etag: EntityTag?
    private let lastModified: Int?
    /// What goes with each answer, what with each that has content, and what with all of the content.
    private let tagField: Fields
    private let partFields: Fields
    private let wholeFields: Fields
    /// Called once for a response, and only when some of the content is sent.
    private let content: @Sendable () throws -> Response.Piece

    /// Bytes in memory.
    /// - Parameters:
    ///   - contentEncoding: the coding the bytes are in (section 8.4), for example "gzip"; nil for none.
    ///   - etag: names the content. Without a strong one no client can continue a download that broke off.
    ///   - lastModified: when the content was last changed, in seconds since 1970.
    public convenience init(
        _ bytes: [UInt8], contentType: String, contentEncoding: String? = nil, etag: EntityTag? = nil,
        lastModified: Int? = nil
    ) {
        self.init(
            size: Int64(bytes.count), contentType: contentType, contentEncoding: contentEncoding, etag: etag,
            lastModified: lastModified
        ) { .bytes(bytes) }
    }

    /// A file, or a part of one.
    public convenience init(_ file: FileRegion, contentType: String, etag: EntityTag? = nil, lastModified: Int? = nil) {
        self.init(size: file.length, contentType: contentType, etag: etag, lastModified: lastModified) { .file(file) }
    }

    /// - Parameter fields: sent with every answer.
    init(
        size: Int64, contentType: String, contentEncoding: String? = nil, etag: EntityTag?, lastModified: Int?,
        fields always: Fields = Fields(), content: @escaping @Sendable () throws -> Response.Piece
    ) {
        self.size = size
        self.contentType = contentType
        isCoded = contentEncoding != nil
        self.etag = etag
        // Last-Modified is never later than Date (section 8.8.2.1), whatever the file system says.
        self.lastModified = lastModified.map { min($0, Clock.wallSeconds()) }
        self.content = content
        var fields = always
        if let etag { fields.add("ETag", etag.description) }
        tagField = fields
        if let lastModified = self.lastModified { fields.add("Last-Modified", HTTPDate.text(seconds: lastModified)) }
        fields.add("Accept-Ranges", "bytes")
        partFields = fields
        fields.add("Content-Type", contentType)
        if let contentEncoding { fields.add("Content-Encoding", contentEncoding) }
        wholeFields = fields
    }

    /// All of it (200), the parts that were asked for (206), or why there is nothing of it: the client has it already
    /// (304), it is not what the client thinks it is (412), or the parts do not exist (416).
    /// - Parameter fields: sent with all of those: Cache-Control, Vary.
    /// - Throws: what opening the content throws.
    public func response(to request: Request, fields: Fields = Fields()) throws -> Response {
        guard request.head.isConditional else {
            let all = fields.count == 0 ? wholeFields : wholeFields.adding(fields)
            return Response(fields: all, body: try content().body)
        }
        switch Precondition(request, etag: etag, lastModified: lastModified) {
        case .holds: break
        case .notModified: return Response(status: .notModified, fields: tagField.adding(fields))
        case .failed: return refusal(.preconditionFailed, "It has changed\n", tagField.adding(fields))
        }
        switch ranges(request) {
        case .whole: return Response(fields: wholeFields.adding(fields), body: try content().body)
        case .parts(let parts):
            var response = Response(status: .partialContent, fields: partFields.adding(fields))
            if parts.count == 1 {
                response.fields.add("Content-Type", contentType)
                response.fields.add("Content-Range", contentRange(parts[0]))
                response.body = try content().slice(parts[0]).body
            } else {
                let boundary = String(describing: request.id)
                response.fields.add("Content-Type", "multipart/byteranges; boundary=\(boundary)")
                response.body = .pieces(try pieces(parts, boundary))
            }
            return response
        case .refused:
            var refused = partFields.adding(fields)
            refused.add("Content-Range", "bytes */\(size)")
            return refusal(.rangeNotSatisfiable, "There are no such bytes\n", refused)
        }
    }

    /// Coded content has no parts that anybody could use by themselves.
    private func ranges(_ request: Request) -> ByteRanges {
        guard !isCoded, request.method == .get, request.fields.count(of: "Range") == 1,
            let text = request.fields["Range"],
            Precondition.allowsRange(request.fields, etag: etag)
        else { return .whole }
        return ByteRanges(text, size: size)
    }

    /// `multipart/byteranges` (section 14.6). The boundary is the request's id: 122 random bits that no content made
    /// before the request can hold.
    private func pieces(_ parts: [Range<Int64>], _ boundary: String) throws -> [Response.Piece] {
        let content = try content()
        var pieces: [Response.Piece] = []
        for part in parts {
            let head =
                "\(pieces.isEmpty ? "" : "\r\n")--\(boundary)\r\nContent-Type: \(contentType)\r\n"
                + "Content-Range: \(contentRange(part))\r\n\r\n"
            pieces += [.bytes(Array(head.utf8)), content.slice(part)]
        }
        return pieces + [.bytes(Array("\r\n--\(boundary)--\r\n".utf8))]
    }

    private func contentRange(_ range: Range<Int64>) -> String {
        "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
    }

    private func refusal(_ status: Status, _ text: String, _ fields: Fields) -> Response {
        var refusal = Response.text(text, status: status)
        refusal.fields.add(fields)
        return refusal
    }
}

extension Response.Piece {
    fileprivate var body: Response.Body {
        switch self {
        case .bytes(let bytes): .bytes(bytes)
        case .file(let region): .file(region)
        }
    }

    /// A part of it; the range must lie inside.
    fileprivate func slice(_ range: Range<Int64>) -> Response.Piece {
        switch self {
        case .bytes(let bytes): .bytes(Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
        case .file(let region):
            .file(
                FileRegion(
                    file: region.file, offset: region.offset + range.lowerBound, length: Int64(range.count)))
        }
    }
}
