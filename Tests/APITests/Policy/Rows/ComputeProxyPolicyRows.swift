extension PolicyTable {
    /// What nova passes on to neutron and glance, and what is gone.
    static let computeProxies = PolicyTable(
        "nova's proxies, and what it has given up", below: "/compute/v2.1",
        [
            "401 200 200 200 200 403": [
                "GET /os-security-groups",
                "GET /os-floating-ips",
                "GET /os-floating-ip-pools",
                "GET /os-networks",
                "GET /os-tenant-networks",
                "GET /images",
                "GET /images/detail",
            ],
            "401 403 200 200 200 403": [
                #"POST /os-security-groups {"security_group": {"name": "{new}", "description": "x"}}"#,
                #"POST /os-floating-ips {"pool": "{outside}"}"#,
            ],
            "401 200 200 404 200 403": [
                "GET /os-security-groups/{group}",
                "GET /os-floating-ips/{floatingip}",
                "GET /os-networks/{network}",
                "GET /os-tenant-networks/{network}",
            ],
            "401 403 200 404 200 403": [
                #"PUT /os-security-groups/{group} {"security_group": {"name": "{new}", "description": "x"}}"#,
                #"""
                POST /os-security-group-rules {"security_group_rule": {"parent_group_id": "{group}", "ip_protocol":
                  "tcp", "from_port": 1, "to_port": 2}}
                """#,
            ],
            "401 403 202 404 202 403": [
                "DELETE /os-security-groups/{group}",
                "DELETE /os-security-group-rules/{rule}",
                "DELETE /os-floating-ips/{floatingip}",
            ],
            "401 404 404 404 404 404": [
                "DELETE /os-security-groups",
                "GET /images/{stored}/metadata/a",
                "DELETE /images/{stored}/metadata/a",
            ],
            "401 200 200 404 200 404": [
                "GET /images/{stored}",
                "GET /images/{stored}/metadata",
            ],
            "401 403 200 404 200 404": [
                #"POST /images/{stored}/metadata {"metadata": {"a": "b"}}"#,
                #"PUT /images/{stored}/metadata {"metadata": {"a": "b"}}"#,
                #"PUT /images/{stored}/metadata/a {"meta": {"a": "b"}}"#,
            ],
            "401 403 204 404 204 404": [
                "DELETE /images/{stored}"
            ],
            "401 410 410 410 410 410": gone,
        ])

    private static let gone = [
        "os-agents", "os-cells", "os-certificates", "os-cloudpipe", "os-fixed-ips", "os-floating-ip-dns",
        "os-floating-ips-bulk", "os-fping", "os-baremetal-nodes", "os-security-group-default-rules", "os-consoles",
    ].flatMap { name in
        ["GET", "POST", "PUT", "DELETE"].flatMap { ["\($0) /\(name)", "\($0) /\(name)/x"] }
    }
}
