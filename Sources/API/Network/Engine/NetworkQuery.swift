import HTTP
import Networking

/// A list's query in neutron's words: which attributes are wanted, of which resources, and which stretch of them.
struct NetworkQuery {
    /// The attributes that are wanted; empty for all.
    let fields: [String]
    /// Which resources.
    let listing: Listing
    private let query: QueryReader

    /// - Throws: `APIError` 400 for a limit that is none, and for sort keys without their directions.
    init(_ query: QueryReader) throws {
        self.query = query
        fields = query.texts("fields").filter { !$0.isEmpty }
        let reserved: Set = ["fields", "limit", "marker", "page_reverse", "sort_key", "sort_dir"]
        var filters: [Listing.Filter] = []
        for name in query.names where !reserved.contains(name) && !filters.contains(where: { $0.attribute == name }) {
            filters.append(Listing.Filter(name, query.texts(name)))
        }
        let limit = try query.integer("limit", 0...Int.max) ?? 0
        let isBackward = try query.bool("page_reverse") ?? false
        let marker = query.text("marker").flatMap { $0.isEmpty ? nil : $0 }
        listing = Listing(
            filters, sort: try Self.sort(query),
            stretch: limit == 0 ? nil : Listing.Stretch(limit: limit, marker: marker, isBackward: isBackward))
    }

    private static func sort(_ query: QueryReader) throws -> [Listing.SortKey] {
        let keys = query.texts("sort_key")
        let directions = query.texts("sort_dir")
        guard directions.isEmpty || directions.count == keys.count else {
            throw APIError(.badRequest, "The number of sort_keys and sort_dirs must be same")
        }
        return try keys.enumerated().map { index, key in
            let direction = directions.isEmpty ? "asc" : directions[index]
            guard ["asc", "desc"].contains(direction) else {
                throw APIError(
                    .badRequest, "'\(direction)' is invalid value for sort_dirs, valid value is 'asc' and 'desc'")
            }
            return Listing.SortKey(key, isDescending: direction == "desc")
        }
    }

    /// Where the stretches beside this one are. There may be nothing behind a link: neutron only counts.
    func links(_ ids: [String], to address: String) -> [(rel: String, href: String)] {
        guard let stretch = listing.stretch, let first = ids.first, let last = ids.last else { return [] }
        var links: [(String, String)] = []
        if ids.count >= stretch.limit || stretch.isBackward { links.append(("next", href(address, last, false))) }
        if ids.count >= stretch.limit || !stretch.isBackward {
            links.append(("previous", href(address, first, true)))
        }
        return links
    }

    private func href(_ address: String, _ marker: String, _ isBackward: Bool) -> String {
        let others = query.pairs.filter { $0.name != "marker" && $0.name != "page_reverse" }
        let pairs = others + [("marker", marker)] + (isBackward ? [("page_reverse", "True")] : [])
        return address + "?"
            + pairs.map { "\(PercentCoding.encode($0))=\(PercentCoding.encode($1))" }.joined(separator: "&")
    }
}
