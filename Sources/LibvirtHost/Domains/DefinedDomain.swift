import ComputeHost
import Foundation

/// A domain as it was last defined: its specification, and what was decided about it here.
struct DefinedDomain: Codable, Hashable, Sendable {
    var spec: DomainSpec
    /// The PCI slot of each interface on the emulator's own network, by its port. It stays for as long as the interface
    /// does, so that guests find an interface under the same name again.
    private(set) var slots: [String: Int]

    /// Slots that libvirt leaves alone: it numbers its own devices from 2 upwards.
    private static let slotRange = 16..<32

    init(_ spec: DomainSpec, keepingPlacesOf earlier: DefinedDomain? = nil) {
        self.spec = spec
        slots = [:]
        let ports = spec.interfaces.filter { $0.mode == .user }.map(\.portID)
        for port in ports { slots[port] = earlier?.slots[port] }
        for port in ports where slots[port] == nil {
            slots[port] = Self.slotRange.first { slot in !slots.values.contains(slot) }
        }
    }

    /// The domain with one interface more.
    func adding(_ interface: InterfaceSpec) -> DefinedDomain {
        var spec = spec
        spec.interfaces.append(interface)
        return DefinedDomain(spec, keepingPlacesOf: self)
    }

    /// The domain without the port's interface.
    func removing(portID: String) -> DefinedDomain {
        var spec = spec
        spec.interfaces.removeAll { $0.portID == portID }
        return DefinedDomain(spec, keepingPlacesOf: self)
    }

    /// The last definition, or nil when none is on the disk.
    static func read(_ instanceID: String, _ files: InstanceFiles) -> DefinedDomain? {
        guard let text = FileSystem.readText(files.domainJSON(instanceID)) else { return nil }
        return try? JSONDecoder().decode(DefinedDomain.self, from: Data(text.utf8))
    }

    func write(_ files: InstanceFiles) throws(HostError) {
        try FileSystem.write(try JSONText.encode(self), to: files.domainJSON(spec.instanceID))
    }
}
