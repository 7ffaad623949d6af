extension PolicyTable {
    /// What people own by themselves, of which administrators see much and make nothing, and limits.
    static let identityCredentials = PolicyTable(
        "keystone's credentials, trusts, consumers and limits", below: "/identity",
        [
            "401 200 200 200 200 200": [
                "GET /v3/credentials",
                "GET /v3/users/{me}/credentials/OS-EC2",
                "GET /v3/users/{me}/application_credentials",
                "GET /v3/users/{me}/access_rules",
                "GET /v3/OS-TRUST/trusts?trustor_user_id={me}",
                "GET /v3/registered_limits",
                "GET /v3/registered_limits/{registered}",
                "GET /v3/limits",
                "GET /v3/limits/model",
            ],
            "401 201 201 201 201 201": [
                #"POST /v3/credentials {"credential": {"user_id": "{me}", "type": "cert", "blob": "x"}}"#
            ],
            "401 403 201 403 201 403": [
                #"POST /v3/credentials {"credential": {"user_id": "{member}", "type": "cert", "blob": "x"}}"#,
                #"POST /v3/users/{member}/credentials/OS-EC2 {"tenant_id": "{project}"}"#,
            ],
            "401 403 201 403 403 403": [
                #"POST /v3/users/{member}/application_credentials {"application_credential": {"name": "{new}"}}"#,
                #"""
                POST /v3/OS-TRUST/trusts {"trust": {"trustor_user_id": "{member}", "trustee_user_id": "{outsider}",
                  "impersonation": true, "project_id": "{project}", "roles": [{"name": "member"}]}}
                """#,
            ],
            "401 403 200 403 200 200": [
                "GET /v3/credentials/{credential}",
                "GET /v3/users/{member}/credentials/OS-EC2",
                "GET /v3/users/{member}/credentials/OS-EC2/{key}",
                "GET /v3/users/{member}/application_credentials",
                "GET /v3/users/{member}/application_credentials/{appcredential}",
            ],
            "401 403 200 403 403 200": [
                "GET /v3/users/{member}/access_rules",
                "GET /v3/users/{member}/access_rules/{accessrule}",
            ],
            "401 403 403 403 404 404": [
                "GET /v3/users/x/application_credentials",
                "GET /v3/OS-OAUTH1/consumers/x",
            ],
            "401 403 200 403 200 403": [
                #"PATCH /v3/credentials/{credential} {"credential": {"blob": "y"}}"#
            ],
            "401 403 204 403 204 403": [
                "DELETE /v3/credentials/{credential}",
                "DELETE /v3/users/{member}/credentials/OS-EC2/{key}",
                "DELETE /v3/users/{member}/application_credentials/{appcredential}",
                "DELETE /v3/OS-TRUST/trusts/{trust}",
            ],
            "401 403 404 403 403 403": [
                "DELETE /v3/users/{member}/access_rules/nosuch"
            ],
            "401 403 200 200 200 200": [
                "GET /v3/OS-TRUST/trusts/{trust}",
                "GET /v3/OS-TRUST/trusts/{trust}/roles",
                "GET /v3/OS-TRUST/trusts/{trust}/roles/{memberrole}",
            ],
            "401 403 403 403 200 200": [
                "GET /v3/OS-TRUST/trusts",
                "GET /v3/OS-OAUTH1/consumers",
                "GET /v3/OS-OAUTH1/consumers/{consumer}",
            ],
            "401 200 200 403 200 200": [
                "GET /v3/limits/{limit}"
            ],
            "401 403 403 403 201 403": [
                #"POST /v3/OS-OAUTH1/consumers {"consumer": {"description": "x"}}"#,
                #"""
                POST /v3/registered_limits {"registered_limits": [{"service_id": "{service}", "resource_name": "x",
                  "default_limit": 1}]}
                """#,
                #"""
                POST /v3/limits {"limits": [{"service_id": "{limited}", "project_id": "{project}", "resource_name":
                  "things", "resource_limit": 5}]}
                """#,
            ],
            "401 403 403 403 200 403": [
                #"PATCH /v3/OS-OAUTH1/consumers/{consumer} {"consumer": {"description": "y"}}"#,
                #"PATCH /v3/registered_limits/{registered} {"registered_limit": {"default_limit": 9}}"#,
                #"PATCH /v3/limits/{limit} {"limit": {"resource_limit": 4}}"#,
            ],
            "401 403 403 403 204 403": [
                "DELETE /v3/OS-OAUTH1/consumers/{consumer}",
                "DELETE /v3/registered_limits/{registered}",
                "DELETE /v3/limits/{limit}",
            ],
            "401 403 403 403 404 403": [
                "DELETE /v3/OS-OAUTH1/consumers/x",
                "DELETE /v3/credentials/x",
                "DELETE /v3/limits/x",
                "DELETE /v3/registered_limits/x",
            ],
        ])
}
