import ServiceCore

/// What people mean when they open something, with the protocol and the port that stand for it: Horizon's
/// `SECURITY_GROUP_RULES`, in its order and under its names.
struct RuleTemplate: Sendable {
    let name: String
    let title: Message
    let protocolName: String
    /// Nil for all ports.
    var port: Int?

    /// Templates that open a whole protocol, whose direction can be chosen.
    var isWhole: Bool { port == nil }

    static let all = [
        RuleTemplate(name: "all_tcp", title: Message("All TCP"), protocolName: "tcp"),
        RuleTemplate(name: "all_udp", title: Message("All UDP"), protocolName: "udp"),
        RuleTemplate(name: "all_icmp", title: Message("All ICMP"), protocolName: "icmp"),
        service("ssh", "SSH", 22), service("smtp", "SMTP", 25), service("dns", "DNS", 53),
        service("http", "HTTP", 80), service("pop3", "POP3", 110), service("imap", "IMAP", 143),
        service("ldap", "LDAP", 389), service("https", "HTTPS", 443), service("smtps", "SMTPS", 465),
        service("imaps", "IMAPS", 993), service("pop3s", "POP3S", 995), service("ms_sql", "MS SQL", 1433),
        service("mysql", "MYSQL", 3306), service("rdp", "RDP", 3389),
    ]

    static func named(_ name: String) -> RuleTemplate? { all.first { $0.name == name } }

    /// "SSH" for TCP 22; nil for a port that has no template.
    static func service(of protocolName: String?, port: Int) -> String? {
        all.first { $0.port == port && $0.protocolName == protocolName }?.title.arguments["name"]
    }

    /// The names of services are the same in every language.
    private static func service(_ name: String, _ title: String, _ port: Int) -> RuleTemplate {
        RuleTemplate(name: name, title: Message("{name}", ["name": title]), protocolName: "tcp", port: port)
    }
}
