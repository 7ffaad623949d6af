import Markup

/// One instance as its template sees it: what can be done, and the content of one tab.
struct InstanceDetailContent: TemplateModel {
    let id: String
    let heading: String
    let status: Cell
    let task: Cell
    /// Where forms of actions are sent.
    let action: String
    /// This page, to come back to.
    let here: String
    let firstAction: ActionModel?
    /// The page with all of them.
    let menuHref: String
    let tabs: [TabModel]
    /// Something about this instance its owner should know.
    var note: String?
    /// What the instance waits for its owner to decide.
    var notice: NoticeModel?
    var fault: FaultModel?
    var overview: InstanceOverview?
    var table: TableModel?
    var log: LogModel?
    var definition: DefinitionModel?
    var usage: UsageContent?
    var network: InstanceNetworkModel?
    var console: ConsoleModel?

    static let shape = Shape<InstanceDetailContent>([
        .text("id", \.id), .text("heading", \.heading), .object("status", \.status), .object("task", \.task),
        .text("action", \.action), .text("name", \.heading), .text("here", \.here),
        .optional("firstAction", \.firstAction), .text("menuHref", \.menuHref),
        .list("tabs", \.tabs), .optionalText("note", \.note),
        .optional("notice", \.notice), .optional("fault", \.fault), .optional("overview", \.overview),
        .optional("table", \.table), .optional("log", \.log), .optional("console", \.console),
        .optional("definition", \.definition),
        .optional("usage", \.usage), .optional("network", \.network),
    ])
}

/// A state that is not meant to last, and the ways out of it.
struct NoticeModel: TemplateModel {
    let text: String
    let actions: [ActionModel]

    static let shape = Shape<NoticeModel>([.text("text", \.text), .list("actions", \.actions)])
}

/// What went wrong, in which phase, and what to do about it.
struct FaultModel: TemplateModel {
    let message: String
    let remedy: String?
    let facts: [Cell]

    static let shape = Shape<FaultModel>([
        .text("message", \.message), .optionalText("remedy", \.remedy), .list("facts", \.facts),
    ])
}

struct InstanceOverview: TemplateModel {
    let timeline: TimelineModel
    let sections: [TitledFacts]

    static let shape = Shape<InstanceOverview>([.object("timeline", \.timeline), .list("sections", \.sections)])
}

struct TitledFacts: TemplateModel {
    let title: String
    let facts: [Cell]

    static let shape = Shape<TitledFacts>([.text("title", \.title), .list("facts", \.facts)])
}
