import Markup

/// A table as the partial `_table` shows it.
struct TableModel: TemplateModel {
    let id: String
    let action: String
    let live: String
    let columns: [ColumnModel]
    let rows: [RowModel]
    let batchActions: [ActionModel]
    /// Those less often wanted, behind "More Actions".
    let batchMenu: [ActionModel]
    let links: [ActionModel]
    let selectable: Bool
    let hasActions: Bool
    let filterFields: [Choice]
    let hasFilter: Bool
    let query: String
    /// Query parameters of the page a filter must not lose.
    let keeps: [Choice]
    let countText: String
    let emptyTitle: String
    let emptyText: String
    let previous: String?
    let next: String?

    static let shape = Shape<TableModel>([
        .text("id", \.id), .text("action", \.action), .text("live", \.live), .list("columns", \.columns),
        .list("rows", \.rows), .flag("hasRows") { !$0.rows.isEmpty }, .list("batchActions", \.batchActions),
        .list("batchMenu", \.batchMenu), .flag("hasBatchMenu") { !$0.batchMenu.isEmpty },
        .list("links", \.links), .flag("selectable", \.selectable), .flag("hasActions", \.hasActions),
        .list("filterFields", \.filterFields), .flag("hasFilterFields") { $0.filterFields.count > 1 },
        .flag("hasFilter", \.hasFilter), .text("query", \.query), .list("keeps", \.keeps),
        .text("countText", \.countText), .text("emptyTitle", \.emptyTitle), .text("emptyText", \.emptyText),
        .optionalText("previous", \.previous), .optionalText("next", \.next),
        .flag("hasPages") { $0.previous != nil || $0.next != nil },
        .flag("hasFoot") { !$0.rows.isEmpty || $0.previous != nil || $0.next != nil },
    ])
}

struct ColumnModel: TemplateModel {
    let title: String
    let style: String
    let href: String?
    /// `ascending` or `descending`, for `aria-sort`.
    let sorted: String?

    static let shape = Shape<ColumnModel>([
        .text("title", \.title), .text("style", \.style), .optionalText("href", \.href),
        .optionalText("sorted", \.sorted),
    ])
}

/// One row as the partial `_row` shows it, on its page or alone.
struct RowModel: TemplateModel {
    /// The table's id, with which the row's begins.
    let tableID: String
    let objectID: String
    let name: String
    let busy: Bool
    let selectable: Bool
    let hasActions: Bool
    let cells: [Cell]
    /// The one with a button of its own.
    let firstAction: ActionModel?
    /// The others, in the menu beside it.
    let menuActions: [ActionModel]
    /// The page they are on, when the row does not carry them itself.
    let menuHref: String?
    var actions: [ActionModel] { (firstAction.map { [$0] } ?? []) + menuActions }

    static let shape = Shape<RowModel>([
        .text("tableID", \.tableID), .text("objectID", \.objectID), .text("name", \.name), .flag("busy", \.busy),
        .flag("selectable", \.selectable), .flag("hasActions", \.hasActions), .list("cells", \.cells),
        .optional("firstAction", \.firstAction), .list("menuActions", \.menuActions),
        .flag("hasMenu") { !$0.menuActions.isEmpty }, .optionalText("menuHref", \.menuHref),
    ])
}

/// A link or a button of a table.
struct ActionModel: TemplateModel {
    var title: String
    var href: String?
    /// What the button sends as `action`: the action's name, and after it the row's id.
    var value = ""
    var object = ""
    var form = ""
    var danger = false
    /// Asked about before it is done.
    var confirms = false
    var primary = false
    /// Why it cannot be used now.
    var reason: String?
    /// What it does, where there is room to say it.
    var help: String?

    static let shape = Shape<ActionModel>([
        .text("title", \.title), .optionalText("href", \.href), .text("value", \.value), .text("object", \.object),
        .text("form", \.form),
        .flag("danger", \.danger), .flag("confirms", \.confirms), .flag("primary", \.primary),
        .optionalText("reason", \.reason), .optionalText("help", \.help),
        .flag("disabled") { $0.reason != nil },
    ])
}
