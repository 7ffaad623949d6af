import Compute
import Markup
import ServiceCore

/// How much of a quota is used, and what a launch would add, or a resize add or free.
struct QuotaBar: TemplateModel {
    let name: String
    let title: String
    let used: Int
    let adds: Int
    /// Negative: no limit.
    let limit: Int
    let text: String
    let drawing: SafeHTML

    static let shape = Shape<QuotaBar>([
        .text("name", \.name), .text("title", \.title), .number("used", \.used), .number("limit", \.limit),
        .text("text", \.text), .safe("drawing", \.drawing), .flag("over", \.isOver),
    ])

    private var isOver: Bool { limit >= 0 && used + adds > limit }

    init(_ name: String, _ title: Message, used: Int, adds: Int, limit: Int, _ wording: Wording) {
        self.name = name
        self.title = wording(title)
        self.used = used
        self.adds = adds
        self.limit = limit
        let numbers = ["used": "\(used)", "adds": "\(abs(adds))", "limit": "\(limit)"]
        text = wording(
            limit < 0
                ? Message("{used} used, no limit", numbers)
                : adds < 0
                    ? Message("{used} − {adds} of {limit}", numbers) : Message("{used} + {adds} of {limit}", numbers))
        drawing = Self.draw(used: used, adds: adds, limit: limit, label: self.title + ": " + text)
    }

    static func launch(_ quota: ComputeQuota, adds: ComputeResources, _ wording: Wording) -> [QuotaBar] {
        let (limits, used) = (quota.limits, quota.used)
        return [
            QuotaBar(
                "instances", Message("Instances"), used: used.instances, adds: adds.instances, limit: limits.instances,
                wording),
            QuotaBar("cores", Message("vCPUs"), used: used.cores, adds: adds.cores, limit: limits.cores, wording),
            QuotaBar(
                "ram", Message("RAM (MB)"), used: used.memoryMiB, adds: adds.memoryMiB, limit: limits.memoryMiB, wording
            ),
        ]
    }

    /// A strip 1000 wide: what is used, then what is added (red where it passes the end) or what becomes free.
    private static func draw(used: Int, adds: Int, limit: Int, label: String) -> SafeHTML {
        let whole = max(limit, 1)
        func share(_ amount: Int) -> Int { limit < 0 ? 0 : min(1000, amount * 1000 / whole) }
        let (start, end) = (share(min(used, used + adds)), share(max(used, used + adds)))
        let isOver = limit >= 0 && used + adds > limit
        return .element(
            .svg,
            [
                "class": "quota-strip", "viewBox": "0 0 1000 8", "preserveAspectRatio": "none", "role": "img",
                "aria-label": label,
            ],
            [
                .element(.rect, ["class": "used", "width": "\(start)", "height": "8"]),
                .element(
                    .rect,
                    [
                        "class": isOver ? "adds over" : adds < 0 ? "adds frees" : "adds",
                        "x": "\(isOver ? 0 : start)", "width": "\(isOver ? 1000 : end - start)", "height": "8",
                    ]),
            ])
    }
}
