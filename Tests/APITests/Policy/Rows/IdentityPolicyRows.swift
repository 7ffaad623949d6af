extension PolicyTable {
    /// Tokens, domains, projects, users and groups: that a thing is missing is told only to those who may look.
    static let identity = PolicyTable(
        "keystone's tokens, domains, projects, users and groups", below: "/identity",
        [
            "300 300 300 300 300 300": [
                "GET /"
            ],
            "200 200 200 200 200 200": [
                "GET /v3"
            ],
            // A token that is none is not found, also where one logs in with it (keystone's `TokenNotFound`).
            "404 201 201 201 201 201": [
                #"POST /v3/auth/tokens {"auth": {"identity": {"methods": ["token"], "token": {"id": "{mytoken}"}}}}"#
            ],
            "401 403 200 403 200 200": [
                "GET /v3/auth/tokens"
            ],
            "401 403 204 403 204 403": [
                "DELETE /v3/auth/tokens"
            ],
            "401 200 200 200 200 200": [
                "GET /v3/auth/catalog",
                "GET /v3/auth/projects",
                "GET /v3/auth/domains",
                "GET /v3/auth/system",
                "GET /v3/domains/default",
                "GET /v3/users/{me}",
                "GET /v3/users/{me}/projects",
                "GET /v3/users/{me}/groups",
                "GET /v3/domains/default/config/security_compliance",
            ],
            "401 401 401 401 401 401": [
                #"POST /v3/users/{user}/password {"user": {"password": "n3w-Word", "original_password": "no"}}"#
            ],
            "401 403 403 403 200 200": [
                "GET /v3/domains",
                "GET /v3/domains/{domain}",
                "GET /v3/projects",
                "GET /v3/projects/{newproject}",
                "GET /v3/projects/{newproject}/tags",
                "GET /v3/users",
                "GET /v3/users/{user}",
                "GET /v3/users/{user}/projects",
                "GET /v3/users/{user}/groups",
                "GET /v3/groups",
                "GET /v3/groups/{usergroup}",
                "GET /v3/groups/{usergroup}/users",
                "GET /v3/domains/config/default",
                "GET /v3/domains/config/identity/default",
                "GET /v3/domains/config/identity/driver/default",
                "GET /v3/domains/{configured}/config",
                "GET /v3/domains/{configured}/config/identity",
                "GET /v3/domains/{configured}/config/identity/driver",
            ],
            "401 200 200 403 200 200": [
                "GET /v3/projects/{project}",
                "GET /v3/projects/{project}/tags",
            ],
            "401 403 403 403 204 204": [
                "GET /v3/projects/{newproject}/tags/t"
            ],
            "401 403 403 403 404 404": [
                "GET /v3/domains/x",
                "GET /v3/projects/x",
                "GET /v3/projects/{newproject}/tags/u",
                "GET /v3/users/x",
                "GET /v3/groups/x",
                "GET /v3/groups/{usergroup}/users/{user}",
                "GET /v3/domains/x/config",
            ],
            "401 403 403 403 201 403": [
                #"POST /v3/domains {"domain": {"name": "{new}"}}"#,
                #"POST /v3/projects {"project": {"name": "{new}"}}"#,
                "PUT /v3/projects/{newproject}/tags/u",
                #"POST /v3/users {"user": {"name": "{new}"}}"#,
                #"POST /v3/groups {"group": {"name": "{new}"}}"#,
                #"PUT /v3/domains/{domain}/config {"config": {"identity": {"driver": "sql"}}}"#,
            ],
            "401 403 403 403 200 403": [
                #"PATCH /v3/domains/{domain} {"domain": {"description": "x"}}"#,
                #"PATCH /v3/projects/{newproject} {"project": {"description": "x"}}"#,
                #"PUT /v3/projects/{newproject}/tags {"tags": ["a"]}"#,
                #"PATCH /v3/users/{user} {"user": {"description": "x"}}"#,
                #"PATCH /v3/users/{me} {"user": {"description": "x"}}"#,
                #"PATCH /v3/groups/{usergroup} {"group": {"description": "x"}}"#,
                #"PATCH /v3/domains/{configured}/config {"config": {"identity": {"driver": "ldap"}}}"#,
                #"PATCH /v3/domains/{configured}/config/identity {"config": {"identity": {"driver": "ldap"}}}"#,
                #"PATCH /v3/domains/{configured}/config/identity/driver {"config": {"driver": "ldap"}}"#,
            ],
            "401 403 403 403 204 403": [
                "DELETE /v3/domains/{domain}",
                "DELETE /v3/projects/{newproject}",
                "DELETE /v3/projects/{newproject}/tags",
                "DELETE /v3/projects/{newproject}/tags/t",
                "DELETE /v3/users/{user}",
                "DELETE /v3/groups/{usergroup}",
                "PUT /v3/groups/{usergroup}/users/{user}",
                "DELETE /v3/domains/{configured}/config",
                "DELETE /v3/domains/{configured}/config/identity",
                "DELETE /v3/domains/{configured}/config/identity/driver",
            ],
            "401 403 403 403 404 403": [
                "DELETE /v3/domains/x",
                "DELETE /v3/projects/x",
                "DELETE /v3/users/x",
                "DELETE /v3/groups/x",
                "DELETE /v3/groups/{usergroup}/users/{user}",
                "PUT /v3/groups/x/users/x",
                "DELETE /v3/domains/x/config",
            ],
        ])
}
