import Compute
import HTTP
import Markup
import ServiceCore

/// The console log on an instance's page: its end, which a script keeps up to date, or the lines with a text in them.
struct LogTab: Sendable {
    let site: Site
    let area: Area

    private var compute: ComputeService { site.services.compute }

    func model(of instance: Instance, _ request: Request, _ visitor: Visitor) -> LogModel {
        let length = request.query["length"].flatMap { try? Self.length($0) } ?? visitor.reader.preferences.logLength
        let query = request.query["q"] ?? ""
        var model = LogModel(
            length: length, query: query, action: SiteURL.instance(area, instance.id.text).path,
            tab: InstanceTab.log.rawValue, whole: SiteURL.instanceConsole(area, instance.id.text).path,
            clear: InstanceTab.log.url(area, instance.id).description)
        do {
            // A search looks through all that there is.
            let tail = query.isEmpty ? length : nil
            let text = ConsoleText.readable(
                try compute.consoleLog(of: instance.id, tail: tail, as: visitor.context))
            if text.isEmpty {
                model.problem = visitor.text(Message("The guest has not written anything yet."))
            } else if query.isEmpty {
                model.text = text
            } else {
                model.search(text, visitor)
            }
        } catch {
            model.problem = visitor.text(ServiceError(wrapping: error).message)
        }
        return model
    }

    /// The console log as plain text: all that the host gives, or the last `?length=` lines; with `?download` as a
    /// file. The Log tab's script asks every two seconds, and mostly nothing was written.
    func text(_ request: Request, _ visitor: Visitor) throws -> Response {
        let id: ID<Instance> = try request.id("instance_id", of: "Instance")
        let length = try request.query["length"].map(Self.length)
        let bytes = try compute.consoleLog(of: id, tail: length, as: visitor.context)
        guard request.query["download"] != nil else {
            return try .text(ConsoleText.readable(bytes)).tagged(for: request)
        }
        let name = try compute.instance(id, as: visitor.context).name
        // As it was written, control characters and all: a file is for tools (RFC 6266, RFC 8187).
        var response = Response(contentType: "text/plain; charset=utf-8", body: .bytes(bytes))
        response.fields.set(
            "Content-Disposition",
            "attachment; filename=\"console-\(id.text).log\"; "
                + "filename*=UTF-8''\(PercentCoding.encode(name))-console.log")
        return response
    }

    private static func length(_ typed: String) throws -> Int {
        guard let length = Int(typed), length >= 0 else {
            let message = Message("The log length is a whole number, 0 or larger.")
            throw ServiceError.invalid([
                Violation(field: "length", code: "not_a_number", message: message, value: typed)
            ])
        }
        return length
    }
}

/// The console log as its template sees it.
struct LogModel: TemplateModel {
    let length: Int
    /// What is looked for; empty when nothing is.
    let query: String
    let action: String
    let tab: String
    /// The whole log as plain text.
    let whole: String
    /// The tab without a search.
    let clear: String
    var text = ""
    /// Why there is nothing to see.
    var problem: String?
    /// What a search found.
    var found: String?
    var lines: [LogSearch.Line] = []

    mutating func search(_ log: String, _ visitor: Visitor) {
        let search = LogSearch(query, in: log)
        lines = search.lines
        let numbers = ["count": String(search.total), "shown": String(search.lines.count)]
        found = visitor.text(
            search.total > search.lines.count
                ? Message("Found in {count} lines; the last {shown} are shown.", numbers)
                : Message("Lines it was found in: {count}", numbers))
    }

    static let shape = Shape<LogModel>([
        .text("text", \.text), .number("length", \.length), .text("query", \.query), .text("action", \.action),
        .text("tab", \.tab), .text("whole", \.whole), .text("clear", \.clear), .optionalText("problem", \.problem),
        .optionalText("found", \.found), .list("lines", \.lines), .flag("isTail") { $0.query.isEmpty },
    ])
}
