/// Where the services are, for the holder of a token.
public struct Catalog: Sendable {
    /// A service with its endpoints.
    public struct Entry: Sendable {
        /// The service.
        public let service: CatalogService
        /// Its endpoints, their addresses made out.
        public let endpoints: [Endpoint]
    }

    /// By type and name.
    public let entries: [Entry]

    /// The catalogue with what depends on the token put into its addresses; an address that needs a project is left out
    /// when there is none.
    func made(out token: Token) -> Catalog {
        guard entries.contains(where: { $0.endpoints.contains { $0.url.contains("(") } }) else { return self }
        let project = token.project?.id
        let values = [
            "project_id": project, "tenant_id": project, "user_id": token.user.id, "domain_id": token.domain?.id,
        ].compactMapValues { $0 }
        return Catalog(
            entries: entries.map { entry in
                Entry(service: entry.service, endpoints: entry.endpoints.compactMap { $0.made(out: values) })
            })
    }
}

extension Endpoint {
    /// The endpoint with `%(name)s` and `$(name)s` replaced; nil when one has no value.
    fileprivate func made(out values: [String: String]) -> Endpoint? {
        var made = ""
        var rest = url[...]
        while let open = rest.firstIndex(of: "("), open > rest.startIndex,
            let close = rest[open...].firstIndex(of: ")")
        {
            let mark = rest.index(before: open)
            let end = rest.index(after: close)
            guard rest[mark] == "%" || rest[mark] == "$", end < rest.endIndex, rest[end] == "s" else {
                made += rest[..<end]
                rest = rest[end...]
                continue
            }
            guard let value = values[String(rest[rest.index(after: open)..<close])] else { return nil }
            made += rest[..<mark] + value
            rest = rest[rest.index(after: end)...]
        }
        return Endpoint(
            id: id, serviceID: serviceID, regionID: regionID, interface: interface, url: made + rest,
            isEnabled: isEnabled)
    }
}
