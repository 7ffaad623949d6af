extension PolicyTable {
    /// Flavors, key pairs, server groups, quotas and use.
    static let compute = PolicyTable(
        "nova's flavors, key pairs, server groups and quotas", below: "/compute",
        [
            "200 200 200 200 200 200": [
                "GET /",
                "GET /v2.1",
                "GET /v2",
            ],
            "401 200 200 200 200 200": [
                "GET /v2.1/flavors",
                "GET /v2.1/flavors/detail",
                "GET /v2.1/flavors/{flavor}",
            ],
            "401 200 200 200 200 403": [
                "GET /v2.1/extensions",
                "GET /v2.1/extensions/os-keypairs",
                "GET /v2.1/flavors/{flavor}/os-extra_specs",
                "GET /v2.1/os-keypairs",
                "GET /v2.1/os-server-groups",
                "GET /v2.1/limits",
                "GET /v2.1/os-quota-sets/{project}/defaults",
                "GET /v2.1/os-availability-zone",
                #"POST /v2.1/os-keypairs {"keypair": {"name": "{new}"}}"#,
            ],
            "401 404 404 404 200 404": [
                "GET /v2.1/flavors/{privateflavor}"
            ],
            "401 403 403 403 200 403": [
                #"POST /v2.1/flavors {"flavor": {"name": "{new}", "ram": 64, "disk": 1, "vcpus": 1}}"#,
                #"PUT@2.55 /v2.1/flavors/{flavor} {"flavor": {"description": "x"}}"#,
                #"POST /v2.1/flavors/{flavor}/os-extra_specs {"extra_specs": {"hw:a": "b"}}"#,
                #"PUT /v2.1/flavors/{flavor}/os-extra_specs/hw:a {"hw:a": "b"}"#,
                "GET /v2.1/flavors/{privateflavor}/os-flavor-access",
                #"POST /v2.1/flavors/{privateflavor}/action {"addTenantAccess": {"tenant": "{project}"}}"#,
                #"PUT /v2.1/os-quota-sets/{project} {"quota_set": {"cores": -1}}"#,
                "GET /v2.1/os-quota-class-sets/default",
                #"PUT /v2.1/os-quota-class-sets/default {"quota_class_set": {"cores": 20}}"#,
                "GET /v2.1/os-simple-tenant-usage",
                "GET /v2.1/os-availability-zone/detail",
            ],
            "401 200 200 403 200 403": [
                "GET /v2.1/limits?tenant_id={project}",
                "GET /v2.1/os-server-groups/{servergroup}",
                "GET /v2.1/os-quota-sets/{project}",
                "GET /v2.1/os-quota-sets/{project}/detail",
                "GET /v2.1/os-simple-tenant-usage/{project}",
            ],
            "401 403 403 403 202 403": [
                "DELETE /v2.1/flavors/{flavor}",
                "DELETE /v2.1/os-quota-sets/{other}",
            ],
            "401 403 403 403 404 403": [
                "GET /v2.1/flavors/{flavor}/os-flavor-access",
                "DELETE /v2.1/flavors/{flavor}/os-extra_specs/hw:a",
            ],
            "401 404 404 404 404 403": [
                "GET /v2.1/flavors/{flavor}/os-extra_specs/hw:a"
            ],
            "401 404 200 404 404 403": [
                "GET /v2.1/os-keypairs/{keypair}"
            ],
            "401 404 202 404 404 403": [
                "DELETE /v2.1/os-keypairs/{keypair}"
            ],
            "401 403 403 200 200 403": [
                "GET@2.10 /v2.1/os-keypairs?user_id={outsider}&limit=1"
            ],
            "401 403 200 200 200 403": [
                #"POST /v2.1/os-server-groups {"server_group": {"name": "{new}", "policies": ["affinity"]}}"#
            ],
            "401 403 204 403 204 403": [
                "DELETE /v2.1/os-server-groups/{servergroup}"
            ],
        ])
}
