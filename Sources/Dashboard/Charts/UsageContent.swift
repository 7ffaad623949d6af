import Compute
import Markup
import ServiceCore

/// The tab Usage: the choice of a time, the charts, and where their numbers are to be had as a file.
struct UsageContent: TemplateModel {
    let ranges: [TabModel]
    /// The same part of the page alone, for the script.
    let fragment: String
    /// The values as a file.
    let file: String
    /// Seconds after which there are new values.
    let period: Int
    /// Seconds of the reader's clock before UTC's, for the script.
    let offset: Int
    let isSimulated: Bool
    let charts: [ChartModel]

    static let shape = Shape<UsageContent>([
        .list("ranges", \.ranges), .text("fragment", \.fragment), .text("file", \.file), .number("period", \.period),
        .number("offset", \.offset), .flag("simulated", \.isSimulated), .list("charts", \.charts),
    ])
}

extension StatisticsRange {
    var title: Message {
        switch self {
        case .hour: Message("1 hour")
        case .day: Message("24 hours")
        case .week: Message("7 days")
        case .month: Message("30 days")
        }
    }

    /// What the address asks for, otherwise the hour.
    init(asked text: String?) { self = text.flatMap(Self.init) ?? .hour }
}
