import HTTP
import ServiceCore

/// A column: its title and what stands in it for each item.
struct Column<Item>: Sendable {
    /// Names the column in `?…__sort=`.
    let name: String
    let title: Message
    /// Left out where the window is narrow, unless rows are cards.
    var isMinor = false
    var isSortable = true
    /// What the column is sorted by, when that is not what is seen: numbers, addresses, times.
    var order: (@Sendable (Item, Item) -> Bool)?
    let cell: @Sendable (Item) -> Cell
}

/// A field the list can be narrowed by.
struct TableFilter<Item>: Sendable {
    let name: String
    let title: Message
    /// Whether the item fits what was typed (never empty).
    let matches: @Sendable (Item, String) -> Bool

    /// Part of a text, in any case of letters.
    static func contains(
        _ name: String, _ title: Message, _ text: @escaping @Sendable (Item) -> String
    ) -> TableFilter {
        TableFilter(name: name, title: title) { item, typed in
            text(item).lowercased().contains(typed.lowercased())
        }
    }
}

/// Something that can be done to a row.
enum RowAction: Sendable {
    case open(Message, SiteURL, refused: Message? = nil, help: Message? = nil)
    /// One of the table's actions, by name. `refused` says why it is not possible now; `title` is for a place where the
    /// action's own would be too long.
    case perform(String, refused: Message? = nil, title: Message? = nil)

    /// The same under another title.
    func titled(_ title: Message) -> RowAction {
        switch self {
        case .open(_, let url, let refused, let help): .open(title, url, refused: refused, help: help)
        case .perform(let name, let refused, _): .perform(name, refused: refused, title: title)
        }
    }
}

/// Something that can be done to chosen rows: the wire format is Horizon's, `action=<table>__<action>`.
struct TableAction: Sendable {
    let name: String
    /// For one row: "Delete Network".
    let title: Message
    /// Above the table, for several: "Delete Networks". Nil offers it in rows only.
    var batchTitle: Message?
    /// Something is lost by it; shown in red, and confirmed on a page of its own.
    var isDestructive = false
    /// Confirmed too, although nothing is lost: what many people would notice.
    var isDisruptive = false
    /// Above the table it stands in the menu "More Actions".
    var isMinor = false
    /// On the page of confirmation and beside the button: what will happen.
    var help: Message?
    /// "Deleted network: {names}".
    let done: Message
    /// "Unable to delete network: {names}".
    let failed: Message
    /// Does it to the item with this id.
    let run: @Sendable (String) throws -> Void

    var needsConfirmation: Bool { isDestructive || isDisruptive }
}

/// A button above the table.
struct TableLink: Sendable {
    let title: Message
    let url: SiteURL
    var isPrimary = true
    /// Why it cannot be used now, such as a quota.
    var refused: Message?
}

/// A table of one page: what it shows and what can be done. Made for each request, so its closures know the visitor.
struct TableDefinition<Item: Sendable>: Sendable {
    /// Names the table in forms, queries and row ids: "networks".
    let id: String
    /// The page it is on; forms are sent there.
    let url: SiteURL
    let columns: [Column<Item>]
    let objectID: @Sendable (Item) -> String
    let name: @Sendable (Item) -> String
    var isBusy: @Sendable (Item) -> Bool = { _ in false }
    var filters: [TableFilter<Item>] = []
    /// What can be done to a row; nil for a table that is only read.
    var rowActions: (@Sendable (Item) -> [RowAction])?
    /// The page of everything that can be done to a row, when that is more than every row can carry. The row has a link
    /// to it, which opens as a menu where scripts run.
    var rowMenu: (@Sendable (Item) -> SiteURL)?
    var actions: [TableAction] = []
    var links: [TableLink] = []
    var emptyTitle = Message("No items to display.")
    var emptyText = Message("")
    /// The kind of `ResourceEvent` that makes a row fetch itself anew.
    var liveKind = ""
}
