import Compute
import HTTP
import Networking
import ServiceCore

/// What was asked about a way, as it stands in the address of the page.
struct ReachabilityForm {
    let input: FormData

    init(_ query: FormData) { input = query }

    var isAsked: Bool { input["target"] != nil }

    /// - Throws: `ServiceError` invalid with violations named after the fields.
    func question(_ ports: [Port]) throws -> (ReachabilityQuestion, ID<Port>) {
        let port = input["port"].flatMap { text in ports.first { $0.id.text == text } } ?? ports.first
        guard let port else { throw ServiceError.notFound("Port", input["port"] ?? "") }
        return (ReachabilityQuestion(try target(), try traffic()), port.id)
    }

    private func target() throws -> ReachabilityQuestion.Target {
        switch input["target"] {
        case "metadata": return .metadata
        case "instance":
            guard let id = input["target_instance"].flatMap({ ID<Instance>(untrusted: $0) }) else {
                throw refusal("target_instance", "required", Message("Choose another instance."))
            }
            return .instance(id)
        case "address":
            guard let address = try? IPAddress(parsing: (input["address"] ?? "").trimmingBlanks()) else {
                throw refusal("address", "invalid", Message("This is not an IP address."))
            }
            return .address(address)
        default: return .fromOutside
        }
    }

    private func traffic() throws -> ReachabilityQuestion.Traffic {
        let kind = input["protocol"] ?? "icmp"
        guard kind == "tcp" || kind == "udp" else { return .ping }
        guard let port = Int(input["port_number"] ?? "") else {
            throw refusal("port_number", "out_of_range", Message("A port is a whole number from 1 to 65535."))
        }
        return kind == "tcp" ? .tcp(port) : .udp(port)
    }

    private func refusal(_ field: String, _ code: String, _ message: Message) -> ServiceError {
        .invalid([Violation(field: field, code: code, message: message, value: input[field] ?? "")])
    }

    /// The form, with what was asked in it.
    func fields(_ fields: FormFields, _ ports: [Port], _ others: [Choice]) -> [FormField] {
        let wording = fields.wording
        func choice(_ value: String, _ title: Message) -> Choice { Choice(value: value, title: wording(title)) }
        var targets = [
            choice("outside", Message("This instance from outside")),
            choice("metadata", Message("The metadata service")),
        ]
        if !others.isEmpty { targets.append(choice("instance", Message("Another instance"))) }
        targets.append(choice("address", Message("An address")))
        var other = fields.select("target_instance", Message("Instance"), others)
        other.group = "by-instance"
        var address = fields.text("address", Message("Address"))
        address.group = "by-address"
        address.placeholder = "192.0.2.1"
        var kind = fields.select(
            "protocol", Message("Protocol"),
            [
                Choice(value: "icmp", title: "ICMP"), Choice(value: "tcp", title: "TCP"),
                Choice(value: "udp", title: "UDP"),
            ])
        kind.group = "by-traffic"
        var number = fields.text("port_number", Message("TCP or UDP port"))
        number.kind = .input("number")
        number.group = "by-port-number"
        let port = fields.select(
            "port", Message("Port"),
            ports.map { port in
                let addresses = port.fixedIPs.map { "\($0.address)" }.joined(separator: ", ")
                return Choice(value: port.id.text, title: "\(addresses.isEmpty ? port.displayName : addresses)")
            })
        let target = fields.select("target", Message("What is not reached"), targets)
        return (ports.count > 1 ? [port] : []) + [target]
            + (others.isEmpty ? [] : [other]) + [address, kind, number]
    }
}

extension String {
    /// Without the blanks that a paste brings along.
    fileprivate func trimmingBlanks() -> String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
