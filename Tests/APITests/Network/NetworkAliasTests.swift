import Foundation
import HTTP
import Testing

/// Clients look for an alias before they use what it stands for: each has a request here that is answered with it.
@Suite struct `The aliases of neutron's extensions` {
    /// What is asked, and what the answer has.
    private struct Proof {
        var method = HTTP.Method.get
        let path: String
        var json: String?
        var fields: [String: String] = [:]
        var status = 200
        let has: String

        init(_ path: String, _ has: String) { (self.path, self.has) = (path, has) }

        init(_ method: HTTP.Method, _ path: String, _ json: String?, _ status: Int, _ has: String) {
            (self.method, self.path, self.json, self.status, self.has) = (method, path, json, status, has)
        }
    }

    private let cloud: NetworkCloud

    init() throws { cloud = try NetworkCloud() }

    @Test func `each that is announced is served`() throws {
        let proofs = try networks().merging(routers()) { $1 }.merging(others()) { $1 }
        let answer = cloud.ask(.get, "/extensions")
        let aliases = answer.list("extensions").compactMap { ($0 as? [String: Any])?["alias"] as? String }
        #expect(Set(aliases) == Set(proofs.keys))
        for (alias, proof) in proofs.sorted(by: { $0.key < $1.key }) {
            let answer = cloud.ask(proof.method, proof.path, proof.json, as: cloud.admin, fields: proof.fields)
            #expect(answer.status == proof.status && answer.text.contains(proof.has), "\(alias): \(answer.text)")
        }
    }

    @Test func `whatever has standard attributes has tags`() throws {
        let (network, subnet) = try cloud.network()
        let port = try cloud.make("/ports", "port", #""network_id": "\#(network)""#)
        let group = try cloud.make("/security-groups", "security_group", #""name": "g""#)
        let rule = try cloud.make(
            "/security-group-rules", "security_group_rule",
            #""security_group_id": "\#(group)", "direction": "ingress""#)
        let router = try cloud.make("/routers", "router", #""name": "r""#)
        let pool = try cloud.make("/subnetpools", "subnetpool", #""name": "p", "prefixes": ["10.0.0.0/16"]"#)
        for path in [
            "/networks/\(network)", "/subnets/\(subnet)", "/ports/\(port)", "/security-groups/\(group)",
            "/security-group-rules/\(rule)", "/routers/\(router)", "/subnetpools/\(pool)",
        ] {
            #expect(cloud.ask(.put, path + "/tags/t").status == 201, "\(path)")
            #expect(cloud.ask(.get, path + "/tags").text.contains(#"["t"]"#), "\(path)")
        }
    }

    private func networks() throws -> [String: Proof] {
        let (network, subnet) = try cloud.network()
        let port = try cloud.make("/ports", "port", #""network_id": "\#(network)""#)
        func shows(_ attribute: String) -> Proof { Proof("/networks/\(network)", "\"\(attribute)\":") }
        func portShows(_ attribute: String) -> Proof { Proof("/ports/\(port)", "\"\(attribute)\":") }
        var seen = Proof(.put, "/networks/\(network)", #"{"network": {"name": "x"}}"#, 412, "RevisionNumber")
        seen.fields = ["If-Match": "revision_number=99"]
        return [
            "allowed-address-pairs": portShows("allowed_address_pairs"), "binding": portShows("binding:host_id"),
            "dhcp_agent_scheduler": Proof("/networks/\(network)/dhcp-agents", "agents"),
            "empty-string-filtering": Proof("/networks?name=", #""networks":[]"#),
            "external-net": shows("router:external"), "extra_dhcp_opt": portShows("extra_dhcp_opts"),
            "filter-validation": Proof(.get, "/networks?nosuch=1", nil, 400, "nosuch"),
            "ip-substring-filtering": Proof("/ports?fixed_ips=ip_address_substr%3D10.20", "10.20.0."),
            "net-mtu": shows("mtu"),
            "net-mtu-writable": Proof(.put, "/networks/\(network)", #"{"network": {"mtu": 1400}}"#, 200, "1400"),
            "network_availability_zone": shows("availability_zones"),
            "pagination": Proof("/networks?limit=1", "networks_links"),
            "port-security": portShows("port_security_enabled"), "project-id": shows("project_id"),
            "provider": shows("provider:network_type"), "revision-if-match": seen,
            "sorting": Proof("/networks?sort_key=name&sort_dir=desc", "networks"),
            "standard-attr-description": shows("description"), "standard-attr-revisions": shows("revision_number"),
            "standard-attr-tag": shows("tags"), "standard-attr-timestamp": shows("updated_at"),
            "subnet-external-network": Proof("/subnets/\(subnet)", "\"router:external\":"),
            "tag": Proof("/networks/\(network)/tags", "tags"),
            "rbac-policies": share("network", network),
        ]
    }

    private func routers() throws -> [String: Proof] {
        let router = try cloud.make("/routers", "router", #""name": "r""#)
        let outside = try cloud.make(
            "/networks", "network", #""name": "outside", "router:external": true"#, as: cloud.admin)
        _ = try cloud.make(
            "/subnets", "subnet", #""network_id": "\#(outside)", "cidr": "192.0.2.0/24", "ip_version": 4"#,
            as: cloud.admin)
        let address = try cloud.make("/floatingips", "floatingip", #""floating_network_id": "\#(outside)""#)
        let gateway = #"{"router": {"external_gateway_info": {"network_id": "\#(outside)", "enable_snat": false}}}"#
        return [
            "ext-gw-mode": Proof(.put, "/routers/\(router)", gateway, 200, #""enable_snat":false"#),
            "extraroute": Proof("/routers/\(router)", #""routes":"#),
            "extraroute-atomic": Proof(
                .put, "/routers/\(router)/add_extraroutes", #"{"router": {"routes": []}}"#, 200, "routes"),
            "fip-port-details": Proof("/floatingips/\(address)", "port_details"),
            "l3_agent_scheduler": Proof("/routers/\(router)/l3-agents", "agents"),
            "router": Proof("/routers", router),
        ]
    }

    private func others() throws -> [String: Proof] {
        let pool = try cloud.make("/subnetpools", "subnetpool", #""name": "p", "prefixes": ["10.0.0.0/16"]"#)
        let scope = try cloud.make("/address-scopes", "address_scope", #""name": "s", "ip_version": 4"#)
        let group = try cloud.make("/security-groups", "security_group", #""name": "g""#)
        return [
            "address-scope": Proof("/address-scopes", scope), "agent": Proof("/agents", "agents"),
            "availability_zone": Proof("/availability_zones", "nova"),
            "default-subnetpools": Proof("/subnetpools/\(pool)", #""is_default":"#),
            "network-ip-availability": Proof("/network-ip-availabilities", "network_ip_availabilities"),
            "quota_details": Proof("/quotas/\(cloud.projectID)/details", "reserved"),
            "quotas": Proof("/quotas/\(cloud.projectID)", "subnetpool"),
            "rbac-address-scope": share("address_scope", scope), "rbac-security-groups": share("security_group", group),
            "rbac-subnetpool": share("subnetpool", pool), "security-group": Proof("/security-groups", group),
            "security-groups-normalized-cidr": Proof("/security-group-rules", "normalized_cidr"),
            "security-groups-shared-filtering": Proof("/security-groups?shared=false", "security_groups"),
            "stateful-security-group": Proof("/security-groups/\(group)", #""stateful":"#),
            "subnet_allocation": Proof("/subnetpools/\(pool)", "default_prefixlen"),
        ]
    }

    private func share(_ kind: String, _ id: String) -> Proof {
        let json = """
            {"rbac_policy": {"object_type": "\(kind)", "object_id": "\(id)", "action": "access_as_shared",
                "target_tenant": "\(cloud.projectID)"}}
            """
        return Proof(.post, "/rbac-policies", json, 201, kind)
    }
}
