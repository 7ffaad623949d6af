import Foundation
import HTTP
import Testing

@Suite struct `What neutron has beside networks` {
    private let cloud: NetworkCloud

    init() throws { cloud = try NetworkCloud() }

    @Test func `subnet pools and address scopes`() throws {
        let scope = try cloud.make("/address-scopes", "address_scope", #""name": "s", "ip_version": 4"#)
        let pool = try cloud.make(
            "/subnetpools", "subnetpool",
            #""name": "p", "prefixes": ["10.0.0.0/16"], "default_prefixlen": "24", "address_scope_id": "\#(scope)""#)
        let network = try cloud.make("/networks", "network", "")
        let cut = cloud.ask(
            .post, "/subnets",
            #"{"subnet": {"network_id": "\#(network)", "ip_version": 4, "subnetpool_id": "\#(pool)"}}"#)
        #expect(cut.text("subnet.cidr") == "10.0.0.0/24" && cut.text("subnet.subnetpool_id") == pool)
        #expect(cloud.ask(.get, "/networks/\(network)").text("network.ipv4_address_scope") == scope)
        let free = cloud.ask(.put, "/subnetpools/\(pool)", #"{"subnetpool": {"address_scope_id": null}}"#)
        #expect(free["subnetpool.address_scope_id"] is NSNull)
        #expect(cloud.ask(.put, "/subnetpools/\(pool)/tags/x").status == 201)
        #expect(cloud.ask(.get, "/subnetpools?tags=x")["subnetpools.0.tags"] as? [String] == ["x"])
        #expect(cloud.refusal(.delete, "/subnetpools/\(pool)").hasPrefix("409"))
        #expect(cloud.ask(.put, "/address-scopes/\(scope)", #"{"address_scope": {"name": "t"}}"#).status == 200)
        let share = #"{"address_scope": {"shared": true}}"#
        #expect(cloud.refusal(.put, "/address-scopes/\(scope)", share) == "403 PolicyNotAuthorized")
        let shared = cloud.ask(.put, "/address-scopes/\(scope)", share, as: cloud.admin)
        #expect(shared["address_scope.shared"] as? Bool == true)
        #expect(cloud.ask(.get, "/address-scopes/\(scope)", as: cloud.stranger).status == 200)
    }

    @Test func `policies share a network with one project`() throws {
        let network = try cloud.network().network
        let bob = cloud.ask(.get, "/security-groups", as: cloud.stranger).text("security_groups.0.project_id") ?? ""
        let policy = try cloud.make(
            "/rbac-policies", "rbac_policy",
            """
            "object_type": "network", "object_id": "\(network)", "action": "access_as_shared", "target_tenant": "\(bob)"
            """)
        #expect(cloud.ask(.get, "/networks/\(network)", as: cloud.stranger).status == 200)
        #expect(cloud.ask(.get, "/networks?shared=True", as: cloud.stranger).list("networks").count == 1)
        #expect(cloud.ask(.get, "/networks?shared=True").list("networks").isEmpty)
        #expect(cloud.ask(.get, "/rbac-policies?object_id=\(network)").list("rbac_policies").count == 1)
        #expect(cloud.ask(.delete, "/rbac-policies/\(policy)").status == 204)
        #expect(cloud.ask(.get, "/networks/\(network)", as: cloud.stranger).status == 404)
    }

    @Test func `quotas are shown, set, and set back`() throws {
        let path = "/quotas/\(cloud.projectID)"
        #expect(cloud.ask(.get, path)["quota.network"] as? Int == 100)
        #expect(cloud.refusal(.put, path, #"{"quota": {"network": 1}}"#) == "403 PolicyNotAuthorized")
        let set = cloud.ask(.put, path, #"{"quota": {"network": 1, "subnetpool": "-1"}}"#, as: cloud.admin)
        #expect(set["quota.network"] as? Int == 1 && set["quota.subnetpool"] as? Int == -1)
        _ = try cloud.network()
        #expect(cloud.refusal(.post, "/networks", #"{"network": {}}"#) == "409 OverQuota")
        let details = cloud.ask(.get, path + "/details")
        #expect(details["quota.network.used"] as? Int == 1 && details["quota.network.limit"] as? Int == 1)
        // What the client sends beside the limits, and what needs to be asked for twice.
        let none = #"{"quota": {"network": 0, "check_limit": false}}"#
        #expect(cloud.ask(.put, path, none, as: cloud.admin).status == 400)
        let forced = cloud.ask(.put, path, #"{"quota": {"network": 0, "force": true}}"#, as: cloud.admin)
        #expect(forced["quota.network"] as? Int == 0)
        #expect(cloud.ask(.put, path, #"{"quota": {"network": 1, "force": "x"}}"#, as: cloud.admin).status == 400)
        #expect(cloud.ask(.get, path + "/default")["quota.network"] as? Int == 100)
        #expect(cloud.ask(.get, "/quotas", as: cloud.admin).text("quotas.0.project_id") == cloud.projectID)
        #expect(cloud.ask(.put, path, #"{"quota": {"colour": 1}}"#, as: cloud.admin).status == 400)
        #expect(cloud.ask(.put, path, #"{"quota": {"network": -2}}"#, as: cloud.admin).status == 400)
        #expect(cloud.ask(.delete, path, as: cloud.admin).status == 204)
        #expect(cloud.ask(.get, path)["quota.network"] as? Int == 100)
        #expect(cloud.refusal(.get, path, as: cloud.stranger) == "403 PolicyNotAuthorized")
    }

    @Test func `extensions are named that are served, and no others`() {
        let answer = cloud.ask(.get, "/extensions")
        let aliases = answer.list("extensions").compactMap { ($0 as? [String: Any])?["alias"] as? String }
        #expect(aliases.contains("router") && aliases.contains("standard-attr-tag"))
        #expect(answer.members("extensions.0") == ["alias", "description", "links", "name", "updated"])
        for alias in aliases { #expect(cloud.ask(.get, "/extensions/\(alias)").text("extension.alias") == alias) }
        for alias in ["tag-ports-during-bulk-creation", "external-gateway-multihoming", "Availability%20Zone"] {
            #expect(cloud.refusal(.get, "/extensions/\(alias)") == "404 ExtensionNotFound")
        }
        for path in [
            "/qos/policies", "/segments", "/trunks", "/metering/metering-labels", "/flavors", "/service-providers",
        ] {
            #expect(cloud.ask(.get, path).status == 404)
        }
    }

    @Test func `agents are administrators' to see, zones everybody's`() {
        #expect(cloud.ask(.get, "/agents").list("agents").isEmpty)
        #expect(cloud.ask(.get, "/agents", as: cloud.admin).status == 200)
        #expect(cloud.refusal(.get, "/agents/x") == "404 AgentNotFound")
        let zones = cloud.ask(.get, "/availability_zones?resource=router")
        #expect(zones.list("availability_zones").count == 1)
        #expect(zones.text("availability_zones.0.state") == "available")
    }

    @Test func `the use of addresses is counted for administrators`() throws {
        let (network, subnet) = try cloud.network()
        #expect(cloud.ask(.get, "/network-ip-availabilities").list("network_ip_availabilities").isEmpty)
        #expect(cloud.ask(.get, "/network-ip-availabilities/\(network)").status == 404)
        let answer = cloud.ask(.get, "/network-ip-availabilities?ip_version=4&network_id=\(network)", as: cloud.admin)
        let place = "network_ip_availabilities.0"
        #expect(answer.text(place + ".network_name") == "net1")
        #expect(answer[place + ".total_ips"] as? Int == 253 && answer[place + ".used_ips"] as? Int == 1)
        #expect(answer.text(place + ".subnet_ip_availability.0.subnet_id") == subnet)
        #expect(cloud.ask(.get, "/network-ip-availabilities/\(network)", as: cloud.admin).status == 200)
    }

    @Test func `the index names every kind of resource`() {
        for path in ["", "/"] {
            let answer = cloud.ask(.get, path)
            let names = answer.list("resources").compactMap { ($0 as? [String: Any])?["name"] as? String }
            #expect(Set(["network", "subnet", "port", "router", "security_group"]).isSubset(of: names))
        }
    }
}
