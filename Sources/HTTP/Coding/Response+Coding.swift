extension Response {
    /// Shorter contents fit into the packet they travel in anyway.
    private static let worthCoding = 1024

    /// The response in the content coding its client prefers (RFC 9110 sections 8.4 and 12.5.3).
    ///
    /// For the worker thread that made it: compressing a long page takes half a millisecond, which a loop does not
    /// have. Only whole texts in memory are compressed; streams must reach their reader at once, and a file goes from
    /// disk to socket without passing through here. What could have been compressed says that it varies, whether it was
    /// or not, or a cache would give it to the wrong client.
    ///
    /// A compressed page tells its length, and with it how much of it repeats: where a secret stands beside text that
    /// somebody else chose, the secret can be guessed letter by letter (BREACH, 2013). Pages must mask what is secret
    /// anew for each response; the dashboard does so with the token of its forms.
    func coded(for request: Request) -> Response {
        guard isWorthCoding, case .bytes(let bytes) = body else { return self }
        var response = self
        response.addVary()
        guard AcceptEncoding(request.fields).prefersGzip, let coded = Gzip.compressPage(bytes) else { return response }
        response.body = .bytes(coded)
        response.fields.add("Content-Encoding", "gzip")
        // The same content in other bytes: a strong tag would have to be another one (section 8.8.3.3), a weak one holds.
        if let tag = fields["ETag"], !tag.hasPrefix("W/") { response.fields.set("ETag", "W/" + tag) }
        return response
    }

    /// Whether the content is a long text, whole and not coded yet.
    var isWorthCoding: Bool {
        guard case .bytes(let bytes) = body, bytes.count > Response.worthCoding, status != .partialContent,
            !status.forbidsContent, !fields.contains("Content-Encoding"), let type = fields["Content-Type"]
        else { return false }
        return ContentTypes.isText(type)
    }

    /// Says that other clients may get the same content in another coding.
    mutating func addVary() {
        guard !fields.hasToken("*", in: "Vary"), !fields.hasToken("Accept-Encoding", in: "Vary") else { return }
        fields.add("Vary", "Accept-Encoding")
    }
}

extension ContentTypes {
    /// Whether contents of a media type are text, which shrinks, rather than something compressed by its own format.
    static func isText(_ type: String) -> Bool {
        let name = type.prefix { $0 != ";" }.trimmingBlanks().lowercased()
        return name.hasPrefix("text/") || name.hasSuffix("+json") || name.hasSuffix("+xml") || texts.contains(name)
    }

    private static let texts: Set<String> = [
        "application/json", "application/xml", "application/javascript", "application/openmetrics-text",
    ]
}
