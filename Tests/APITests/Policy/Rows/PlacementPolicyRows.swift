extension PolicyTable {
    /// Placement is for administrators and services (`admin_or_service_api`), but for a project's own use, which its
    /// readers see (`admin_or_project_reader_or_service_api`). Rules come before anything is looked for.
    static let placement = PolicyTable(
        "placement", below: "/placement",
        [
            "200 200 200 200 200 200": [
                "GET /"
            ],
            "401 403 403 403 200 403": [
                "GET /resource_providers",
                "GET /resource_providers/{provider}",
                "GET /resource_providers/{provider}/inventories",
                "GET /resource_providers/{provider}/inventories/VCPU",
                "GET /resource_providers/{provider}/usages",
                "GET /resource_providers/{provider}/allocations",
                "GET@1.39 /resource_providers/{provider}/aggregates",
                "GET@1.39 /resource_providers/{provider}/traits",
                "GET /allocations/{server}",
                "GET@1.39 /allocation_candidates?resources=VCPU:1",
                "GET@1.39 /resource_classes",
                "GET@1.39 /resource_classes/VCPU",
                "GET@1.39 /traits",
            ],
            "401 200 200 403 200 403": [
                "GET@1.39 /usages?project_id={project}"
            ],
            "401 403 403 403 404 403": [
                "GET /resource_providers/{none}",
                "GET@1.39 /traits/NOSUCH",
            ],
        ])
}
