import ServiceCore

/// Makes the rows of one table for one reader. What is the same in all of them is said once.
struct RowMaker<Item: Sendable> {
    private let table: TableDefinition<Item>
    private let wording: KnownWords
    private let titles: [String]
    private let isSelectable: Bool
    private let actions: [ActionModel]

    init(_ table: TableDefinition<Item>, _ wording: Wording) {
        self.table = table
        self.wording = KnownWords(wording)
        titles = table.columns.map { wording($0.title) }
        isSelectable = table.actions.contains { $0.batchTitle != nil }
        actions = table.actions.map { action in
            ActionModel(
                title: wording(action.title), value: "\(table.id)__\(action.name)__", danger: action.isDestructive,
                confirms: action.needsConfirmation, help: action.help.map(wording.callAsFunction))
        }
    }

    /// The message in the reader's language.
    func says(_ message: Message) -> String { wording(message) }

    func row(_ item: Item) -> RowModel {
        let id = table.objectID(item)
        var first: ActionModel?
        var menu: [ActionModel] = []
        if let possible = table.rowActions?(item) {
            menu.reserveCapacity(possible.count)
            for action in possible {
                guard let action = self.action(action, id) else { continue }
                if first == nil { first = action } else { menu.append(action) }
            }
        }
        return RowModel(
            tableID: table.id, objectID: id, name: table.name(item), busy: table.isBusy(item),
            selectable: isSelectable, hasActions: table.rowActions != nil, cells: cells(item), firstAction: first,
            menuActions: menu, menuHref: table.rowMenu?(item).description)
    }

    private func cells(_ item: Item) -> [Cell] {
        var cells: [Cell] = []
        cells.reserveCapacity(table.columns.count)
        for (index, column) in table.columns.enumerated() {
            var cell = column.cell(item)
            cell.label = titles[index]
            if column.isMinor { cell.style += " minor" }
            cells.append(cell)
        }
        return cells
    }

    /// The link or button for an action on one row; nil when the table has no such action.
    func action(_ action: RowAction, _ id: String) -> ActionModel? {
        switch action {
        case .open(let title, let url, let refused, let help):
            return ActionModel(
                title: wording(title), href: refused == nil ? url.description : nil, reason: refused.map(says),
                help: help.map(says))
        case .perform(let name, let refused, let title):
            guard let index = table.actions.firstIndex(where: { $0.name == name }) else { return nil }
            var action = actions[index]
            action.object = id
            action.reason = refused.map(says)
            if let title { action.title = says(title) }
            return action
        }
    }
}

/// Remembers the few messages that every row says again.
final class KnownWords {
    private let wording: Wording
    private var known: [(text: String, said: String)] = []

    init(_ wording: Wording) { self.wording = wording }

    func callAsFunction(_ message: Message) -> String {
        guard message.arguments.isEmpty else { return wording(message) }
        for (text, said) in known where text == message.text { return said }
        let said = wording(message)
        if known.count < 32 { known.append((message.text, said)) }
        return said
    }
}
