import Compute
import HTTP
import Markup
import ServiceCore

/// What an instance uses: the content of its tab Usage, that content alone for the page's script, and a file.
struct InstanceUsagePages: Sendable {
    private let site: Site
    private let area: Area
    private let fragment: Template<UsageContent>

    private var compute: ComputeService { site.services.compute }

    init(_ site: Site, _ area: Area) throws {
        self.site = site
        self.area = area
        fragment = try site.library.template("project/instances/_usage", for: UsageContent.self)
    }

    /// The charts alone, 304 when nothing was measured since.
    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let instance = try compute.instance(request.id("instance_id", of: "Instance"), as: visitor.context)
        let content = try content(instance, request, visitor)
        return try .html(fragment.render(content, language: visitor.wording.language)).tagged(for: request)
    }

    /// All values of the time asked for.
    func download(_ request: Request, _ visitor: Visitor) throws -> Response {
        let id: ID<Instance> = try request.id("instance_id", of: "Instance")
        let range = StatisticsRange(asked: request.query["range"])
        let statistics = try compute.statistics(of: id, over: range, as: visitor.context)
        var response = Response(
            contentType: "text/csv; charset=utf-8", body: .bytes(Array(StatisticsFile.text(statistics).utf8)))
        // An id has no character that means something here.
        response.fields.set(
            "Content-Disposition", "attachment; filename=\"\(id)-\(range.rawValue).csv\"")
        return response
    }

    func content(_ instance: Instance, _ request: Request, _ visitor: Visitor) throws -> UsageContent {
        let range = StatisticsRange(asked: request.query["range"])
        let statistics = try compute.statistics(of: instance.id, over: range, as: visitor.context)
        let axis = TimeAxis(
            start: statistics.start, length: Int64(statistics.count * statistics.step), range: range,
            wording: visitor.wording)
        let usage = SiteURL.instanceUsage(area, instance.id.text)
        return UsageContent(
            ranges: StatisticsRange.allCases.map {
                TabModel(
                    title: visitor.text($0.title),
                    href: InstanceTab.usage.url(area, instance.id).with("range", $0.rawValue).description,
                    current: $0 == range)
            },
            fragment: usage.with("range", range.rawValue).description,
            file: SiteURL.instanceUsageFile(area, instance.id.text).with("range", range.rawValue).description,
            period: min(statistics.step, 60), offset: axis.offset, isSimulated: compute.isSimulated,
            charts: UsageChart.all(memoryMiB: instance.flavor.memoryMiB).map { $0.model(statistics, axis) })
    }
}

extension SiteURL {
    /// The charts of an instance without the page around them.
    static func instanceUsage(_ area: Area, _ id: String = "{instance_id}") -> SiteURL {
        instance(area, id).below("usage")
    }
    /// The values behind them.
    static func instanceUsageFile(_ area: Area, _ id: String = "{instance_id}") -> SiteURL {
        instanceUsage(area, id).below("csv")
    }
}
