import HTTP
import ServiceCore

/// What the address asks of a table: Horizon's filter fields and markers, and a column to sort by.
struct TableQuery: Sendable {
    let filterText: String
    let filterField: String
    let sortName: String?
    let isDescending: Bool
    let marker: String?
    let previousMarker: String?
    /// Parameters of the page itself, such as its tab.
    let kept: [Choice]
    private let table: String

    init(_ request: Request, table: String) {
        let query = request.query
        self.table = table
        filterText = Self.trimmed(query["\(table)__filter__q"] ?? "")
        filterField = query["\(table)__filter__q_field"] ?? ""
        let sort = query["\(table)__sort"]
        isDescending = sort?.hasPrefix("-") == true
        sortName = sort.map { $0.hasPrefix("-") ? String($0.dropFirst()) : $0 }
        marker = query["marker"]
        previousMarker = query["prev_marker"]
        kept = query["tab"].map { [Choice(value: $0, title: "tab")] } ?? []
    }

    /// The page sorted by a column; the other way round when it is sorted by it already.
    func link(_ url: SiteURL, sort name: String) -> String {
        let turned = sortName == name && !isDescending
        return filtered(url).with("\(table)__sort", (turned ? "-" : "") + name).description
    }

    /// The page after or before a row.
    func link(_ url: SiteURL, marker name: String, _ value: String) -> String {
        var url = filtered(url)
        if let sortName { url = url.with("\(table)__sort", (isDescending ? "-" : "") + sortName) }
        return url.with(name, value).description
    }

    /// What to ask of a service that cuts its list into pages: Horizon's `marker` and `prev_marker`.
    func page(size: Int) -> PageRequest {
        marker == nil && previousMarker != nil
            ? PageRequest(marker: previousMarker, limit: size, isBackward: true)
            : PageRequest(marker: marker, limit: size)
    }

    /// The first page of the same list.
    func link(toStartOf url: SiteURL) -> String { filtered(url).description }

    private func filtered(_ url: SiteURL) -> SiteURL {
        guard !filterText.isEmpty else { return url }
        return url.with("\(table)__filter__q_field", filterField).with("\(table)__filter__q", filterText)
    }

    private static func trimmed(_ text: String) -> String {
        let bytes = text.utf8.drop { $0 == 0x20 }
        return String(decoding: bytes.reversed().drop { $0 == 0x20 }.reversed().prefix(255), as: UTF8.self)
    }
}

/// The part of a list that one page shows.
struct TableWindow<Item> {
    let items: [Item]
    let previous: String?
    let next: String?

    /// - Parameter rows: the whole list, each item with its id.
    init(_ rows: [(Item, String)], _ query: TableQuery, size: Int) {
        var start = 0
        if let marker = query.marker, let found = rows.firstIndex(where: { $0.1 == marker }) {
            start = found + 1
        } else if let marker = query.previousMarker, let found = rows.firstIndex(where: { $0.1 == marker }) {
            start = max(0, found - size)
        }
        let end = min(rows.count, start + size)
        items = rows[start..<end].map(\.0)
        previous = start > 0 ? rows[start..<end].first?.1 : nil
        next = end < rows.count ? rows[start..<end].last?.1 : nil
    }
}
