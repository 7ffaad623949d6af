import HTTP
import Identity
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// Add Rule, as it is without scripts and without style sheets: every field is there, and those that mean nothing for the
/// chosen rule are left out of it.
struct RuleFormTests {
    let site: TestSite
    let browser: Browser
    let group: SecurityGroup
    private let path: String

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
        group = try site.networking.createSecurityGroup(NewSecurityGroup(name: "web"), as: site.admin)
        path = "/dashboard/project/security_groups/\(group.id)/add_rule/"
    }

    /// Sends the form, and says what became of it: the sentence of the new rule.
    private func add(_ values: [String: String]) throws -> String {
        try browser.get(path)
        let page = try browser.submit(values)
        return page.flashes.first?.replacing("Successfully added rule: ", with: "")
            ?? page.all("//li[@class='fault']").joined()
    }

    private func rules() throws -> [String] {
        try site.networking.securityGroup(group.id, as: site.admin).rules.dropFirst(2).map { rule in
            let ports = [rule.portRangeMin, rule.portRangeMax].map { $0.map(String.init) ?? "-" }
            return "\(rule.direction) \(rule.etherType.rawValue) \(rule.protocolName ?? "any") "
                + ports.joined(separator: ":") + " \(rule.remoteIPPrefix?.description ?? "")"
        }
    }

    private static let good: [([String: String], String, String)] = [
        (["rule_menu": "ssh"], "TCP 22 (SSH) from anywhere", "ingress IPv4 tcp 22:22 0.0.0.0/0"),
        // What a template does not ask for is not listened to.
        (
            ["rule_menu": "https", "direction": "egress", "port": "7", "icmp_type": "8"],
            "TCP 443 (HTTPS) from anywhere",
            "ingress IPv4 tcp 443:443 0.0.0.0/0"
        ),
        (
            ["rule_menu": "all_udp", "direction": "egress", "cidr": "10.0.0.0/8"], "All UDP to 10.0.0.0/8",
            "egress IPv4 udp -:- 10.0.0.0/8"
        ),
        (["rule_menu": "tcp", "port": "8080"], "TCP 8080 from anywhere", "ingress IPv4 tcp 8080:8080 0.0.0.0/0"),
        (
            [
                "rule_menu": "udp", "port_or_range": "range", "from_port": "5000", "to_port": "5010",
                "cidr": "2001:db8::/32",
            ],
            "UDP 5000 – 5010 from 2001:db8::/32", "ingress IPv6 udp 5000:5010 2001:db8::/32"
        ),
        (
            ["rule_menu": "tcp", "port_or_range": "all", "port": "7"], "All TCP from anywhere",
            "ingress IPv4 tcp -:- 0.0.0.0/0"
        ),
        (["rule_menu": "icmp", "icmp_type": "8"], "ICMP type 8 from anywhere", "ingress IPv4 icmp 8:- 0.0.0.0/0"),
        (
            ["rule_menu": "icmp", "icmp_type": "-1", "icmp_code": "-1"], "All ICMP from anywhere",
            "ingress IPv4 icmp -:- 0.0.0.0/0"
        ),
        (
            ["rule_menu": "all_icmp", "cidr": "::/0"], "All ICMP from anywhere", "ingress IPv6 ipv6-icmp -:- ::/0"
        ),
        (
            ["rule_menu": "custom", "ip_protocol": "112"], "IP 112 from anywhere", "ingress IPv4 112 -:- 0.0.0.0/0"
        ),
        (
            ["rule_menu": "custom", "ip_protocol": "-1", "cidr": "192.0.2.7"], "Anything from 192.0.2.7/32",
            "ingress IPv4 any -:- 192.0.2.7/32"
        ),
    ]

    private static let bad: [([String: String], String, String?)] = [
        (["rule_menu": "tcp"], "port", "Give a port."),
        (["rule_menu": "tcp", "port": "0"], "port", "'0' is not a port from 1 to 65535."),
        (["rule_menu": "udp", "port": "ssh"], "port", "'ssh' is not a port from 1 to 65535."),
        (["rule_menu": "tcp", "port_or_range": "range"], "from_port", "Give the first and the last port."),
        (
            ["rule_menu": "tcp", "port_or_range": "range", "from_port": "9", "to_port": "8"], "to_port",
            "The last port, 8, is below the first, 9."
        ),
        (
            ["rule_menu": "tcp", "port_or_range": "range", "from_port": "9"], "to_port",
            "A range of ports needs both ends."
        ),
        (["rule_menu": "icmp", "icmp_code": "0"], "icmp_code", "The ICMP code 0 needs a type."),
        (["rule_menu": "icmp", "icmp_type": "256"], "icmp_type", "'256' is not an ICMP type from 0 to 255."),
        (
            ["rule_menu": "custom", "ip_protocol": "58"], "ip_protocol", "'58' is a protocol of IPv6 only."
        ),
        (["rule_menu": "ssh", "cidr": " "], "cidr", "CIDR must be specified."),
        (["rule_menu": "ssh", "cidr": "10.0.0.0/33"], "cidr", nil),
    ]

    @Test func `the form offers Horizon's rules in Horizon's order`() throws {
        try browser.get(path)
        #expect(
            browser.page.all("//select[@id='id_rule_menu']/option") == [
                "Custom TCP Rule", "Custom UDP Rule", "Custom ICMP Rule", "Other Protocol", "All TCP", "All UDP",
                "All ICMP", "SSH", "SMTP", "DNS", "HTTP", "POP3", "IMAP", "LDAP", "HTTPS", "SMTPS", "IMAPS", "POP3S",
                "MS SQL", "MYSQL", "RDP",
            ])
        #expect(browser.page.all("//select[@id='id_direction']/option") == ["Ingress", "Egress"])
        #expect(browser.page.all("//select[@id='id_port_or_range']/option") == ["Port", "Port Range", "All ports"])
        #expect(browser.page.all("//select[@id='id_security_group']/option") == ["default", "web (current)"])
        #expect(browser.page.value("//input[@id='id_cidr']") == "0.0.0.0/0")
    }

    @Test(arguments: good)
    func `what is typed becomes one rule, and is said in words`(
        values: [String: String], sentence: String, rule: String
    ) throws {
        #expect(try add(values) == sentence)
        #expect(try rules() == [rule])
    }

    @Test func `the other side is a group`() throws {
        let values = ["rule_menu": "mysql", "remote": "sg", "security_group": group.id.text, "ethertype": "IPv6"]
        #expect(try add(values) == "TCP 3306 (MYSQL) from members of this group")
        let rule = try #require(try site.networking.securityGroup(group.id, as: site.admin).rules.last)
        #expect(rule.remoteGroupID == group.id && rule.etherType == .ipv6 && rule.remoteIPPrefix == nil)
    }

    @Test(arguments: bad)
    func `what cannot be comes back beside its field, with what was typed`(
        values: [String: String], field: String, message: String?
    ) throws {
        _ = try add(values)
        #expect(browser.page.status == 422)
        #expect(browser.page.faults(field).count == 1)
        if let message { #expect(browser.page.faults(field) == [message]) }
        #expect(browser.page.value("//select[@id='id_rule_menu']/option[@selected]") == values["rule_menu"])
        #expect(try rules().isEmpty)
    }

    @Test func `the same rule twice, an unknown rule and a forged form are refused`() throws {
        _ = try add(["rule_menu": "ssh"])
        _ = try add(["rule_menu": "ssh"])
        #expect(browser.page.status == 409)
        #expect(browser.page.first("//div[@role='alert']")?.contains("has this rule already") == true)
        _ = try add(["rule_menu": "telnet"])
        #expect(browser.page.status == 422 && browser.page.nodes("//div[@role='alert']").count == 1)
        #expect(
            try browser.post(path, [("rule_menu", "http"), ("remote", "cidr"), ("cidr", "0.0.0.0/0")]).status == 403)
        #expect(try rules().count == 1)
    }

    @Test func `readers of the project may not add rules`() throws {
        let alice = try site.makeUser("alice")
        let hers = try site.networking.createSecurityGroup(NewSecurityGroup(name: "hers"), as: alice)
        let rita = try site.identity.createUser(NewUser(name: "rita", password: TestSite.password), as: site.admin)
        let role = try #require(try site.identity.role(named: "reader"))
        try site.identity.assign(
            role: role.id, to: rita.id, on: .project(alice.projectID ?? ""), as: site.admin)
        let reader = try site.loggedIn("rita")
        let path = "/dashboard/project/security_groups/\(hers.id)/"
        #expect(try reader.get(path).nodes("//a[contains(@href,'add_rule')]").isEmpty)
        #expect(try reader.get(path + "add_rule/").status == 403)
    }
}
