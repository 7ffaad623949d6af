extension PolicyTable {
    /// Metadata definitions: everybody looks at the public ones, administrators change them. Who may not look is told
    /// that there is nothing, whatever is asked (glance's `MetadefAPIPolicy`).
    static let imageMetadefs = PolicyTable(
        "glance's metadata definitions", below: "/image/v2/metadefs",
        [
            "401 200 200 200 200 404": [
                "GET /resource_types",
                "GET /namespaces",
                "GET /namespaces/{namespace}",
                "GET /namespaces/{namespace}/objects",
                "GET /namespaces/{namespace}/objects/{object}",
                "GET /namespaces/{namespace}/properties",
                "GET /namespaces/{namespace}/properties/{property}",
                "GET /namespaces/{namespace}/tags",
                "GET /namespaces/{namespace}/tags/{metadeftag}",
                "GET /namespaces/{namespace}/resource_types",
            ],
            "401 404 404 404 200 404": [
                "GET /namespaces/{privatenamespace}"
            ],
            "401 403 403 403 201 404": [
                #"POST /namespaces {"namespace": "{new}"}"#,
                #"POST /namespaces/{namespace}/objects {"name": "{new}"}"#,
                #"POST /namespaces/{namespace}/properties {"name": "{new}", "title": "P", "type": "string"}"#,
                #"POST /namespaces/{namespace}/tags {"tags": [{"name": "a"}]}"#,
                "POST /namespaces/{namespace}/tags/u",
                #"POST /namespaces/{namespace}/resource_types {"name": "OS::Nova::Flavor"}"#,
            ],
            "401 403 403 403 200 404": [
                #"PUT /namespaces/{namespace} {"namespace": "{namespace}", "description": "x"}"#,
                #"PUT /namespaces/{namespace}/objects/{object} {"name": "o", "description": "x"}"#,
                #"PUT /namespaces/{namespace}/properties/{property} {"name": "p", "title": "Q", "type": "string"}"#,
                #"PUT /namespaces/{namespace}/tags/{metadeftag} {"name": "v"}"#,
            ],
            "401 403 403 403 204 404": [
                "DELETE /namespaces/{namespace}",
                "DELETE /namespaces/{namespace}/objects",
                "DELETE /namespaces/{namespace}/objects/{object}",
                "DELETE /namespaces/{namespace}/properties",
                "DELETE /namespaces/{namespace}/properties/{property}",
                "DELETE /namespaces/{namespace}/tags",
                "DELETE /namespaces/{namespace}/tags/{metadeftag}",
                "DELETE /namespaces/{namespace}/resource_types/{resourcetype}",
            ],
        ])
}
