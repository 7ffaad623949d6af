import Compute
import HTTP
import Images
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// What is refused at one door is refused at the other, by the same rule and in its words; and neither leaves a trace.
@Suite struct `Forms and JSON that are refused` {
    /// A piece of work that cannot be done: as it is typed, and as it is sent. `{…}` stands for what the scene has.
    struct Case: Sendable, CustomTestStringConvertible {
        let page: String
        let typed: [String: String]
        let method: HTTP.Method
        let path: String
        let json: String
        var version: String?

        init(
            _ page: String, _ typed: [String: String], _ method: HTTP.Method, _ path: String, _ json: String,
            version: String? = nil
        ) {
            (self.page, self.typed, self.method, self.path) = (page, typed, method, path)
            (self.json, self.version) = (json, version)
        }

        var testDescription: String { "\(page) \(typed.sorted { $0.key < $1.key })" }
    }

    private static let launch = "instances/launch"
    private static let servers = "/compute/v2.1/servers"
    private static let server =
        #""name": "x", "imageRef": "{image}", "flavorRef": "1", "networks": [{"uuid": "{network}"}]"#
    private static func rule(_ json: String) -> String {
        #"{"security_group_rule": {"security_group_id": "{group}", "direction": "ingress", "ethertype": "IPv4", \#(json)}}"#
    }

    private static let cases: [Case] = [
        Case(
            launch, ["name": "x", "flavor_id": "small"], .post, servers,
            #"{"server": {\#(server.replacing(#""flavorRef": "1""#, with: #""flavorRef": "small""#))}}"#),
        Case(
            launch, ["name": "x", "flavor_id": "none"], .post, servers,
            #"{"server": {\#(server.replacing(#""flavorRef": "1""#, with: #""flavorRef": "none""#))}}"#),
        Case(
            launch, ["name": "x", "key_name": "lost"], .post, servers, #"{"server": {\#(server), "key_name": "lost"}}"#),
        Case(
            launch, ["name": "x", "availability_zone": "mars"], .post, servers,
            #"{"server": {\#(server), "availability_zone": "mars"}}"#),
        Case(launch, ["name": "x", "count": "11"], .post, servers, #"{"server": {\#(server), "min_count": 11}}"#),
        Case(
            launch, ["name": "x", "security_groups": "c4dae3ab-51e3-4a4b-a2a0-111111111111"], .post, servers,
            #"{"server": {\#(server), "security_groups": [{"name": "c4dae3ab-51e3-4a4b-a2a0-111111111111"}]}}"#),
        Case(
            "networks/create", ["net_name": "x", "mtu": "10", "cidr": "10.1.0.0/24"], .post,
            "/networking/v2.0/networks", #"{"network": {"name": "x", "mtu": 10}}"#),
        Case(
            "networks/{network}/subnets/{subnet}/update/", ["allocation_pools": "10.0.1.1,10.0.1.2"], .put,
            "/networking/v2.0/subnets/{subnet}",
            #"{"subnet": {"allocation_pools": [{"start": "10.0.1.1", "end": "10.0.1.2"}]}}"#),
        Case(
            "networks/{network}/subnets/{subnet}/update/", ["allocation_pools": "10.0.0.1,10.0.0.9"], .put,
            "/networking/v2.0/subnets/{subnet}",
            #"{"subnet": {"allocation_pools": [{"start": "10.0.0.1", "end": "10.0.0.9"}]}}"#),
        Case(
            "networks/{network}/subnets/{subnet}/update/",
            ["allocation_pools": "10.0.0.10,10.0.0.20\r\n10.0.0.15,10.0.0.30"], .put,
            "/networking/v2.0/subnets/{subnet}",
            """
            {"subnet": {"allocation_pools": [{"start": "10.0.0.10", "end": "10.0.0.20"},
                {"start": "10.0.0.15", "end": "10.0.0.30"}]}}
            """),
        Case(
            "networks/{network}/subnets/create", ["cidr": "10.0.0.128/25"], .post, "/networking/v2.0/subnets",
            #"{"subnet": {"network_id": "{network}", "ip_version": 4, "cidr": "10.0.0.128/25"}}"#),
        Case(
            "networks/{network}/ports/create", ["specify_ip": "fixed_ip", "fixed_ip": "10.9.9.9"], .post,
            "/networking/v2.0/ports",
            #"{"port": {"network_id": "{network}", "fixed_ips": [{"ip_address": "10.9.9.9"}]}}"#),
        Case(
            "security_groups/{group}/add_rule", ["rule_menu": "tcp", "port": "0"], .post,
            "/networking/v2.0/security-group-rules",
            rule(#""protocol": "tcp", "port_range_min": 0, "port_range_max": 0, "remote_ip_prefix": "0.0.0.0/0""#)),
        Case(
            "security_groups/{group}/add_rule",
            ["rule_menu": "tcp", "port_or_range": "range", "from_port": "9", "to_port": "8"], .post,
            "/networking/v2.0/security-group-rules",
            rule(#""protocol": "tcp", "port_range_min": 9, "port_range_max": 8, "remote_ip_prefix": "0.0.0.0/0""#)),
        Case(
            "security_groups/{group}/add_rule", ["rule_menu": "custom", "ip_protocol": "58"], .post,
            "/networking/v2.0/security-group-rules", rule(#""protocol": "58", "remote_ip_prefix": "0.0.0.0/0""#)),
        Case(
            "key_pairs/import/", ["name": "k", "public_key": "ssh-ed25519 AAAA"], .post, "/compute/v2.1/os-keypairs",
            #"{"keypair": {"name": "k", "public_key": "ssh-ed25519 AAAA"}}"#),
        Case(
            "server_groups/create/", ["name": "g", "policy": "affinity", "max_server_per_host": "2"], .post,
            "/compute/v2.1/os-server-groups",
            #"{"server_group": {"name": "g", "policy": "affinity", "rules": {"max_server_per_host": 2}}}"#,
            version: "compute 2.64"),
    ]

    @Test(arguments: cases)
    func `are told the same`(refused: Case) throws {
        let cloud = try ParityCloud()
        let site = cloud.site
        let image = try site.makeImage().id.text
        _ = try site.compute.createFlavor(
            NewFlavor(name: "small", id: "small", vcpus: 1, memoryMiB: 64, diskGiB: 1), as: site.admin)
        func places(_ person: ParityCloud.Person) throws -> [String: String] {
            let network = try site.makeNetwork(as: person.context)
            let group = try site.networking.createSecurityGroup(NewSecurityGroup(name: "g"), as: person.context)
            return [
                "image": image, "network": network.network.id.text, "subnet": network.subnet.id.text,
                "group": group.id.text,
            ]
        }
        func filled(_ text: String, _ places: [String: String]) -> String {
            places.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
        }
        let (form, json) = (try places(cloud.form), try places(cloud.json))
        let before = try DatabasePicture(of: site.database)
        let browser = cloud.form.browser
        try browser.get("/dashboard/project/" + filled(refused.page, form))
        try browser.submit(refused.typed.mapValues { Optional($0) })
        let told = browser.page.all("//*[contains(@class,'fault') or contains(@class,'form-problem')]//span")
            .filter { !$0.isEmpty }
        #expect((400..<500).contains(browser.page.status) && !told.isEmpty, "\(browser.page.title)")
        let answer = cloud.ask(
            refused.method, filled(refused.path, json), filled(refused.json, json), version: refused.version)
        #expect((400..<500).contains(answer.status), "\(answer.text)")
        #expect(told.contains { answer.refusal.contains($0) }, "typed: \(told)\nsent: \(answer.refusal)")
        let after = try DatabasePicture(of: site.database)
        #expect(after.changes(since: before, calling: [:]).isEmpty)
    }
}
