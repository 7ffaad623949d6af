import Compute
import Markup
import Networking
import ServiceCore

/// One port on the Network tab: the way of its packets, step by step, as it should be and as it is.
struct PortModel: TemplateModel {
    let title: String
    let href: String
    let network: String
    let networkHref: String
    let status: Cell
    let problem: String?
    let causes: [CauseModel]
    let lanes: [Lane]
    /// For administrators: what each step is called and what the kernel says.
    let details: [Step]

    static let shape = Shape<PortModel>([
        .text("title", \.title), .text("href", \.href), .text("network", \.network),
        .text("networkHref", \.networkHref), .object("status", \.status), .optionalText("problem", \.problem),
        .list("causes", \.causes), .list("lanes", \.lanes), .list("details", \.details),
        .flag("hasDetails") { !$0.details.isEmpty }, .flag("hasCauses") { !$0.causes.isEmpty },
    ])

    /// Things that lie one behind the other.
    struct Lane: TemplateModel {
        let title: String
        let steps: [Step]

        static let shape = Shape<Lane>([.text("title", \.title), .list("steps", \.steps)])
    }

    struct Step: TemplateModel {
        let title: String
        let name: String
        let level: StatusLevel
        let verdict: String
        var expected = ""
        var found = ""
        var evidence = ""

        static let shape = Shape<Step>([
            .text("title", \.title), .text("name", \.name), .text("level", \.level.rawValue),
            .text("verdict", \.verdict), .text("expected", \.expected), .text("found", \.found),
            .text("evidence", \.evidence), .flag("hasEvidence") { !$0.evidence.isEmpty },
            .flag("hasName") { !$0.name.isEmpty },
        ])
    }

    init(_ diagnosis: PortDiagnosis, _ area: Area, _ visitor: Visitor) {
        let (port, wording) = (diagnosis.port, visitor.wording)
        title = port.fixedIPs.isEmpty ? port.displayName : port.fixedIPs.map { "\($0.address)" }.joined(separator: ", ")
        href = SiteURL.port(area, port.id.text).path
        network = port.networkName.isEmpty ? port.networkID.text : port.networkName
        networkHref = SiteURL.network(area, port.networkID.text).path
        let wrong = diagnosis.steps.count { !$0.isRight }
        status =
            if diagnosis.steps.isEmpty {
                .status(.off, wording(Message("Not looked at")))
            } else if wrong == 0 {
                .status(.good, wording(Message("As it should be")))
            } else {
                .status(.bad, wording(Message("Not as it should be: {count}", ["count": "\(wrong)"])))
            }
        problem = diagnosis.problem.map { wording($0) }
        causes = diagnosis.causes.map { CauseModel($0, wording) }
        let steps = diagnosis.steps.map { ($0.subject, Step($0, wording)) }
        let guest = Step(
            title: wording(Message("Guest")), name: visitor.context.isAdmin ? port.macAddress.description : "",
            level: .off, verdict: "")
        lanes = PathLane.allCases.compactMap { lane in
            let own = lane.subjects.flatMap { subject in steps.filter { $0.0 == subject }.map(\.1) }
            guard !own.isEmpty else { return nil }
            return Lane(title: wording(lane.title), steps: lane == .wire ? [guest] + own : own)
        }
        details = visitor.context.isAdmin ? steps.map(\.1) : []
    }
}

extension PortModel.Step {
    fileprivate init(_ check: PathStep, _ wording: Wording) {
        self.init(
            title: wording(check.subject.label), name: check.name, level: check.isRight ? .good : .bad,
            verdict: wording(check.isRight ? Message("As it should be") : Message("Not as it should be")),
            expected: check.expected, found: check.found ?? "–", evidence: check.evidence.joined(separator: "\n"))
    }
}

/// The parts of the way.
private enum PathLane: CaseIterable {
    case wire, addresses, filter

    var title: Message {
        switch self {
        case .wire: Message("Wire")
        case .addresses: Message("Addresses")
        case .filter: Message("Filters and ways out")
        }
    }

    var subjects: [PathStep.Subject] {
        switch self {
        case .wire: [.tap, .bridge, .uplink]
        case .addresses: [.namespace, .dhcpInterface, .dhcpServer, .reservation, .lease, .metadata]
        case .filter: [.antispoofing, .rules, .gateway]
        }
    }
}

extension PathStep.Subject {
    var label: Message {
        switch self {
        case .tap: Message("Tap device")
        case .bridge: Message("Bridge")
        case .uplink: Message("Uplink")
        case .namespace: Message("DHCP namespace")
        case .dhcpInterface: Message("DHCP interface")
        case .dhcpServer: Message("DHCP server")
        case .reservation: Message("Reservation")
        case .lease: Message("Lease")
        case .metadata: Message("Metadata service")
        case .antispoofing: Message("Anti-spoofing")
        case .rules: Message("Security group rules")
        case .gateway: Message("Gateway")
        }
    }
}
