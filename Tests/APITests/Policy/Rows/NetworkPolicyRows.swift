extension PolicyTable {
    /// Networks, subnets, ports, pools, shares and agents. Lists of what one may not see are empty.
    static let network = PolicyTable(
        "neutron's networks, subnets and ports", below: "/networking",
        [
            "200 200 200 200 200 200": [
                "GET /"
            ],
            "401 200 200 200 200 200": [
                "GET /v2.0",
                "GET /v2.0/extensions",
                "GET /v2.0/extensions.json",
                "GET /v2.0/extensions/router",
                "GET /v2.0/networks",
                "GET /v2.0/networks.json",
                "GET /v2.0/subnets",
                "GET /v2.0/subnets.json",
                "GET /v2.0/ports",
                "GET /v2.0/ports.json",
                "GET /v2.0/subnetpools",
                "GET /v2.0/subnetpools.json",
                "GET /v2.0/address-scopes",
                "GET /v2.0/address-scopes.json",
                "GET /v2.0/rbac-policies",
                "GET /v2.0/rbac-policies.json",
                "GET /v2.0/agents",
                "GET /v2.0/agents.json",
                "GET /v2.0/availability_zones",
                "GET /v2.0/availability_zones.json",
                "GET /v2.0/network-ip-availabilities",
            ],
            "401 404 404 404 404 404": [
                "GET /v2.0/availability_zones/nova",
                "GET /v2.0/networks/{none}",
                "GET /v2.0/networks/{network}/tags/nosuch",
                "GET /v2.0/subnets/{subnet}/tags/nosuch",
                "GET /v2.0/ports/{port}/tags/nosuch",
                "GET /v2.0/subnetpools/{subnetpool}/tags/nosuch",
                "DELETE /v2.0/agents/{none}",
            ],
            "401 403 201 201 201 403": [
                #"POST /v2.0/networks {"network": {"name": "{new}"}}"#,
                #"POST /v2.0/networks.json {"network": {"name": "{new}"}}"#,
                #"POST /v2.0/subnetpools {"subnetpool": {"name": "{new}", "prefixes": ["10.0.0.0/8"]}}"#,
                #"POST /v2.0/subnetpools.json {"subnetpool": {"name": "{new}", "prefixes": ["10.0.0.0/8"]}}"#,
                #"POST /v2.0/address-scopes {"address_scope": {"name": "{new}", "ip_version": 4}}"#,
                #"POST /v2.0/address-scopes.json {"address_scope": {"name": "{new}", "ip_version": 4}}"#,
                #"POST /v2.0/ports {"port": {"network_id": "{everybodys}"}}"#,
            ],
            "401 403 403 403 201 403": [
                #"POST /v2.0/networks {"network": {"name": "{new}", "shared": true}}"#,
                #"POST /v2.0/networks {"network": {"name": "{new}", "router:external": true}}"#,
                #"POST /v2.0/networks {"network": {"name": "{new}", "project_id": "{none}"}}"#,
                #"""
                POST /v2.0/networks {"network": {"name": "{new}", "provider:network_type": "vlan",
                  "provider:physical_network": "physnet1", "provider:segmentation_id": 3}}
                """#,
                #"""
                POST /v2.0/subnetpools {"subnetpool": {"name": "{new}", "prefixes": ["10.0.0.0/8"], "shared": true}}
                """#,
                #"POST /v2.0/address-scopes {"address_scope": {"name": "{new}", "ip_version": 4, "shared": true}}"#,
                #"""
                POST /v2.0/rbac-policies {"rbac_policy": {"object_type": "network", "object_id": "{network}",
                  "action": "access_as_shared", "target_tenant": "*"}}
                """#,
                #"""
                POST /v2.0/subnets {"subnet": {"network_id": "{everybodys}", "ip_version": 4, "cidr": "10.3.0.0/24"}}
                """#,
                #"""
                POST /v2.0/ports {"port": {"network_id": "{everybodys}", "fixed_ips": [{"ip_address": "10.8.0.77"}]}}
                """#,
                #"POST /v2.0/ports {"port": {"network_id": "{everybodys}", "device_owner": "network:box"}}"#,
            ],
            "401 403 201 403 201 403": [
                #"POST /v2.0/subnets {"subnet": {"network_id": "{network}", "ip_version": 4, "cidr": "10.1.0.0/24"}}"#,
                #"""
                POST /v2.0/subnets.json {"subnet": {"network_id": "{network}", "ip_version": 4, "cidr":
                  "10.2.0.0/24"}}
                """#,
                #"POST /v2.0/ports {"port": {"network_id": "{network}"}}"#,
                #"POST /v2.0/ports.json {"port": {"network_id": "{network}"}}"#,
            ],
            // What is not the caller's to share is bad input to neutron (`_validate_network_rbac_policy_change`).
            "401 403 201 400 201 403": [
                #"""
                POST /v2.0/rbac-policies {"rbac_policy": {"object_type": "network", "object_id": "{network}",
                  "action": "access_as_shared", "target_tenant": "{none}"}}
                """#,
                #"""
                POST /v2.0/rbac-policies.json {"rbac_policy": {"object_type": "network", "object_id": "{network}",
                  "action": "access_as_shared", "target_tenant": "{none}"}}
                """#,
            ],
            "401 403 400 400 201 403": [
                #"""
                POST /v2.0/rbac-policies {"rbac_policy": {"object_type": "network", "object_id": "{everybodys}",
                  "action": "access_as_shared", "target_tenant": "{none}"}}
                """#
            ],
            "401 200 200 404 200 404": [
                "GET /v2.0/networks/{network}",
                "GET /v2.0/networks/{network}/tags",
                "GET /v2.0/subnets/{subnet}",
                "GET /v2.0/subnets/{subnet}/tags",
                "GET /v2.0/ports/{port}",
                "GET /v2.0/ports/{port}/tags",
                "GET /v2.0/subnetpools/{subnetpool}",
                "GET /v2.0/subnetpools/{subnetpool}/tags",
                "GET /v2.0/address-scopes/{scope}",
                "GET /v2.0/rbac-policies/{rbac}",
            ],
            "401 200 200 200 200 404": [
                "GET /v2.0/networks/{everybodys}"
            ],
            "401 403 403 403 200 404": [
                #"PUT /v2.0/networks/{everybodys} {"network": {"name": "x"}}"#
            ],
            "401 403 200 404 200 404": [
                #"PUT /v2.0/networks/{network} {"network": {"name": "x"}}"#,
                #"PUT /v2.0/networks/{network}/tags {"tags": ["a"]}"#,
                #"PUT /v2.0/subnets/{subnet} {"subnet": {"name": "x"}}"#,
                #"PUT /v2.0/subnets/{subnet}/tags {"tags": ["a"]}"#,
                #"PUT /v2.0/ports/{port} {"port": {"name": "x"}}"#,
                #"PUT /v2.0/ports/{port}/tags {"tags": ["a"]}"#,
                #"PUT /v2.0/subnetpools/{subnetpool} {"subnetpool": {"name": "x"}}"#,
                #"PUT /v2.0/subnetpools/{subnetpool}/tags {"tags": ["a"]}"#,
                #"PUT /v2.0/address-scopes/{scope} {"address_scope": {"name": "x"}}"#,
                #"PUT /v2.0/rbac-policies/{rbac} {"rbac_policy": {"target_tenant": "{other}"}}"#,
            ],
            "401 403 403 404 200 404": [
                #"PUT /v2.0/networks/{network} {"network": {"shared": true}}"#,
                #"PUT /v2.0/networks/{network} {"network": {"router:external": true}}"#,
                #"PUT /v2.0/ports/{port} {"port": {"mac_address": "fa:16:3e:00:00:07"}}"#,
            ],
            "401 403 201 404 201 404": [
                "PUT /v2.0/networks/{network}/tags/t",
                "PUT /v2.0/subnets/{subnet}/tags/t",
                "PUT /v2.0/ports/{port}/tags/t",
                "PUT /v2.0/subnetpools/{subnetpool}/tags/t",
            ],
            "401 403 204 404 204 404": [
                "DELETE /v2.0/networks/{network}",
                "DELETE /v2.0/networks/{network}/tags",
                "DELETE /v2.0/subnets/{subnet}",
                "DELETE /v2.0/subnets/{subnet}/tags",
                "DELETE /v2.0/ports/{port}",
                "DELETE /v2.0/ports/{port}/tags",
                "DELETE /v2.0/subnetpools/{subnetpool}",
                "DELETE /v2.0/subnetpools/{subnetpool}/tags",
                "DELETE /v2.0/address-scopes/{scope}",
                "DELETE /v2.0/rbac-policies/{rbac}",
            ],
            "401 403 404 404 404 404": [
                "DELETE /v2.0/networks/{network}/tags/nosuch",
                "DELETE /v2.0/subnets/{subnet}/tags/nosuch",
                "DELETE /v2.0/ports/{port}/tags/nosuch",
                "DELETE /v2.0/subnetpools/{subnetpool}/tags/nosuch",
            ],
            "401 404 404 404 200 404": [
                "GET /v2.0/agents/{agent}",
                #"PUT /v2.0/agents/{agent} {"agent": {"admin_state_up": true}}"#,
                #"PUT /v2.0/agents/{agent} {"agent": {"description": "x"}}"#,
                "GET /v2.0/network-ip-availabilities/{network}",
            ],
            "401 403 403 403 200 403": [
                "GET /v2.0/networks/{network}/dhcp-agents",
                "GET /v2.0/agents/{agent}/dhcp-networks",
            ],
            "401 403 403 403 404 403": [
                #"POST /v2.0/agents/{none}/dhcp-networks {"network_id": "{none}"}"#,
                "DELETE /v2.0/agents/{none}/dhcp-networks/{none}",
            ],
        ])
}
