extension Response {
    /// The response with a tag of its content, or 304 without content when the client says that it has this one already
    /// (RFC 9110 sections 8.8.3 and 13.1.2).
    ///
    /// For what is asked for again and again and has mostly not changed. It saves the way to the client, not the work of
    /// making the content. What differs each time, such as a page with a masked token, gains nothing.
    ///
    /// The tag is a hash under a key of this run of the program: nobody can make a content that has the tag of another,
    /// and after a restart everything is sent once more. It is weak, since the content may travel compressed.
    /// - Throws: nothing for content in memory; other content is returned as it is.
    public func tagged(for request: Request) throws -> Response {
        guard status == .ok, case .bytes(let bytes) = body, let contentType = fields["Content-Type"] else {
            return self
        }
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        let hash = String(UInt(bitPattern: hasher.finalize()), radix: 16)
        var rest = self
        // A 304 must say what a 200 would have said of how it varies (section 15.4.5).
        if isWorthCoding { rest.addVary() }
        rest.fields.remove("Content-Type")
        return try Representation(bytes, contentType: contentType, etag: EntityTag(hash, isWeak: true))
            .response(to: request, fields: rest.fields)
    }
}
