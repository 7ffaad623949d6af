import Compute
import Networking
import ServiceCore

/// Makes the studio of one subnet for one visitor.
struct StudioMaker {
    let site: Site
    let area: Area
    let visitor: Visitor

    private var wording: Wording { visitor.wording }

    /// Of a subnet's own page, at whose address other parts of the map are to be had.
    func studio(_ use: AddressUse, at url: SiteURL) -> PoolStudio {
        var studio = drawn(use.map, AddressGrid(use.map, area, .links(url), wording))
        studio.counts = counts(nil, use.tally)
        return studio
    }

    /// Of a form, which the script sends to `fragment`.
    func studio(_ preview: PoolPreview, fragment: SiteURL) -> PoolStudio {
        var studio = PoolStudio()
        if let map = preview.map {
            studio = drawn(map, AddressGrid(map, area, .form, wording))
        } else {
            studio.hint = wording(Message("Enter a network address to see its addresses here."))
        }
        studio.preview = fragment.path
        studio.isNew = preview.before == nil
        guard preview.map != nil else { return studio }
        studio.changes = preview.before.map { $0 != preview.after } ?? false || !preview.gained.isEmpty
        studio.counts = counts(studio.changes ? preview.before : nil, preview.after)
        studio.effects = effects(preview)
        studio.outside = outside(preview)
        studio.outsideTitle = wording(
            Message("Allocated outside the pools: {count}", ["count": String(preview.outside.count)]))
        studio.summary = summary(preview, studio.counts)
        return studio
    }

    private func drawn(_ map: AddressMap, _ grid: AddressGrid) -> PoolStudio {
        var studio = PoolStudio()
        studio.stretch = map.stretch == map.cidr ? "" : map.stretch.description
        studio.title = wording(Message("Use of the addresses of {cidr}", ["cidr": map.stretch.description]))
        studio.trail = grid.trail
        studio.rows = grid.rows
        studio.isExact = map.isExact
        if !map.isExact, let size = map.cells.first?.range.count {
            studio.cellSize = wording(
                Message(
                    "Each cell is {count} addresses; open one to look into it.", ["count": wording.count(size)]))
        }
        studio.legend = grid.legend
        studio.list = grid.list
        return studio
    }

    private func counts(_ before: AddressTally?, _ after: AddressTally) -> [StudioCount] {
        func count(_ label: Message, _ number: (AddressTally) -> UInt128, isBad: Bool = false) -> StudioCount {
            let (old, new) = (before.map(number), number(after))
            var count = StudioCount(label: wording(label), before: old.map(wording.count), after: wording.count(new))
            if let old, old != new {
                count.difference = new > old ? "+" + wording.count(new - old) : "−" + wording.count(old - new)
            }
            count.isBad = isBad && new > 0
            return count
        }
        return [
            count(Message("In allocation pools"), \.pooled), count(Message("Free of these"), \.free),
            count(Message("Allocated of these")) { UInt128($0.allocated) },
            count(Message("Allocated outside the pools"), { UInt128($0.outside) }, isBad: true),
        ]
    }

    private func effects(_ preview: PoolPreview) -> [StudioEffect] {
        func effect(_ style: String, _ title: Message, _ ranges: [AddressRange]) -> StudioEffect? {
            guard !ranges.isEmpty else { return nil }
            let shown = ranges.prefix(8).map(AddressGrid.text).joined(separator: wording(Message(", ")))
            return StudioEffect(
                style: style, title: wording(title), ranges: ranges.count > 8 ? shown + " …" : shown)
        }
        return [
            effect("gained", Message("Given out from now on"), preview.gained),
            effect("lost", Message("No longer given out"), preview.lost),
        ].compactMap { $0 }
    }

    /// Ports and instances by name, as far as there is room.
    private func outside(_ preview: PoolPreview) -> [OutsideAddress] {
        let context = visitor.context
        return preview.outside.entries.map { entry in
            let holder = entry.holder
            let isInstance = holder.deviceOwner.hasPrefix("compute:")
            let instance =
                isInstance ? try? site.services.compute.instance(ID(holder.deviceID), as: context) : nil
            let isNew = preview.lost.contains { $0.contains(entry.address) }
            return OutsideAddress(
                address: entry.address.description, port: AddressGrid.name(of: holder),
                portHref: SiteURL.port(area, holder.portID.text).path,
                device: instance?.name
                    ?? (holder.deviceOwner == DeviceOwner.dhcp ? wording(Message("DHCP server")) : holder.deviceOwner),
                deviceHref: instance.map { SiteURL.instance(area, $0.id.text).path }, isNew: isNew,
                opensBeside: true)
        }
    }

    private func summary(_ preview: PoolPreview, _ counts: [StudioCount]) -> String {
        guard preview.violations.isEmpty else {
            return wording(
                Message(
                    "Saving would be refused. Faults: {count}", ["count": String(preview.violations.count)]))
        }
        return counts.map { count in
            count.before.map { "\(count.label): \($0) → \(count.after)" } ?? "\(count.label): \(count.after)"
        }.joined(separator: wording(Message(", ")))
    }
}

extension Wording {
    /// A number of addresses: of IPv6 there are more than anybody reads.
    func count(_ number: UInt128) -> String {
        let digits = String(number)
        guard digits.utf8.count > 9 else { return Self.grouped(digits) }
        let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        let exponent = String(digits.utf8.count - 1).compactMap(\.wholeNumberValue).map { superscripts[$0] }
        return "\(digits.prefix(1)).\(digits.dropFirst().prefix(1)) × 10\(String(exponent))"
    }

    /// "129,215", in either language.
    private static func grouped(_ digits: String) -> String {
        digits.count <= 4 ? digits : grouped(String(digits.dropLast(3))) + "," + digits.suffix(3)
    }
}
