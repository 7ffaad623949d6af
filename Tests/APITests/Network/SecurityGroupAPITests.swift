import Foundation
import HTTP
import Testing

@Suite struct `Security groups over JSON` {
    private let cloud: NetworkCloud

    init() throws { cloud = try NetworkCloud() }

    private func refusal(_ group: String, _ attributes: String) -> String {
        cloud.refusal(
            .post, "/security-group-rules",
            #"{"security_group_rule": {"security_group_id": "\#(group)", \#(attributes)}}"#)
    }

    @Test func `every project has its default group, with neutron's four rules`() {
        let answer = cloud.ask(.get, "/security-groups?name=default")
        #expect(answer.list("security_groups").count == 1)
        #expect(answer.list("security_groups.0.security_group_rules").count == 4)
        #expect(
            answer.members("security_groups.0.security_group_rules.0") == [
                "created_at", "description", "direction", "ethertype", "id", "normalized_cidr", "port_range_max",
                "port_range_min", "project_id", "protocol", "remote_address_group_id", "remote_group_id",
                "remote_ip_prefix", "revision_number", "security_group_id", "tags", "tenant_id", "updated_at",
            ])
    }

    @Test func `rules are tagged, which is the one thing of them that changes`() throws {
        let group = try cloud.make("/security-groups", "security_group", #""name": "web""#)
        let rule = try cloud.make(
            "/security-group-rules", "security_group_rule",
            #""security_group_id": "\#(group)", "direction": "ingress", "protocol": "tcp""#)
        let path = "/security-group-rules/\(rule)"
        #expect(cloud.ask(.get, path)["security_group_rule.revision_number"] as? Int == 0)
        #expect(cloud.ask(.put, path + "/tags/red").status == 201)
        #expect(cloud.ask(.put, path + "/tags", #"{"tags": ["red", "blue"]}"#).status == 200)
        let shown = cloud.ask(.get, path)
        #expect(shown["security_group_rule.tags"] as? [String] == ["blue", "red"])
        #expect(shown["security_group_rule.revision_number"] as? Int == 2)
        let rules = cloud.ask(.get, "/security-groups/\(group)").list("security_group.security_group_rules")
        let tags = rules.compactMap { ($0 as? [String: Any])?["tags"] as? [String] }
        #expect(tags.contains(["blue", "red"]))
        #expect(cloud.ask(.get, "/security-group-rules?tags=red").list("security_group_rules").count == 1)
        #expect(cloud.ask(.put, path + "/tags/green", as: cloud.stranger).status == 404)
        #expect(cloud.ask(.delete, path).status == 204)
        #expect(cloud.ask(.get, path + "/tags").status == 404)
    }

    @Test func `rules are made from numbers and texts, filtered, and removed`() throws {
        let group = try cloud.make("/security-groups", "security_group", #""name": "web", "description": "d""#)
        let rule = try cloud.make(
            "/security-group-rules", "security_group_rule",
            """
            "security_group_id": "\(group)", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp",
            "port_range_min": 22, "port_range_max": "22", "remote_ip_prefix": "10.0.0.0/8"
            """)
        let answer = cloud.ask(.get, "/security-group-rules?security_group_id=\(group)&protocol=tcp")
        #expect(answer.list("security_group_rules").count == 1)
        #expect(answer["security_group_rules.0.port_range_max"] as? Int == 22)
        #expect(answer.text("security_group_rules.0.remote_ip_prefix") == "10.0.0.0/8")
        #expect(cloud.refusal(.get, "/security-group-rules/\(rule)", as: cloud.stranger).hasPrefix("404"))
        #expect(cloud.ask(.delete, "/security-group-rules/\(rule)").status == 204)
        #expect(cloud.ask(.put, "/security-groups/\(group)", #"{"security_group": {"name": "w"}}"#).status == 200)
        #expect(cloud.ask(.delete, "/security-groups/\(group)").status == 204)
    }

    @Test func `refusals have neutron's names`() throws {
        let group = try cloud.make("/security-groups", "security_group", #""name": "web""#)
        let tcp = #""direction": "ingress", "protocol": "tcp""#
        #expect(refusal(group, #"\#(tcp), "port_range_min": 9, "port_range_max": 8"#).hasSuffix("InvalidPortRange"))
        #expect(refusal(group, #"\#(tcp), "port_range_min": -9, "port_range_max": 8"#).hasPrefix("400 Security"))
        #expect(refusal(group, #""direction": "x""#) == "400 InvalidInput")
        #expect(refusal(group, #""direction": "ingress", "ethertype": "x""#) == "400 SecurityGroupRuleInvalidEtherType")
        #expect(refusal(group, #""direction": "ingress", "protocol": "x""#) == "400 SecurityGroupRuleInvalidProtocol")
        #expect(refusal(group, #""direction": "egress", "ethertype": "IPv4""#) == "409 SecurityGroupRuleExists")
        #expect(refusal(group, #""port_range_min": 1"#) == "400 HTTPBadRequest")
        let elsewhere = "01234567-0123-4123-8123-012345678901"
        #expect(refusal(elsewhere, #""direction": "egress""#) == "404 SecurityGroupNotFound")
        #expect(
            cloud.refusal(.post, "/security-groups", #"{"security_group": {"name": "default"}}"#)
                == "409 SecurityGroupDefaultAlreadyExists")
        let standard = try #require(cloud.ask(.get, "/security-groups?name=default").text("security_groups.0.id"))
        #expect(cloud.refusal(.delete, "/security-groups/\(standard)") == "409 SecurityGroupCannotRemoveDefault")
    }
}
