import Foundation
import HTTP
import Networking
import ServiceCore

/// What was typed about a rule, under Horizon's field names. Fields that the chosen rule has no use for are left out of
/// what the service is asked for, so that the form works where nothing hides them.
struct RuleForm: Sendable {
    let input: FormData

    init(input: FormData) { self.input = input }

    /// A form to begin with: a port that is opened to anybody.
    static let initial = RuleForm(
        input: FormData([
            ("rule_menu", "tcp"), ("direction", "ingress"), ("port_or_range", "port"), ("remote", "cidr"),
            ("cidr", "0.0.0.0/0"), ("ethertype", EtherType.ipv4.rawValue),
        ]))

    private var menu: String { input["rule_menu"] ?? "" }
    private var template: RuleTemplate? { RuleTemplate.named(menu) }
    private var takesPorts: Bool { menu == "tcp" || menu == "udp" }
    private var isGroup: Bool { input["remote"] == "sg" }
    private func typed(_ name: String) -> String {
        (input[name] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What the service is asked for.
    /// - Throws: `ServiceError`: invalid for what only this form asks for, by the form's own field names.
    func request(for group: ID<SecurityGroup>) throws -> NewSecurityGroupRule {
        var violations: [Violation] = []
        func require(_ name: String, _ message: Message) {
            guard typed(name).isEmpty else { return }
            violations.append(Violation(field: name, code: "required", message: message, value: ""))
        }
        if !isGroup { require("cidr", Message("CIDR must be specified.")) }
        if takesPorts, input["port_or_range"] == "port" { require("port", Message("Give a port.")) }
        if takesPorts, input["port_or_range"] == "range", typed("from_port").isEmpty, typed("to_port").isEmpty {
            require("from_port", Message("Give the first and the last port."))
        }
        guard ["tcp", "udp", "icmp", "custom"].contains(menu) || template != nil else {
            throw ServiceError(.invalid, code: "unknown_rule", Message("There is no such kind of rule."))
        }
        guard violations.isEmpty else { throw ServiceError.invalid(violations) }
        var new = NewSecurityGroupRule(groupID: group, direction: direction)
        new.description = typed("description")
        new.protocolName = protocolName
        (new.portRangeMin, new.portRangeMax) = ports
        if isGroup {
            new.remoteGroupID = typed("security_group")
            new.etherType = typed("ethertype")
        } else {
            new.remoteIPPrefix = typed("cidr")
            new.etherType = (typed("cidr").contains(":") ? EtherType.ipv6 : .ipv4).rawValue
        }
        return new
    }

    /// Templates of one service let it in; everything else goes the way that was chosen.
    private var direction: String {
        template.map(\.isWhole) == false ? TrafficDirection.ingress.rawValue : input["direction"] ?? ""
    }

    private var protocolName: String? {
        if let template { return template.protocolName }
        guard menu == "custom" else { return menu }
        let text = typed("ip_protocol")
        return text == "-1" ? nil : text
    }

    private var ports: (String?, String?) {
        if let template { return (template.port.map(String.init), template.port.map(String.init)) }
        switch (menu, input["port_or_range"]) {
        case ("icmp", _): return (Self.icmp(typed("icmp_type")), Self.icmp(typed("icmp_code")))
        case ("tcp", "port"), ("udp", "port"): return (typed("port"), typed("port"))
        case ("tcp", "range"), ("udp", "range"): return (typed("from_port"), typed("to_port"))
        default: return (nil, nil)
        }
    }

    /// Horizon's -1 is any type and any code.
    private static func icmp(_ text: String) -> String? { text.isEmpty || text == "-1" ? nil : text }
}

/// The fields.
extension RuleForm {
    /// Where a violation of the service stands on this form.
    private func place(_ field: String) -> String {
        switch (field, menu, input["port_or_range"]) {
        case ("protocol", _, _): "ip_protocol"
        case ("remote_ip_prefix", _, _): "cidr"
        case ("remote_group_id", _, _): "security_group"
        case ("port_range_min", "icmp", _): "icmp_type"
        case ("port_range_max", "icmp", _): "icmp_code"
        case ("port_range_min", _, "range"): "from_port"
        case ("port_range_max", _, "range"): "to_port"
        case ("port_range_min", _, _), ("port_range_max", _, _): "port"
        default: field
        }
    }

    /// The faults of a refused form, at its own fields. A single port is both ends of a range and is wrong once.
    func faults(_ error: any Error, _ wording: Wording) -> Faults? {
        guard let error = error as? ServiceError, error.kind == .invalid, !error.violations.isEmpty else {
            return Faults(error, wording)
        }
        var seen: Set<String> = []
        let placed = error.violations.compactMap { violation -> Violation? in
            let field = place(violation.field)
            guard seen.insert(field + violation.code).inserted else { return nil }
            return Violation(field: field, code: violation.code, message: violation.message, value: violation.value)
        }
        return Faults(violations: placed, wording: wording)
    }

    func fields(_ groups: [SecurityGroup], of group: SecurityGroup, _ faults: Faults, _ wording: Wording) -> [FormField]
    {
        let fields = FormFields(input: input, faults: faults, wording: wording)
        func grouped(_ field: FormField, _ name: String) -> FormField {
            var field = field
            field.group = name
            return field
        }
        func number(_ name: String, _ label: Message, help: Message? = nil) -> FormField {
            var field = fields.text(name, label, help: help, required: true)
            field.kind = .input("number")
            return field
        }
        let port = number("port", Message("Port"), help: Message("Enter an integer value between 1 and 65535."))
        return [
            fields.select("rule_menu", Message("Rule"), Self.menu(wording)),
            fields.text("description", Message("Description")),
            grouped(fields.select("direction", Message("Direction"), Self.directions(wording)), "rule-direction"),
            grouped(fields.select("port_or_range", Message("Open Port"), Self.openings(wording)), "rule-open"),
            grouped(port, "rule-port"), grouped(number("from_port", Message("From Port")), "rule-range"),
            grouped(number("to_port", Message("To Port")), "rule-range"),
            grouped(
                fields.text(
                    "icmp_type", Message("Type"), help: Message("Enter a value for ICMP type in the range (-1: 255)")),
                "rule-icmp"),
            grouped(
                fields.text(
                    "icmp_code", Message("Code"), help: Message("Enter a value for ICMP code in the range (-1: 255)")),
                "rule-icmp"),
            grouped(
                fields.text(
                    "ip_protocol", Message("IP Protocol"),
                    help: Message("A name such as gre, or a number from 0 to 255; -1 is any protocol.")),
                "rule-protocol"),
            fields.select(
                "remote", Message("Remote"),
                [
                    Choice(value: "cidr", title: wording(Message("CIDR"))),
                    Choice(value: "sg", title: wording(Message("Security Group"))),
                ]),
            grouped(
                fields.text(
                    "cidr", Message("CIDR"),
                    help: Message("Classless Inter-Domain Routing (e.g. 192.168.0.0/24, or 2001:db8::/128)"),
                    required: true), "rule-cidr"),
            grouped(
                fields.select("security_group", Message("Security Group"), Self.groups(groups, of: group, wording)),
                "rule-group"),
            grouped(
                fields.select(
                    "ethertype", Message("Ether Type"),
                    EtherType.allCases.map { Choice(value: $0.rawValue, title: $0.rawValue) }), "rule-group"),
        ]
    }

    private static func menu(_ wording: Wording) -> [Choice] {
        [
            ("tcp", Message("Custom TCP Rule")), ("udp", Message("Custom UDP Rule")),
            ("icmp", Message("Custom ICMP Rule")), ("custom", Message("Other Protocol")),
        ].map { Choice(value: $0, title: wording($1)) }
            + RuleTemplate.all.map { Choice(value: $0.name, title: wording($0.title)) }
    }

    private static func directions(_ wording: Wording) -> [Choice] {
        [
            Choice(value: TrafficDirection.ingress.rawValue, title: wording(Message("Ingress"))),
            Choice(value: TrafficDirection.egress.rawValue, title: wording(Message("Egress"))),
        ]
    }

    private static func openings(_ wording: Wording) -> [Choice] {
        [
            Choice(value: "port", title: wording(Message("Port"))),
            Choice(value: "range", title: wording(Message("Port Range"))),
            Choice(value: "all", title: wording(Message("All ports"))),
        ]
    }

    private static func groups(_ groups: [SecurityGroup], of group: SecurityGroup, _ wording: Wording) -> [Choice] {
        groups.map { other in
            let name =
                other.id == group.id
                ? wording(Message("{name} (current)", ["name": other.displayName])) : other.displayName
            return Choice(value: other.id.text, title: name)
        }
    }
}
