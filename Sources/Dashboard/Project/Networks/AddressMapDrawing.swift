import Markup
import Networking
import ServiceCore

/// How the addresses of a subnet are used, as a strip: pools, what is given out of them, and what lies outside.
struct AddressMapDrawing: TemplateModel {
    let drawing: SafeHTML
    let first: String
    let last: String
    let legend: [LegendItem]

    struct LegendItem: TemplateModel {
        let style: String
        let title: String

        static let shape = Shape<LegendItem>([.text("style", \.style), .text("title", \.title)])
    }

    static let shape = Shape<AddressMapDrawing>([
        .safe("drawing", \.drawing), .text("first", \.first), .text("last", \.last), .list("legend", \.legend),
    ])

    /// Of a drawing 1000 wide: a single address of a large subnet is still seen.
    private static let width = 1000.0
    private static let least = 4.0
    private static let height = "28"

    init(_ map: AddressMap, _ wording: Wording) {
        let base = map.cidr.range.first.bits
        let total = Double(map.cidr.range.count)
        func rect(_ segment: AddressMap.Segment, _ style: String) -> SafeHTML {
            let start = Double(segment.range.first.bits - base) / total * Self.width
            let width = max(Double(segment.range.count) / total * Self.width, style == "pool" ? 0 : Self.least)
            return .element(
                .rect,
                [
                    "class": style, "x": Self.decimal(min(start, Self.width - width)), "y": "0",
                    "width": Self.decimal(width), "height": Self.height,
                ],
                [.element(.title, [.text(Self.title(of: segment, wording))])])
        }
        // Whatever belongs to a pool is laid first, so that single addresses stand on it.
        let ground = map.segments.filter { Self.isInPool($0.use) }.map { rect($0, "pool") }
        let marks = map.segments.compactMap { segment in Self.mark(segment.use).map { rect(segment, $0) } }
        drawing = .element(
            .svg,
            [
                "viewBox": "0 0 1000 28", "preserveAspectRatio": "none", "role": "img",
                "aria-label": wording(Wording.addressMapTitle(map)),
            ], ground + marks)
        first = map.cidr.range.first.description
        last = map.cidr.range.last.description
        legend = Self.legend(map, wording)
    }

    private static func isInPool(_ use: AddressMap.Use) -> Bool {
        switch use {
        case .free, .allocated, .dhcp, .mixed: true
        case .allocatedOutsidePools, .gateway, .reserved, .outsidePools: false
        }
    }

    private static func mark(_ use: AddressMap.Use) -> String? {
        switch use {
        case .allocated: "used"
        case .mixed: "mixed"
        case .dhcp: "dhcp"
        case .gateway: "gateway"
        case .allocatedOutsidePools: "outside"
        case .free, .reserved, .outsidePools: nil
        }
    }

    private static func legend(_ map: AddressMap, _ wording: Wording) -> [LegendItem] {
        var free: UInt128 = 0
        var allocated = 0
        var outside = 0
        var uses: Set<AddressMap.Use> = []
        for segment in map.segments {
            uses.insert(segment.use)
            switch segment.use {
            case .free: free += segment.range.count
            case .mixed:
                free += segment.range.count - min(UInt128(segment.allocated), segment.range.count)
                allocated += segment.allocated
            case .allocated: allocated += segment.allocated
            case .allocatedOutsidePools: outside += segment.allocated
            case .dhcp, .gateway, .reserved, .outsidePools: break
            }
        }
        var legend = [
            LegendItem(style: "pool", title: wording(Message("Free in a pool: {count}", ["count": "\(free)"]))),
            LegendItem(style: "used", title: wording(Message("Allocated: {count}", ["count": String(allocated)]))),
        ]
        if uses.contains(.gateway) { legend.append(LegendItem(style: "gateway", title: wording(Message("Gateway")))) }
        if uses.contains(.dhcp) { legend.append(LegendItem(style: "dhcp", title: wording(Message("DHCP server")))) }
        if outside > 0 {
            let title = Message("Allocated outside the pools: {count}", ["count": String(outside)])
            legend.append(LegendItem(style: "outside", title: wording(title)))
        }
        return legend
    }

    private static func title(of segment: AddressMap.Segment, _ wording: Wording) -> String {
        let range = segment.range
        let place = range.first == range.last ? "\(range.first)" : "\(range.first) – \(range.last)"
        guard let holder = segment.holder else { return place }
        let name = holder.portName.isEmpty ? String(holder.portID.text.prefix(13)) : holder.portName
        return "\(place) · \(name)"
    }

    private static func decimal(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}

extension Wording {
    fileprivate static func addressMapTitle(_ map: AddressMap) -> Message {
        Message("Use of the addresses of {cidr}", ["cidr": map.cidr.description])
    }
}
