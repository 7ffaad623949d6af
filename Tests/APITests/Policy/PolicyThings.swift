/// How the things are made that rows speak of as `{server}`.
enum PolicyThings {
    /// Requests that make a thing; a later one may speak of it as `{this}`, all of them of other things.
    struct Recipe: Sendable {
        let requests: [String]
        /// Where the first answer has its identifier, or what it is called anyhow.
        let id: String
        let isLiteral: Bool
        let isAdmins: Bool
        /// Whether there is work to do until it is there.
        let hasJobs: Bool
    }

    /// Made by the member.
    private static func own(_ id: String, _ requests: String..., jobs: Bool = false) -> Recipe {
        Recipe(requests: requests, id: id, isLiteral: false, isAdmins: false, hasJobs: jobs)
    }

    /// Made by the administrator.
    private static func admins(_ id: String, _ requests: String...) -> Recipe {
        Recipe(requests: requests, id: id, isLiteral: false, isAdmins: true, hasJobs: false)
    }

    /// Made by the member under a name.
    private static func named(_ name: String, _ requests: String..., isAdmins: Bool = false) -> Recipe {
        Recipe(requests: requests, id: name, isLiteral: true, isAdmins: isAdmins, hasJobs: false)
    }

    static let all = compute.merging(network) { $1 }.merging(image) { $1 }.merging(identity) { $1 }

    private static let compute = [
        "server": own(
            "server.id",
            #"""
            POST@2.37 /compute/v2.1/servers {"server": {"name": "{new}", "imageRef": "{publicimage}", "flavorRef": "1",
              "networks": "none", "metadata": {"a": "b"}}}
            """#, jobs: true),
        "interface": own(
            "interfaceAttachment.port_id",
            #"POST /compute/v2.1/servers/{server}/os-interface {"interfaceAttachment": {"net_id": "{subnetted}"}}"#,
            jobs: true),
        "servertag": named("t", "PUT@2.26 /compute/v2.1/servers/{server}/tags/t"),
        "flavor": admins(
            "flavor.id",
            #"POST /compute/v2.1/flavors {"flavor": {"name": "{new}", "ram": 64, "disk": 1, "vcpus": 1}}"#),
        "privateflavor": admins(
            "flavor.id",
            #"""
            POST /compute/v2.1/flavors {"flavor": {"name": "{new}", "ram": 64, "disk": 1, "vcpus": 1,
              "os-flavor-access:is_public": false}}
            """#),
        "extraspec": named(
            "hw:a", #"POST /compute/v2.1/flavors/{flavor}/os-extra_specs {"extra_specs": {"hw:a": "b"}}"#,
            isAdmins: true),
        "keypair": own("keypair.name", #"POST /compute/v2.1/os-keypairs {"keypair": {"name": "{new}"}}"#),
        "servergroup": own(
            "server_group.id",
            #"""
            POST /compute/v2.1/os-server-groups {"server_group": {"name": "{new}", "policies": ["anti-affinity"]}}
            """#),
        "hypervisor": admins("hypervisors.0.id", "GET /compute/v2.1/os-hypervisors"),
        "provider": admins("resource_providers.0.uuid", "GET /placement/resource_providers"),
        "aggregate": admins("aggregate.id", #"POST /compute/v2.1/os-aggregates {"aggregate": {"name": "{new}"}}"#),
    ]

    private static let network = [
        "network": own("network.id", #"POST /networking/v2.0/networks {"network": {"name": "{new}"}}"#),
        "subnet": own(
            "subnet.id",
            #"""
            POST /networking/v2.0/subnets {"subnet": {"network_id": "{network}", "ip_version": 4,
              "cidr": "10.9.0.0/24"}}
            """#),
        // A network that has a subnet.
        "subnetted": own(
            "subnet.network_id",
            #"""
            POST /networking/v2.0/subnets {"subnet": {"network_id": "{network}", "ip_version": 4,
              "cidr": "10.8.0.0/24"}}
            """#),
        "port": own("port.id", #"POST /networking/v2.0/ports {"port": {"network_id": "{network}"}}"#),
        "group": own(
            "security_group.id", #"POST /networking/v2.0/security-groups {"security_group": {"name": "{new}"}}"#),
        "rule": own(
            "security_group_rule.id",
            #"""
            POST /networking/v2.0/security-group-rules {"security_group_rule": {"security_group_id": "{group}",
              "direction": "ingress", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22}}
            """#),
        "router": own("router.id", #"POST /networking/v2.0/routers {"router": {"name": "{new}"}}"#),
        "subnetpool": own(
            "subnetpool.id",
            #"POST /networking/v2.0/subnetpools {"subnetpool": {"name": "{new}", "prefixes": ["10.0.0.0/8"]}}"#),
        "scope": own(
            "address_scope.id",
            #"POST /networking/v2.0/address-scopes {"address_scope": {"name": "{new}", "ip_version": 4}}"#),
        "rbac": own(
            "rbac_policy.id",
            #"""
            POST /networking/v2.0/rbac-policies {"rbac_policy": {"object_type": "network", "object_id": "{network}",
              "action": "access_as_shared", "target_tenant": "{none}"}}
            """#),
        "outside": admins(
            "subnet.network_id",
            #"""
            POST /networking/v2.0/subnets {"subnet": {"network_id": "{external}", "ip_version": 4,
              "cidr": "192.0.2.0/24"}}
            """#
        ),
        "external": admins(
            "network.id", #"POST /networking/v2.0/networks {"network": {"name": "{new}", "router:external": true}}"#),
        "everybodys": admins(
            "network.id", #"POST /networking/v2.0/networks {"network": {"name": "{new}", "shared": true}}"#,
            #"""
            POST /networking/v2.0/subnets {"subnet": {"network_id": "{this}", "ip_version": 4, "cidr": "10.8.0.0/24"}}
            """#),
        "floatingip": own(
            "floatingip.id",
            #"POST /networking/v2.0/floatingips {"floatingip": {"floating_network_id": "{outside}"}}"#),
        "agent": admins("agents.0.id", "GET /networking/v2.0/agents?binary=neutron-dhcp-agent"),
        "routingagent": admins("agents.0.id", "GET /networking/v2.0/agents?binary=neutron-l3-agent"),
    ]

    private static let image = [
        "image": own(
            "id",
            #"POST /image/v2/images {"name": "{new}", "disk_format": "raw", "container_format": "bare"}"#),
        // One that may be shared, but is with nobody.
        "shared": own("id", #"POST /image/v2/images {"visibility": "shared"}"#),
        // One that has bytes, and is its project's alone.
        "stored": own(
            "id",
            #"""
            POST /image/v2/images {"disk_format": "raw", "container_format": "bare", "visibility": "private"}
            """#, "PUT /image/v2/images/{this}/file bytes"),
        "imagetag": named("t", "PUT /image/v2/images/{image}/tags/t"),
        "recipient": own("member_id", #"POST /image/v2/images/{image}/members {"member": "{other}"}"#),
        "namespace": admins(
            "namespace", #"POST /image/v2/metadefs/namespaces {"namespace": "{new}", "visibility": "public"}"#),
        "privatenamespace": admins(
            "namespace", #"POST /image/v2/metadefs/namespaces {"namespace": "{new}", "visibility": "private"}"#),
        "object": admins("name", #"POST /image/v2/metadefs/namespaces/{namespace}/objects {"name": "o"}"#),
        "property": admins(
            "name",
            #"""
            POST /image/v2/metadefs/namespaces/{namespace}/properties {"name": "p", "title": "P", "type": "string"}
            """#),
        "metadeftag": admins("name", "POST /image/v2/metadefs/namespaces/{namespace}/tags/t"),
        "resourcetype": admins(
            "name", #"POST /image/v2/metadefs/namespaces/{namespace}/resource_types {"name": "OS::Nova::Server"}"#),
    ]

    private static let identity: [String: Recipe] = [
        "user": admins(
            "user.id", #"POST /identity/v3/users {"user": {"name": "{new}", "password": "s3cret-Word"}}"#),
        "newproject": admins(
            "project.id", #"POST /identity/v3/projects {"project": {"name": "{new}", "tags": ["t"]}}"#),
        "domain": admins(
            "domain.id", #"POST /identity/v3/domains {"domain": {"name": "{new}", "enabled": false}}"#),
        "configured": admins(
            "domain.id", #"POST /identity/v3/domains {"domain": {"name": "{new}", "enabled": false}}"#,
            #"PUT /identity/v3/domains/{this}/config {"config": {"identity": {"driver": "sql"}}}"#),
        "usergroup": admins("group.id", #"POST /identity/v3/groups {"group": {"name": "{new}"}}"#),
        "role": admins("role.id", #"POST /identity/v3/roles {"role": {"name": "{new}"}}"#),
        "region": admins("region.id", #"POST /identity/v3/regions {"region": {"id": "{new}"}}"#),
        "service": admins(
            "service.id", #"POST /identity/v3/services {"service": {"type": "kind", "name": "{new}"}}"#),
        "endpoint": admins(
            "endpoint.id",
            #"""
            POST /identity/v3/endpoints {"endpoint": {"service_id": "{service}", "interface": "public",
              "url": "http://127.0.0.1/"}}
            """#),
        "credential": own(
            "credential.id",
            #"""
            POST /identity/v3/credentials {"credential": {"user_id": "{member}", "project_id": "{project}",
              "type": "cert", "blob": "x"}}
            """#),
        "key": own(
            "credential.access",
            #"POST /identity/v3/users/{member}/credentials/OS-EC2 {"tenant_id": "{project}"}"#),
        "appcredential": own(
            "application_credential.id",
            #"""
            POST /identity/v3/users/{member}/application_credentials {"application_credential": {"name": "{new}"}}
            """#),
        "accessrule": own(
            "application_credential.access_rules.0.id",
            #"""
            POST /identity/v3/users/{member}/application_credentials {"application_credential": {"name": "{new}",
              "access_rules": [{"path": "/v2.1/servers", "method": "GET", "service": "compute"}]}}
            """#),
        "trust": own(
            "trust.id",
            #"""
            POST /identity/v3/OS-TRUST/trusts {"trust": {"trustor_user_id": "{member}", "trustee_user_id": "{outsider}",
              "impersonation": true, "project_id": "{project}", "roles": [{"name": "member"}]}}
            """#),
        "registered": admins(
            "registered_limits.0.id",
            #"""
            POST /identity/v3/registered_limits {"registered_limits": [{"service_id": "{service}",
              "resource_name": "others", "default_limit": 10}]}
            """#),
        "limit": admins(
            "limits.0.id",
            #"""
            POST /identity/v3/limits {"limits": [{"service_id": "{limited}", "project_id": "{project}",
              "resource_name": "things", "resource_limit": 5}]}
            """#),
        // A service that has a registered limit.
        "limited": admins(
            "registered_limits.0.service_id",
            #"""
            POST /identity/v3/registered_limits {"registered_limits": [{"service_id": "{service}",
              "resource_name": "things", "default_limit": 10}]}
            """#),
        "policy": admins(
            "policy.id", #"POST /identity/v3/policies {"policy": {"type": "application/json", "blob": "{}"}}"#),
        "consumer": admins(
            "consumer.id", #"POST /identity/v3/OS-OAUTH1/consumers {"consumer": {"description": "x"}}"#),
        "endpointgroup": admins(
            "endpoint_group.id",
            #"""
            POST /identity/v3/OS-EP-FILTER/endpoint_groups {"endpoint_group": {"name": "{new}",
              "filters": {"interface": "public"}}}
            """#),
    ]
}
