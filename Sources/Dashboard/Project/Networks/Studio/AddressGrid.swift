import Networking
import ServiceCore

/// An address map as rows of sixteen cells, the ways to its parts, what its colours mean, and the same in words.
struct AddressGrid {
    /// How one gets to another part of the map.
    enum Ways {
        case links(SiteURL)
        /// Buttons of the form around it.
        case form
    }

    private let map: AddressMap
    private let area: Area
    private let ways: Ways
    private let words: KnownWords
    private let wording: Wording

    init(_ map: AddressMap, _ area: Area, _ ways: Ways, _ wording: Wording) {
        self.map = map
        self.area = area
        self.ways = ways
        self.wording = wording
        words = KnownWords(wording)
    }

    private static let width = 16

    var rows: [AddressGridRow] {
        stride(from: 0, to: map.cells.count, by: Self.width).map { start in
            let cells = map.cells[start..<min(start + Self.width, map.cells.count)]
            return AddressGridRow(label: label(cells[start].range.first), cells: cells.map(cell))
        }
    }

    var trail: [StudioLink] {
        map.trail.map { part in
            let title = part.description
            guard part != map.stretch else { return StudioLink(title: title) }
            switch ways {
            case .links(let url): return StudioLink(title: title, href: url.with("stretch", title).description)
            case .form: return StudioLink(title: title, zoom: title)
            }
        }
    }

    /// Only of what there is to be seen.
    var legend: [LegendItem] {
        let uses = Set(map.cells.map(\.use))
        var legend = AddressMap.Use.allCases.filter(uses.contains).map {
            LegendItem(style: $0.style, title: words(isExact: map.isExact, $0))
        }
        if !map.isExact, map.gateway.map(map.stretch.contains) == true {
            legend.append(LegendItem(style: "gateway", title: words(AddressMap.Use.gateway.message)))
        }
        if map.cells.contains(where: \.isGained) {
            legend.append(LegendItem(style: "free gained", title: words(Self.gained)))
        }
        if map.cells.contains(where: \.isLost) {
            legend.append(LegendItem(style: "lost", title: words(Self.lost)))
        }
        if map.cells.contains(where: { $0.fault != nil }) {
            legend.append(LegendItem(style: "wrong", title: words(Message("At fault"))))
        }
        return legend
    }

    var list: [AddressListRow] {
        map.joined.map { AddressListRow(range: Self.text($0.range), use: meaning(of: $0)) }
    }

    private func cell(_ cell: AddressMap.Cell) -> AddressGridCell {
        var result = AddressGridCell(
            style: style(of: cell), title: "\(Self.text(cell.range)) · \(meaning(of: cell))",
            text: number(cell.range.first))
        if let block = cell.block {
            switch ways {
            case .links(let url): result.href = url.with("stretch", block.description).description
            case .form: result.zoom = block.description
            }
        } else if let holder = cell.holder, !holder.portID.text.isEmpty {
            result.href = SiteURL.port(area, holder.portID.text).path
            if case .form = ways { result.opensBeside = true }
        }
        return result
    }

    private func style(of cell: AddressMap.Cell) -> String {
        var styles = [cell.use.style]
        if cell.pooled > 0, cell.pooled < cell.range.count { styles.append("part") }
        if !map.isExact, let gateway = map.gateway, cell.range.contains(gateway) { styles.append("gateway") }
        if cell.isGained { styles.append("gained") }
        if cell.isLost { styles.append("lost") }
        if cell.fault != nil { styles.append("wrong") }
        return styles.joined(separator: " ")
    }

    private func meaning(of cell: AddressMap.Cell) -> String {
        var parts = [words(isExact: cell.range.count == 1, cell.use)]
        if cell.range.count > 1, cell.allocated > 0 {
            parts.append(wording(Message("Allocated: {count}", ["count": String(cell.allocated)])))
        }
        if cell.pooled > 0, cell.pooled < cell.range.count {
            parts.append(wording(Message("In allocation pools: {count}", ["count": wording.count(cell.pooled)])))
        }
        if let holder = cell.holder, !holder.portID.text.isEmpty { parts.append(Self.name(of: holder)) }
        if cell.isGained { parts.append(words(Self.gained)) }
        if cell.isLost { parts.append(words(Self.lost)) }
        if let fault = cell.fault.flatMap(Self.fault) { parts.append(words(fault)) }
        return parts.joined(separator: " · ")
    }

    /// "107": the byte that counts the cells of the map, when one does.
    private func number(_ first: IPAddress) -> String {
        let bits = map.cells.first.map { $0.range.count.trailingZeroBitCount } ?? 0
        guard bits % 8 == 0 else { return "" }
        let byte = UInt8(truncatingIfNeeded: first.bits >> UInt128(bits))
        return first.version == .v4 ? String(byte) : String(byte, radix: 16)
    }

    /// The beginning of a row, as short as it is clear below the heading.
    private func label(_ first: IPAddress) -> String {
        guard map.isExact, first.version == .v4 else { return first.description }
        return "." + String(UInt8(truncatingIfNeeded: first.bits))
    }

    private func words(isExact: Bool, _ use: AddressMap.Use) -> String {
        words(use == .free && !isExact ? Message("In allocation pools") : use.message)
    }

    private static let gained = Message("Given out from now on")
    private static let lost = Message("No longer given out")

    private static func fault(_ code: String) -> Message? {
        switch code {
        case "overlapping_pools": Message("In more than one pool")
        case "gateway_in_pool": Message("The gateway is inside a pool")
        case "pool_out_of_range": Message("Not an address for a pool")
        default: nil
        }
    }

    static func text(_ range: AddressRange) -> String {
        range.first == range.last ? "\(range.first)" : "\(range.first) – \(range.last)"
    }

    static func name(of holder: AddressMap.Holder) -> String {
        holder.portName.isEmpty ? "(\(holder.portID.text.prefix(13)))" : holder.portName
    }
}

extension AddressMap.Use {
    /// Its class in the style sheet.
    fileprivate var style: String {
        switch self {
        case .free: "free"
        case .allocated: "used"
        case .allocatedOutsidePools: "outside"
        case .dhcp: "dhcp"
        case .gateway: "gateway"
        case .reserved: "reserved"
        case .outsidePools: "rest"
        case .mixed: "mixed"
        }
    }

    fileprivate var message: Message {
        switch self {
        case .free: Message("Free in a pool")
        case .allocated: Message("Allocated")
        case .allocatedOutsidePools: Message("Allocated outside the pools")
        case .dhcp: Message("DHCP server")
        case .gateway: Message("Gateway")
        case .reserved: Message("Network or broadcast address")
        case .outsidePools: Message("Outside every pool")
        case .mixed: Message("Partly allocated")
        }
    }
}
