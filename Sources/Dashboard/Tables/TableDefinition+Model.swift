import HTTP
import ServiceCore

extension TableDefinition {
    /// The rows of a list as its page shows them: narrowed, sorted and cut into pages as the query asks.
    func model(_ items: [Item], _ request: Request, _ visitor: Visitor) -> TableModel {
        let query = TableQuery(request, table: id)
        let kept = filtered(items, query)
        let window = TableWindow(
            sorted(kept, query).map { ($0, objectID($0)) }, query, size: visitor.reader.preferences.pageSize)
        return model(
            TablePart(
                items: window.items, countText: Self.countText(window.items.count, of: kept.count, visitor.wording),
                previous: window.previous.map { query.link(url, marker: "prev_marker", $0) },
                next: window.next.map { query.link(url, marker: "marker", $0) }),
            query, visitor)
    }

    /// One page of a list that the service narrowed, sorted and cut: lists that may grow without bound.
    func model(_ page: Page<Item>, _ request: Request, _ visitor: Visitor) -> TableModel {
        let query = TableQuery(request, table: id)
        return model(
            TablePart(
                items: page.items,
                countText: Self.countText(page.items.count, of: page.items.count, visitor.wording),
                previous: page.previous.map { query.link(url, marker: "prev_marker", $0) }
                    ?? (query.marker != nil && page.items.isEmpty ? query.link(toStartOf: url) : nil),
                next: page.next.map { query.link(url, marker: "marker", $0) }),
            query, visitor)
    }

    private func model(_ part: TablePart<Item>, _ query: TableQuery, _ visitor: Visitor) -> TableModel {
        let wording = visitor.wording
        return TableModel(
            id: id, action: url.description, live: liveKind,
            columns: columns.map { column in
                ColumnModel(
                    title: wording(column.title), style: column.isMinor ? "minor" : "",
                    href: column.isSortable ? query.link(url, sort: column.name) : nil,
                    sorted: query.sortName == column.name ? (query.isDescending ? "descending" : "ascending") : nil)
            },
            rows: rows(part.items, wording),
            batchActions: batch(actions.filter { !$0.isDisruptive && !$0.isMinor }, wording),
            batchMenu: batch(actions.filter { $0.isDisruptive || $0.isMinor }, wording),
            links: links.map {
                ActionModel(
                    title: wording($0.title), href: $0.refused == nil ? $0.url.description : nil,
                    primary: $0.isPrimary, reason: $0.refused.map(wording.callAsFunction))
            },
            selectable: actions.contains { $0.batchTitle != nil },
            hasActions: rowActions != nil,
            filterFields: filters.map {
                Choice(value: $0.name, title: wording($0.title), current: $0.name == query.filterField)
            },
            hasFilter: !filters.isEmpty, query: query.filterText, keeps: query.kept, countText: part.countText,
            emptyTitle: wording(emptyTitleFor(query)),
            emptyText: emptyTextFor(query, isMore: part.next != nil).map(wording.callAsFunction) ?? "",
            previous: part.previous, next: part.next)
    }

    /// One row, on its page or for a page that fetches it anew.
    func row(_ item: Item, _ wording: Wording) -> RowModel {
        RowMaker(self, wording).row(item)
    }

    private func rows(_ items: [Item], _ wording: Wording) -> [RowModel] {
        let maker = RowMaker(self, wording)
        return items.map(maker.row)
    }

    private func batch(_ actions: [TableAction], _ wording: Wording) -> [ActionModel] {
        actions.compactMap { action in
            action.batchTitle.map {
                ActionModel(
                    title: wording($0), value: "\(id)__\(action.name)", form: id + "__form",
                    danger: action.isDestructive, confirms: action.needsConfirmation)
            }
        }
    }

    private func emptyTitleFor(_ query: TableQuery) -> Message {
        query.filterText.isEmpty ? emptyTitle : Message("Nothing matches the filter.")
    }

    private func emptyTextFor(_ query: TableQuery, isMore: Bool) -> Message? {
        if query.filterText.isEmpty { return emptyText.text.isEmpty ? nil : emptyText }
        return isMore
            ? Message("The list is long, and only a part of it has been looked through. Go on with the next page.")
            : nil
    }

    private func filtered(_ items: [Item], _ query: TableQuery) -> [Item] {
        guard !query.filterText.isEmpty,
            let filter = filters.first(where: { $0.name == query.filterField }) ?? filters.first
        else { return items }
        return items.filter { filter.matches($0, query.filterText) }
    }

    /// The whole list is sorted before it is cut into pages, so page two follows page one.
    private func sorted(_ items: [Item], _ query: TableQuery) -> [Item] {
        guard let column = columns.first(where: { $0.name == query.sortName && $0.isSortable }) else { return items }
        let ascending: [Item]
        if let order = column.order {
            ascending = items.sorted(by: order)
        } else {
            let keyed = items.map { (column.cell($0).sortText.lowercased(), $0) }
            ascending = keyed.sorted { $0.0 < $1.0 }.map(\.1)
        }
        return query.isDescending ? ascending.reversed() : ascending
    }

    private static func countText(_ shown: Int, of all: Int, _ wording: Wording) -> String {
        if shown == 1 && all == 1 { return wording(Message("Displaying 1 item")) }
        if shown == all { return wording(Message("Displaying {count} items", ["count": String(all)])) }
        return wording(Message("Displaying {shown} of {count} items", ["shown": String(shown), "count": String(all)]))
    }
}

/// The rows one page shows, and where its neighbours are.
private struct TablePart<Item> {
    let items: [Item]
    let countText: String
    let previous: String?
    let next: String?
}
