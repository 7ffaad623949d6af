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
    case open(Message, SiteURL)
    /// One of the table's actions, by name. `refused` says why it is not possible now.
    case perform(String, refused: Message? = nil)
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
    /// On the page of confirmation: what will happen.
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
    var actions: [TableAction] = []
    var links: [TableLink] = []
    var emptyTitle = Message("No items to display.")
    var emptyText = Message("")
    /// The kind of `ResourceEvent` that makes a row fetch itself anew.
    var liveKind = ""
}
