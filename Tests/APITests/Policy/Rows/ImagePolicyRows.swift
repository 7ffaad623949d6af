extension PolicyTable {
    /// Images, members, tasks and stores: strangers are told that there is no such image, who may look is refused what
    /// it may not do.
    static let image = PolicyTable(
        "glance's images", below: "/image",
        [
            "300 300 300 300 300 300": [
                "GET /"
            ],
            "200 200 200 200 200 200": [
                "GET /versions"
            ],
            "401 200 200 200 200 403": [
                "GET /v2/images"
            ],
            "401 403 201 201 201 403": [
                #"POST /v2/images {"name": "{new}", "disk_format": "raw", "container_format": "bare"}"#,
                #"POST /v2/images {"visibility": "community"}"#,
            ],
            "401 403 403 403 201 403": [
                #"POST /v2/images {"visibility": "public"}"#,
                #"""
                POST /v2/tasks {"type": "import", "input": {"import_from": "http://192.0.2.1/x", "import_from_format":
                  "raw", "image_properties": {}}}
                """#,
            ],
            "401 200 200 404 200 404": [
                "GET /v2/images/{stored}",
                "GET /v2/images/{stored}/tasks",
                "GET /v2/images/{shared}/members",
            ],
            "401 403 200 404 200 404": [
                "PATCH /v2/images/{stored} []",
                "GET /v2/images/{stored}/file",
                #"POST /v2/images/{shared}/members {"member": "{other}"}"#,
            ],
            "401 403 204 404 204 404": [
                "DELETE /v2/images/{stored}",
                "POST /v2/images/{stored}/actions/deactivate",
                "POST /v2/images/{stored}/actions/reactivate",
                "PUT /v2/images/{stored}/tags/t",
                "DELETE /v2/images/{image}/tags/{imagetag}",
                "PUT /v2/images/{image}/file bytes",
                "PUT /v2/images/{image}/stage bytes",
            ],
            "401 403 404 404 404 404": [
                "DELETE /v2/images/{stored}/tags/nosuch"
            ],
            "401 403 403 404 403 404": [
                "GET /v2/images/{stored}/members"
            ],
            "401 200 200 200 200 404": [
                "GET /v2/images/{image}/members/{recipient}"
            ],
            "401 403 403 200 200 404": [
                #"PUT /v2/images/{image}/members/{recipient} {"status": "accepted"}"#
            ],
            "401 403 204 403 204 404": [
                "DELETE /v2/images/{image}/members/{recipient}"
            ],
            "401 403 409 404 409 404": [
                #"POST /v2/images/{stored}/import {"method": {"name": "glance-direct"}}"#
            ],
            "401 200 200 200 200 200": [
                "GET /v2/info/import",
                "GET /v2/info/stores",
                "GET /v2/info/usage",
            ] + schemas,
            "401 403 403 403 200 403": [
                "GET /v2/info/stores/detail",
                "GET /v2/tasks",
            ],
            "401 403 403 403 404 403": [
                "DELETE /v2/stores/local/{image}",
                "GET /v2/tasks/{none}",
            ],
            "401 404 404 404 404 404": [
                "GET /v2/images/",
                "DELETE /v2/images/",
            ],
        ])

    private static let schemas = [
        "image", "images", "member", "members", "task", "tasks", "metadefs/namespace", "metadefs/namespaces",
        "metadefs/resource_type", "metadefs/resource_types", "metadefs/object", "metadefs/objects", "metadefs/property",
        "metadefs/properties", "metadefs/tag", "metadefs/tags",
    ].map { "GET /v2/schemas/\($0)" }
}
