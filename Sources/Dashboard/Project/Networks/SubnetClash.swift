import HTTP
import Markup
import Networking
import ServiceCore

/// What stands in the database and what was typed, side by side, when somebody else was quicker.
struct SubnetClash: TemplateModel {
    let explanation: String
    let rows: [Row]

    struct Row: TemplateModel {
        let label: String
        let stored: String
        let entered: String
        /// On the second tab.
        var isDetail = false
        var differs: Bool { stored != entered }

        static let shape = Shape<Row>([
            .text("label", \.label), .text("stored", \.stored), .text("entered", \.entered),
            .flag("differs", \.differs),
        ])
    }

    static let shape = Shape<SubnetClash>([.text("explanation", \.explanation), .list("rows", \.rows)])

    init(stored: Subnet, entered: SubnetForm, _ wording: Wording) {
        let now = SubnetForm(stored).input
        let typed = entered.input
        func row(_ label: Message, _ field: String, isDetail: Bool = false) -> Row {
            Row(
                label: wording(label), stored: Self.lines(now[field]), entered: Self.lines(typed[field]),
                isDetail: isDetail)
        }
        func tick(_ label: Message, _ field: String, isDetail: Bool = false) -> Row {
            Row(
                label: wording(label), stored: wording.yesNo(now.isTicked(field)),
                entered: wording.yesNo(typed.isTicked(field)), isDetail: isDetail)
        }
        explanation = wording(
            Message(
                "It was saved at {time}, after you opened this form. Nothing of yours was saved. Save again to replace it with what you entered, or cancel to keep it.",
                ["time": wording.time(stored.updatedAt)]))
        rows = [
            row(Message("Subnet Name"), "subnet_name"), row(Message("Gateway IP"), "gateway_ip"),
            tick(Message("Disable Gateway"), "no_gateway"),
            tick(Message("Enable DHCP"), "enable_dhcp", isDetail: true),
            row(Message("Allocation Pools"), "allocation_pools", isDetail: true),
            row(Message("DNS Name Servers"), "dns_nameservers", isDetail: true),
            row(Message("Host Routes"), "host_routes", isDetail: true),
        ]
    }

    private static func lines(_ text: String?) -> String {
        (text ?? "").split { $0 == "\r\n" || $0 == "\n" }.joined(separator: "\n")
    }
}
