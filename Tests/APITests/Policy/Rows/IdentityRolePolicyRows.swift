extension PolicyTable {
    /// Roles and who holds them, the catalogue and what projects are shown of it.
    static let identityRoles = PolicyTable(
        "keystone's roles, catalogue and policies", below: "/identity",
        [
            "401 403 403 403 200 200": [
                "GET /v3/roles",
                "GET /v3/roles/{role}",
                "GET /v3/roles/{role}/implies",
                "GET /v3/role_inferences",
                "GET /v3/role_assignments",
                "GET /v3/services",
                "GET /v3/services/{service}",
                "GET /v3/endpoints",
                "GET /v3/endpoints/{endpoint}",
                "GET /v3/policies",
                "GET /v3/policies/{policy}",
                "GET /v3/OS-EP-FILTER/endpoint_groups",
                "GET /v3/OS-EP-FILTER/endpoint_groups/{endpointgroup}",
                "GET /v3/OS-EP-FILTER/endpoint_groups/{endpointgroup}/endpoints",
                "GET /v3/OS-EP-FILTER/endpoint_groups/{endpointgroup}/projects",
                "GET /v3/OS-EP-FILTER/projects/{newproject}/endpoints",
                "GET /v3/OS-EP-FILTER/projects/{newproject}/endpoint_groups",
                "GET /v3/OS-EP-FILTER/endpoints/{endpoint}/projects",
            ] + lists,
            "401 200 200 200 200 200": [
                "GET /v3/regions",
                "GET /v3/regions/{region}",
            ],
            "401 403 403 403 404 404": [
                "GET /v3/roles/x",
                "GET /v3/roles/{role}/implies/{memberrole}",
                "HEAD /v3/roles/{role}/implies/{memberrole}",
                "GET /v3/services/x",
                "GET /v3/endpoints/x",
                "GET /v3/OS-EP-FILTER/projects/{newproject}/endpoints/{endpoint}",
                "GET /v3/OS-EP-FILTER/endpoint_groups/{endpointgroup}/projects/{newproject}",
                "GET /v3/OS-EP-FILTER/projects/x/endpoints",
                "GET /v3/OS-EP-FILTER/endpoints/x/projects",
                "GET /v3/system/users/x/roles",
                "GET /v3/projects/x/users/x/roles",
            ] + grants("GET"),
            "401 403 403 403 201 403": [
                #"POST /v3/roles {"role": {"name": "{new}"}}"#,
                "PUT /v3/roles/{role}/implies/{memberrole}",
                #"POST /v3/services {"service": {"type": "x"}}"#,
                #"""
                POST /v3/endpoints {"endpoint": {"service_id": "{service}", "interface": "public", "url":
                  "http://127.0.0.1/"}}
                """#,
                #"POST /v3/regions {"region": {"id": "{new}"}}"#,
                #"PUT /v3/regions/{new} {"region": {}}"#,
                #"POST /v3/policies {"policy": {"type": "text/plain", "blob": "x"}}"#,
                #"""
                POST /v3/OS-EP-FILTER/endpoint_groups {"endpoint_group": {"name": "{new}", "filters": {"interface":
                  "public"}}}
                """#,
            ],
            "401 403 403 403 200 403": [
                #"PATCH /v3/roles/{role} {"role": {"description": "x"}}"#,
                #"PATCH /v3/services/{service} {"service": {"description": "x"}}"#,
                #"PATCH /v3/endpoints/{endpoint} {"endpoint": {"interface": "admin"}}"#,
                #"PATCH /v3/regions/{region} {"region": {"description": "x"}}"#,
                #"PATCH /v3/policies/{policy} {"policy": {"blob": "y"}}"#,
                #"PATCH /v3/OS-EP-FILTER/endpoint_groups/{endpointgroup} {"endpoint_group": {"description": "x"}}"#,
            ],
            "401 403 403 403 204 403": [
                "DELETE /v3/roles/{role}",
                "DELETE /v3/services/{service}",
                "DELETE /v3/endpoints/{endpoint}",
                "DELETE /v3/regions/{region}",
                "DELETE /v3/policies/{policy}",
                "DELETE /v3/OS-EP-FILTER/endpoint_groups/{endpointgroup}",
                "PUT /v3/OS-EP-FILTER/projects/{newproject}/endpoints/{endpoint}",
                "PUT /v3/OS-EP-FILTER/endpoint_groups/{endpointgroup}/projects/{newproject}",
            ] + grants("PUT"),
            "401 403 403 403 404 403": [
                "DELETE /v3/roles/x",
                "PUT /v3/roles/x/implies/x",
                "DELETE /v3/roles/{role}/implies/{memberrole}",
                "DELETE /v3/regions/x",
                "DELETE /v3/services/x",
                "DELETE /v3/endpoints/x",
                "DELETE /v3/policies/x",
                "DELETE /v3/OS-EP-FILTER/projects/{newproject}/endpoints/{endpoint}",
                "PUT /v3/OS-EP-FILTER/projects/x/endpoints/x",
                "DELETE /v3/OS-EP-FILTER/endpoint_groups/{endpointgroup}/projects/{newproject}",
                "DELETE /v3/OS-EP-FILTER/endpoint_groups/x/projects/x",
                "PUT /v3/projects/x/users/x/roles/x",
                "DELETE /v3/system/groups/x/roles/x",
            ] + grants("DELETE"),
        ])

    /// Where roles are given to users and groups.
    private static let places = ["projects/{newproject}", "domains/{domain}", "system"].flatMap { scope in
        ["/v3/\(scope)/users/{user}/roles", "/v3/\(scope)/groups/{usergroup}/roles"]
    }

    /// The same where projects inherit them.
    private static let inherited = ["projects/{newproject}", "domains/{domain}"].flatMap { scope in
        ["/v3/OS-INHERIT/\(scope)/users/{user}/roles", "/v3/OS-INHERIT/\(scope)/groups/{usergroup}/roles"]
    }

    private static let lists = places.map { "GET \($0)" } + inherited.map { "GET \($0)/inherited_to_projects" }

    private static func grants(_ method: String) -> [String] {
        places.map { "\(method) \($0)/{role}" } + inherited.map { "\(method) \($0)/{role}/inherited_to_projects" }
    }
}
