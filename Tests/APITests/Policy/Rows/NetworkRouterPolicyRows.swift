extension PolicyTable {
    /// Routers, floating IPs, security groups and quotas.
    static let networkRouters = PolicyTable(
        "neutron's routers, floating IPs, security groups and quotas", below: "/networking/v2.0",
        [
            "401 200 200 200 200 200": [
                "GET /security-groups",
                "GET /security-groups.json",
                "GET /security-group-rules",
                "GET /security-group-rules.json",
                "GET /routers",
                "GET /routers.json",
                "GET /floatingips",
                "GET /floatingips.json",
            ],
            "401 403 201 201 201 403": [
                #"POST /security-groups {"security_group": {"name": "{new}"}}"#,
                #"POST /security-groups.json {"security_group": {"name": "{new}"}}"#,
                #"POST /routers {"router": {"name": "{new}"}}"#,
                #"POST /routers.json {"router": {"name": "{new}"}}"#,
                #"POST /floatingips {"floatingip": {"floating_network_id": "{outside}"}}"#,
                #"POST /floatingips.json {"floatingip": {"floating_network_id": "{outside}"}}"#,
            ],
            "401 403 403 403 201 403": [
                #"""
                POST /floatingips {"floatingip": {"floating_network_id": "{outside}", "floating_ip_address":
                  "192.0.2.50"}}
                """#
            ],
            "401 403 201 403 201 403": [
                #"""
                POST /security-group-rules {"security_group_rule": {"security_group_id": "{group}", "direction":
                  "ingress", "protocol": "udp"}}
                """#,
                #"""
                POST /security-group-rules.json {"security_group_rule": {"security_group_id": "{group}", "direction":
                  "ingress", "protocol": "udp"}}
                """#,
            ],
            "401 200 200 404 200 404": [
                "GET /security-groups/{group}",
                "GET /security-groups/{group}/tags",
                "GET /security-group-rules/{rule}/tags",
                "GET /security-group-rules/{rule}",
                "GET /routers/{router}",
                "GET /routers/{router}/tags",
                "GET /floatingips/{floatingip}",
                "GET /floatingips/{floatingip}/tags",
            ],
            // Neutron's controller of quotas asks for no rule about the own project, and refuses others'.
            "401 200 200 403 200 403": [
                "GET /quotas/{project}",
                "GET /quotas/{project}/default",
                "GET /quotas/{project}/details",
                "GET /quotas/{project}/details.json",
            ],
            "401 404 404 404 404 404": [
                "GET /security-groups/{group}/tags/nosuch",
                "GET /security-group-rules/{rule}/tags/nosuch",
                "GET /routers/{router}/tags/nosuch",
                "GET /floatingips/{floatingip}/tags/nosuch",
            ],
            "401 403 200 404 200 404": [
                #"PUT /security-groups/{group} {"security_group": {"name": "{new}"}}"#,
                #"PUT /security-groups/{group}/tags {"tags": ["a"]}"#,
                #"PUT /security-group-rules/{rule}/tags {"tags": ["a"]}"#,
                #"PUT /routers/{router} {"router": {"name": "x"}}"#,
                #"PUT /routers/{router}/tags {"tags": ["a"]}"#,
                #"PUT /floatingips/{floatingip} {"floatingip": {"port_id": null}}"#,
                #"PUT /floatingips/{floatingip}/tags {"tags": ["a"]}"#,
                #"PUT /routers/{router}/add_router_interface {"subnet_id": "{subnet}"}"#,
                #"PUT /routers/{router}/add_extraroutes {"router": {"routes": []}}"#,
                #"PUT /routers/{router}/remove_extraroutes {"router": {"routes": []}}"#,
            ],
            "401 403 403 404 200 404": [
                #"""
                PUT /routers/{router} {"router": {"external_gateway_info": {"network_id": "{outside}", "enable_snat":
                  false}}}
                """#
            ],
            "401 403 404 404 404 404": [
                #"PUT /routers/{router}/remove_router_interface {"subnet_id": "{subnet}"}"#,
                "DELETE /security-groups/{group}/tags/nosuch",
                "DELETE /security-group-rules/{rule}/tags/nosuch",
                "DELETE /routers/{router}/tags/nosuch",
                "DELETE /floatingips/{floatingip}/tags/nosuch",
            ],
            "401 403 201 404 201 404": [
                "PUT /security-groups/{group}/tags/t",
                "PUT /security-group-rules/{rule}/tags/t",
                "PUT /routers/{router}/tags/t",
                "PUT /floatingips/{floatingip}/tags/t",
            ],
            "401 403 204 404 204 404": [
                "DELETE /security-groups/{group}",
                "DELETE /security-groups/{group}/tags",
                "DELETE /security-group-rules/{rule}/tags",
                "DELETE /security-group-rules/{rule}",
                "DELETE /routers/{router}",
                "DELETE /routers/{router}/tags",
                "DELETE /floatingips/{floatingip}",
                "DELETE /floatingips/{floatingip}/tags",
            ],
            "401 403 403 403 200 403": [
                "GET /quotas",
                #"PUT /quotas/{project} {"quota": {"port": -1}}"#,
                "GET /routers/{router}/l3-agents",
                "GET /agents/{routingagent}/l3-routers",
            ],
            "401 403 403 403 404 403": [
                #"POST /agents/{none}/l3-routers {"router_id": "{none}"}"#,
                "DELETE /agents/{none}/l3-routers/{none}",
            ],
            "401 403 403 403 204 403": [
                "DELETE /quotas/{other}"
            ],
        ])
}
