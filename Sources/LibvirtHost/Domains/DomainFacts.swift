import ComputeHost
import Markup

/// What of a domain's definition decides what the guest is, in words that can be compared: libvirt writes the same
/// definition with defaults, addresses and aliases of its own.
struct DomainFacts: Hashable, Sendable {
    typealias Kind = DomainDifference.Kind

    /// What is told apart by: what kind of thing, and which of several.
    struct Key: Hashable, Sendable {
        var kind: Kind
        var name = ""
    }

    private(set) var values: [Key: String] = [:]
    /// The keys as they come in the definition.
    private(set) var order: [Key] = []

    /// Elements below `<devices>` that are looked at more closely, or that libvirt adds to every domain.
    private static let ordinary: Set<String> = [
        "disk", "interface", "serial", "graphics", "emulator", "controller", "input", "console", "audio", "video",
        "memballoon", "rng",
    ]

    /// - Throws: `.failed` when the text is not a domain's definition.
    init(parsing text: String) throws(HostError) {
        guard let document = try? XMLDocument(parsing: text), document.root.name == "domain" else {
            throw .failed("the domain's definition cannot be read", remedy: nil)
        }
        set(.domainType, document.root.attribute("type") ?? "")
        for node in document.xpath("/domain/vcpu") {
            let online = node.attribute("current").map { "\($0) of " } ?? ""
            set(.vcpus, online + node.visibleText)
        }
        for node in document.xpath("/domain/memory") { set(.memory, Self.mebibytes(node)) }
        for node in document.xpath("/domain/devices/*") { take(device: node) }
        let arguments = document.xpath(
            "/domain/q:commandline/q:arg", namespaces: ["q": DomainXML.qemuNamespace])
        for argument in arguments { take(argument: argument.attribute("value") ?? "") }
    }

    /// An interface on the emulator's own network that was plugged in while the guest ran: libvirt does not know it.
    mutating func add(userInterface mac: String) { set(.interface, named: mac, Self.userNetwork) }

    /// One that was unplugged.
    mutating func remove(userInterface mac: String) {
        let key = Key(kind: .interface, name: mac)
        if values[key] == Self.userNetwork { values[key] = nil }
    }

    private static let userNetwork = "user"

    private mutating func take(device: XMLNode) {
        switch device.name {
        case "disk":
            let source = device.xpath("./source").first
            let parts = [
                source?.attribute("file") ?? source?.attribute("dev") ?? source?.attribute("name") ?? "empty",
                device.xpath("./driver").first?.attribute("type"),
                device.xpath("./target").first?.attribute("bus"),
                device.xpath("./readonly").isEmpty ? nil : "read-only",
            ]
            let target = device.xpath("./target").first?.attribute("dev") ?? ""
            set(.disk, named: target, parts.compactMap(\.self).joined(separator: ", "))
        case "interface":
            let source = device.xpath("./source").first
            let parts = [
                device.attribute("type"), source?.attribute("bridge") ?? source?.attribute("network"),
                device.xpath("./target").first?.attribute("dev"),
            ]
            let mac = device.xpath("./mac").first?.attribute("address") ?? ""
            set(.interface, named: mac, parts.compactMap(\.self).joined(separator: ", "))
        case "graphics":
            let listen = device.xpath("./listen").first?.attribute("type") ?? "address"
            set(.display, [device.attribute("type") ?? "", listen].joined(separator: ", "))
        case "serial": set(.console, device.xpath("./log").first?.attribute("file") ?? "")
        default:
            if !Self.ordinary.contains(device.name) { set(.device, named: device.name, "present") }
        }
    }

    private mutating func take(argument: String) {
        let options = argument.split(separator: ",")
        guard options.first == "virtio-net-pci", let mac = options.first(where: { $0.hasPrefix("mac=") }) else {
            return
        }
        set(.interface, named: String(mac.dropFirst(4)), Self.userNetwork)
    }

    private mutating func set(_ kind: Kind, named name: String = "", _ value: String) {
        let key = Key(kind: kind, name: name)
        if values[key] == nil { order.append(key) }
        values[key] = value
    }

    /// libvirt's default unit is KiB (formatdomain.html, "Memory Allocation").
    private static func mebibytes(_ node: XMLNode) -> String {
        guard let number = Int(node.visibleText) else { return node.text }
        switch node.attribute("unit") ?? "KiB" {
        case "b", "bytes": return String(number >> 20)
        case "KiB", "k": return String(number >> 10)
        case "MiB", "M": return String(number)
        case "GiB", "G": return String(number << 10)
        case let unit: return "\(number) \(unit)"
        }
    }

    /// What of `found` is not as in this one.
    func differences(from found: DomainFacts, place: DomainDifference.Place) -> [DomainDifference] {
        let keys = order + found.order.filter { !order.contains($0) }
        return keys.compactMap { key in
            guard values[key] != found.values[key] else { return nil }
            return DomainDifference(
                kind: key.kind, name: key.name, expected: values[key], found: found.values[key], place: place)
        }
    }
}

extension DomainDrift {
    /// Compares definitions.
    ///
    /// - Parameters:
    ///   - expected: what would be defined now.
    ///   - running: libvirt's definition of the guest that runs; nil when it is off.
    ///   - defined: libvirt's definition for the next start.
    ///   - plugged: the MAC addresses of the interfaces on the emulator's own network that a running guest has; nil
    ///     when that is not known.
    /// - Throws: `.failed` when one of them is not a domain's definition.
    init(expected: String, running: String?, defined: String, plugged: [String]? = nil) throws(HostError) {
        let wanted = try DomainFacts(parsing: expected)
        var differences = wanted.differences(from: try DomainFacts(parsing: defined), place: .definition)
        if let running {
            var facts = try DomainFacts(parsing: running)
            if let plugged {
                for key in facts.order where key.kind == .interface && !plugged.contains(key.name) {
                    facts.remove(userInterface: key.name)
                }
                for mac in plugged { facts.add(userInterface: mac) }
            }
            let known = differences
            differences += wanted.differences(from: facts, place: .running).filter { difference in
                // What is so in the definition as well was said there.
                !known.contains {
                    $0.kind == difference.kind && $0.name == difference.name && $0.found == difference.found
                }
            }
        }
        self.init(xml: running ?? defined, expectedXML: expected, differences: differences)
    }
}
