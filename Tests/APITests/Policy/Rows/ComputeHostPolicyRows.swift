extension PolicyTable {
    /// Hosts, services and aggregates, for administrators.
    static let computeHosts = PolicyTable(
        "nova's hosts", below: "/compute/v2.1",
        [
            "401 403 403 403 200 403": [
                #"""
                POST /os-server-external-events {"events": [{"name": "network-changed", "server_uuid": "{server}"}]}
                """#,
                "GET /os-services",
                "GET /os-hypervisors",
                "GET /os-hypervisors/detail",
                "GET /os-hypervisors/statistics",
                "GET /os-hypervisors/{hypervisor}",
                "GET /os-hypervisors/{hypervisor}/uptime",
                "GET /os-hypervisors/node1/search",
                "GET /os-hypervisors/node1/servers",
                "GET /os-aggregates",
                #"POST /os-aggregates {"aggregate": {"name": "{new}"}}"#,
                "GET /os-aggregates/{aggregate}",
                #"PUT /os-aggregates/{aggregate} {"aggregate": {"name": "{new}"}}"#,
                "DELETE /os-aggregates/{aggregate}",
                #"POST /os-aggregates/{aggregate}/action {"set_metadata": {"metadata": {"a": "b"}}}"#,
                "GET /os-hosts",
                "GET /os-hosts/node1",
                "GET /os-migrations",
                "GET /os-instance_usage_audit_log",
                "GET /os-instance_usage_audit_log/2026-01-01",
                #"PUT /os-services/enable {"host": "node1", "binary": "nova-compute"}"#,
                // Nova answers 501 for drivers that cannot keep a host free; this cloud's can.
                #"PUT /os-hosts/node1 {"status": "enable"}"#,
            ],
            "401 403 403 403 202 403": [
                #"POST@2.81 /os-aggregates/{aggregate}/images {"cache": [{"id": "{publicimage}"}]}"#
            ],
            "401 403 403 403 404 403": [
                #"PUT@2.53 /os-services/{none} {"status": "disabled"}"#,
                "DELETE@2.53 /os-services/{none}",
                "GET /os-hypervisors/77",
                "GET /os-aggregates/77",
                "GET /os-hosts/nosuch",
            ],
            "401 403 403 403 501 403": [
                "GET /os-hosts/node1/startup",
                "GET /os-hosts/node1/shutdown",
                "GET /os-hosts/node1/reboot",
            ],
        ])
}
