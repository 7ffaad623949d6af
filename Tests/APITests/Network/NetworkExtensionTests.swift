import Foundation
import HTTP
import Testing

@Suite struct `Neutron's extensions` {
    private let cloud: NetworkCloud

    init() throws { cloud = try NetworkCloud() }

    @Test func `a port's DHCP options are told as neutron tells them`() throws {
        let network = try cloud.network().network
        let made = cloud.ask(
            .post, "/ports",
            """
            {"port": {"network_id": "\(network)", "extra_dhcp_opts": [
                {"opt_name": "bootfile-name", "opt_value": "pxelinux.0"},
                {"opt_name": "tftp-server", "opt_value": "2015::dead", "ip_version": "6"}]}}
            """)
        let port = try #require(made.text("port.id"), "\(made.text)")
        #expect(made.text("port.extra_dhcp_opts.0.opt_value") == "pxelinux.0")
        #expect(made["port.extra_dhcp_opts.0.ip_version"] as? Int == 4)
        #expect(made["port.extra_dhcp_opts.1.ip_version"] as? Int == 6)
        let gone = cloud.ask(
            .put, "/ports/\(port)",
            #"{"port": {"extra_dhcp_opts": [{"opt_name": "bootfile-name", "opt_value": null}]}}"#)
        #expect(gone.list("port.extra_dhcp_opts").count == 1)
        for option in [#"{"opt_name": "x"}"#, #"{"opt_name": "x", "opt_value": ""}"#, #"{"a": 1}"#, "1"] {
            let refused = cloud.ask(.put, "/ports/\(port)", #"{"port": {"extra_dhcp_opts": [\#(option)]}}"#)
            #expect(refused.status == 400, "\(option)")
        }
    }

    @Test func `a binding profile is kept as it was sent, for administrators`() throws {
        let network = try cloud.network().network
        let port = try cloud.make("/ports", "port", #""network_id": "\#(network)""#)
        let json = #"{"port": {"binding:profile": {"b": [1, {"c": null}], "a": "é"}}}"#
        #expect(cloud.refusal(.put, "/ports/\(port)", json) == "403 PolicyNotAuthorized")
        #expect(cloud.ask(.put, "/ports/\(port)", json, as: cloud.admin).status == 200)
        let shown = cloud.ask(.get, "/ports/\(port)", as: cloud.admin)
        #expect(shown.text("port.binding:profile.a") == "é" && shown.list("port.binding:profile.b").count == 2)
        #expect(!cloud.ask(.get, "/ports/\(port)").members("port").contains("binding:profile"))
        let none = cloud.ask(.put, "/ports/\(port)", #"{"port": {"binding:profile": null}}"#, as: cloud.admin)
        #expect(none.members("port.binding:profile").isEmpty)
        #expect(cloud.ask(.put, "/ports/\(port)", #"{"port": {"binding:profile": 1}}"#, as: cloud.admin).status == 400)
    }

    @Test func `host bits of a rule's prefix are kept, and the block is told beside them`() throws {
        let group = try cloud.make("/security-groups", "security_group", #""name": "g""#)
        let answer = cloud.ask(
            .post, "/security-group-rules",
            """
            {"security_group_rule": {"security_group_id": "\(group)", "direction": "ingress",
                "remote_ip_prefix": "10.2.3.124/24"}}
            """)
        #expect(answer.text("security_group_rule.remote_ip_prefix") == "10.2.3.124/24")
        #expect(answer.text("security_group_rule.normalized_cidr") == "10.2.3.0/24")
    }

    @Test(
        arguments: [
            ("subnetpools", #"{"name": "a", "prefixes": ["10.0.0.0/16"]}"#, #"{"name": "b", "prefixes": ["x"]}"#),
            ("address-scopes", #"{"name": "a", "ip_version": 4}"#, #"{"name": "b", "ip_version": 4, "shared": true}"#),
        ])
    func `of several all are made or none`(path: String, good: String, bad: String) {
        let plural = path.replacing("-", with: "_")
        #expect(cloud.ask(.post, "/" + path, "{\"\(plural)\": [\(good), \(bad)]}").status >= 400)
        #expect(cloud.ask(.get, "/" + path).list(plural).isEmpty)
        let both = cloud.ask(.post, "/" + path, "{\"\(plural)\": [\(good), \(good)]}")
        #expect(both.status == 201 && both.list(plural).count == 2)
    }

    @Test func `of several policies all are made or none`() throws {
        let network = try cloud.network().network
        let policy = { (target: String) in
            """
            {"object_type": "network", "object_id": "\(network)", "action": "access_as_shared",
                "target_tenant": "\(target)"}
            """
        }
        let post = { (target: String) in
            cloud.ask(.post, "/rbac-policies", #"{"rbac_policies": [\#(policy(target)), \#(policy(target))]}"#)
        }
        #expect(post(String(repeating: "a", count: 32)).status == 409)
        #expect(post("p").status == 400)
        #expect(cloud.ask(.get, "/rbac-policies").list("rbac_policies").isEmpty)
    }

    @Test func `agents are given networks and routers by administrators`() throws {
        let network = try cloud.network().network
        let router = try cloud.make("/routers", "router", #""name": "r""#)
        let agent = UUID().uuidString.lowercased()
        for (path, json) in [
            ("/agents/\(agent)/dhcp-networks", #"{"network_id": "\#(network)"}"#),
            ("/agents/\(agent)/l3-routers", #"{"router_id": "\#(router)"}"#),
        ] {
            #expect(cloud.refusal(.post, path, json) == "403 PolicyNotAuthorized")
            #expect(cloud.refusal(.post, path, json, as: cloud.admin) == "404 AgentNotFound")
            #expect(cloud.ask(.post, path, #"{"x": 1}"#, as: cloud.admin).status == 400)
        }
        #expect(cloud.refusal(.delete, "/agents/\(agent)/dhcp-networks/\(network)") == "403 PolicyNotAuthorized")
        #expect(
            cloud.refusal(.delete, "/agents/\(agent)/l3-routers/\(router)", as: cloud.admin) == "404 AgentNotFound")
        #expect(cloud.refusal(.delete, "/agents/\(agent)", as: cloud.admin) == "404 AgentNotFound")
    }

    @Test func `what was changed in the meantime is not deleted`() throws {
        let (network, subnet) = try cloud.network()
        let group = try cloud.make("/security-groups", "security_group", #""name": "g""#)
        let router = try cloud.make("/routers", "router", #""name": "r""#)
        let port = try cloud.make("/ports", "port", #""network_id": "\#(network)""#)
        let pool = try cloud.make("/subnetpools", "subnetpool", #""name": "p", "prefixes": ["10.0.0.0/16"]"#)
        for (name, path) in [
            ("port", "/ports/\(port)"), ("subnet", "/subnets/\(subnet)"), ("network", "/networks/\(network)"),
            ("security_group", "/security-groups/\(group)"), ("router", "/routers/\(router)"),
            ("subnetpool", "/subnetpools/\(pool)"),
        ] {
            let stale = ["If-Match": "revision_number=99"]
            #expect(cloud.ask(.delete, path, fields: stale).status == 412, "\(path)")
            let revision = try #require(cloud.ask(.get, path)[name + ".revision_number"] as? Int)
            let seen = ["If-Match": "revision_number=\(revision)"]
            #expect(cloud.ask(.delete, path, fields: seen).status == 204, "\(path)")
        }
    }
}
