import ServiceCore

/// The rules of networks, said once for creating and editing.
struct NetworkRules {
    let configuration: NetworkingConfiguration

    /// Bytes of an MTU as typed; the configured default when there is none.
    func mtu(_ text: String?, _ faults: inout Faults) -> Int {
        guard let text, !text.isEmpty else { return configuration.defaultMTU }
        guard let mtu = Self.number(text), (68...65_535).contains(mtu) else {
            faults.add(
                Place("mtu"), "mtu_out_of_range", "'{value}' is not a number of bytes from 68 to 65535.", value: text)
            return configuration.defaultMTU
        }
        return mtu
    }

    /// What carries a new network; when nobody says, a bridge of its own on each host. Nil when a fault was added.
    func segment(_ input: ProviderInput?, _ faults: inout Faults) -> ProviderSegment? {
        guard let input else { return .local }
        guard let type = ProviderType(rawValue: input.type) else {
            faults.add(
                Place("provider:network_type"), "unknown_network_type",
                "'{value}' is not a network type; there are {types}.", value: input.type,
                ["types": ProviderType.allCases.map(\.rawValue).joined(separator: ", ")])
            return nil
        }
        let before = faults.violations.count
        let physicalNetwork = physicalNetwork(input.physicalNetwork ?? "", type, &faults)
        let segmentationID = segmentationID(input.segmentationID ?? "", type, &faults)
        guard faults.violations.count == before else { return nil }
        return ProviderSegment(type: type, physicalNetwork: physicalNetwork, segmentationID: segmentationID)
    }

    /// Zone hints are kept one a line.
    func availabilityZoneHints(_ hints: [String], _ faults: inout Faults) {
        for (index, hint) in hints.enumerated() where hint != "nova" {
            faults.add(
                Place("availability_zone_hints[\(index)]"), "unknown_availability_zone",
                "There is no availability zone '{value}'.", value: hint)
        }
    }

    private func physicalNetwork(_ text: String, _ type: ProviderType, _ faults: inout Faults) -> String? {
        let place = Place("provider:physical_network")
        let arguments = ["type": type.rawValue]
        switch (type.needsPhysicalNetwork, text.isEmpty) {
        case (true, true):
            faults.add(
                place, "physical_network_missing", "A {type} network needs a physical network.", value: text, arguments)
        case (false, false):
            faults.add(
                place, "physical_network_not_allowed", "A {type} network has no physical network.", value: text,
                arguments)
        default:
            faults.checkLength(text, place.field)
        }
        return text.isEmpty ? nil : text
    }

    private func segmentationID(_ text: String, _ type: ProviderType, _ faults: inout Faults) -> Int? {
        let place = Place("provider:segmentation_id")
        guard let range = type.segmentationRange else {
            if !text.isEmpty {
                faults.add(
                    place, "segmentation_id_not_allowed", "A {type} network has no segmentation ID.", value: text,
                    ["type": type.rawValue])
            }
            return nil
        }
        guard let number = Self.number(text), range.contains(number) else {
            faults.add(
                place, "segmentation_id_out_of_range",
                "'{value}' is not a segmentation ID of a {type} network, {lowest} to {highest}.", value: text,
                [
                    "type": type.rawValue, "lowest": String(range.lowerBound), "highest": String(range.upperBound),
                ])
            return nil
        }
        return number
    }

    private static func number(_ text: String) -> Int? {
        let digits = text.utf8
        guard (1...10).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
