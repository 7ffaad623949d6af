import HTTP
import Markup
import ServiceCore

/// What a form of a table asks for: `action=<table>__<action>__<id>` for one row, `action=<table>__<action>` with
/// repeated `object_ids` for several. It is Horizon's wire format.
struct TableSubmission: Sendable {
    let action: String
    let ids: [String]
    let isConfirmed: Bool

    init?(_ form: FormData, table: String) {
        guard let parts = form["action"]?.split(separator: "__", maxSplits: 2).map(String.init), parts.count >= 2,
            parts[0] == table
        else { return nil }
        action = parts[1]
        ids = parts.count == 3 ? [parts[2]] : form.values("object_ids")
        isConfirmed = form["confirmed"] == "yes"
    }
}

extension Request {
    /// Whether a script asks for a part of a page, which shows no messages: one row, or the menu of one.
    var asksForPart: Bool { ["row_update", "row_menu"].contains(query["action"]) }
}

/// The page that asks before something is destroyed.
struct ConfirmContent: TemplateModel {
    let heading: String
    let action: String
    let objectIDs: [String]
    let names: [String]
    let help: String
    let value: String
    let verb: String
    let cancel: String
    /// The page to come back to when it is done; "" for the list.
    let next: String

    static let shape = Shape<ConfirmContent>([
        .text("heading", \.heading), .text("action", \.action), .texts("objectIDs", \.objectIDs),
        .texts("names", \.names), .text("help", \.help), .text("value", \.value), .text("verb", \.verb),
        .text("cancel", \.cancel), .text("next", \.next),
    ])
}

/// Does what tables' forms ask for, and answers requests for one row.
struct TableActions: Sendable {
    private let site: Site
    private let confirmation: View<ConfirmContent>
    private let rowTemplate: Template<RowModel>

    init(_ site: Site) throws {
        self.site = site
        confirmation = try site.view("confirm", of: ConfirmContent.self)
        rowTemplate = try site.library.template("_row", for: RowModel.self)
    }

    /// The answer to a form of the table. Destructive actions are done once they are confirmed. A form may name the page
    /// it stands on as `next`, to come back to; after something destructive that page is no more.
    /// - Parameter item: finds an item by its id, for its name; what it throws is reported for that item alone.
    func perform<Item>(
        _ table: TableDefinition<Item>, _ request: Request, _ visitor: Visitor, item: (String) throws -> Item
    ) throws -> Response {
        guard let submission = TableSubmission(request.form, table: table.id),
            let action = table.actions.first(where: { $0.name == submission.action })
        else { throw ServiceError(.invalid, code: "unknown_action", Message("This action does not exist here.")) }
        guard !submission.ids.isEmpty else {
            let flash = Flash(.warning, visitor.text(Message("Please select a row before taking that action.")))
            return site.seeOther(table.url, flash, secure: request.isSecure)
        }
        guard submission.isConfirmed || !action.needsConfirmation else {
            return try confirm(action, submission, next: request.form["next"], table, visitor, item: item)
        }
        let next = action.isDestructive ? nil : LocalTarget.path(request.form["next"])
        return site.seeOther(
            next ?? table.url.description, run(action, submission.ids, table, visitor, item: item),
            secure: request.isSecure)
    }

    /// The answer to `?action=row_update&table=…&obj_id=…`: one row, 304 when the page has it as it
    /// is, or 404 when it is gone; nil when that is not asked.
    func row<Item>(
        _ table: TableDefinition<Item>, _ request: Request, _ visitor: Visitor, item: (String) throws -> Item
    ) throws -> Response? {
        guard request.query["action"] == "row_update", request.query["table"] == table.id,
            let id = request.query["obj_id"]
        else { return nil }
        do {
            let row = table.row(try item(id), visitor.wording)
            return try .html(rowTemplate.render(row, language: visitor.wording.language)).tagged(for: request)
        } catch {
            guard ServiceError(wrapping: error).kind == .notFound else { throw error }
            return .text("Not found\n", status: .notFound)
        }
    }

    private func confirm<Item>(
        _ action: TableAction, _ submission: TableSubmission, next: String?, _ table: TableDefinition<Item>,
        _ visitor: Visitor, item: (String) throws -> Item
    ) throws -> Response {
        let names = try submission.ids.map { table.name(try item($0)) }
        let verb = visitor.text(names.count > 1 ? action.batchTitle ?? action.title : action.title)
        let heading = visitor.text(Message("Confirm {action}", ["action": verb]))
        let content = ConfirmContent(
            heading: heading, action: table.url.description, objectIDs: submission.ids, names: names,
            help: visitor.text(action.help ?? Message("This action cannot be undone.")),
            value: "\(table.id)__\(action.name)", verb: verb,
            cancel: LocalTarget.path(next) ?? table.url.description, next: LocalTarget.path(next) ?? "")
        return confirmation.page(content, PageHead(table.url, [Crumb(heading)]), visitor)
    }

    /// Horizon's three-way report: done for these, not allowed for those, impossible for the rest and why.
    private func run<Item>(
        _ action: TableAction, _ ids: [String], _ table: TableDefinition<Item>, _ visitor: Visitor,
        item: (String) throws -> Item
    ) -> [Flash] {
        var done: [String] = []
        var forbidden: [String] = []
        var failed: [(name: String, reason: String)] = []
        for id in ids {
            var name = id
            do {
                name = table.name(try item(id))
                try action.run(id)
                done.append(name)
            } catch {
                let error = ServiceError(wrapping: error)
                if error.kind == .forbidden {
                    forbidden.append(name)
                } else {
                    failed.append((name, visitor.text(error.message)))
                }
            }
        }
        var flashes: [Flash] = []
        if !forbidden.isEmpty {
            let text = Message(
                "You are not allowed to do this: {names}", ["names": forbidden.joined(separator: ", ")])
            flashes.append(Flash(.error, visitor.text(text)))
        }
        if !failed.isEmpty {
            let text = Message(action.failed.text, ["names": failed.map(\.name).joined(separator: ", ")])
            flashes.append(Flash(.error, visitor.text(text), details: failed.map { "\($0.name): \($0.reason)" }))
        }
        if !done.isEmpty {
            let text = Message(action.done.text, ["names": done.joined(separator: ", ")])
            flashes.append(Flash(.success, visitor.text(text)))
        }
        return flashes
    }
}
