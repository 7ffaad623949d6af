extension PolicyTable {
    /// Servers and what belongs to them: others are told that there is no such server.
    static let computeServers = PolicyTable(
        "nova's servers", below: "/compute/v2.1",
        [
            "401 200 200 200 200 403": [
                "GET /servers",
                "GET /servers/detail",
            ],
            "401 403 403 403 200 403": [
                "GET /servers?all_tenants=1&x=1"
            ],
            "401 403 202 202 202 403": [
                #"""
                POST@2.37 /servers {"server": {"name": "{new}", "imageRef": "{publicimage}", "flavorRef": "1",
                  "networks": "none"}}
                """#
            ],
            "401 200 200 404 200 404": [
                "GET /servers/{server}",
                "GET /servers/{server}/metadata",
                "GET /servers/{server}/metadata/a",
                "GET /servers/{server}/os-interface",
                "GET /servers/{server}/ips",
                "GET /servers/{server}/os-security-groups",
                "GET /servers/{server}/os-volume_attachments",
                "GET /servers/{server}/os-server-password",
                "GET@2.78 /servers/{server}/topology",
                "GET@2.97 /servers/{server}/shares",
                "GET /servers/{server}/os-instance-actions",
                "GET /servers/{server}/os-interface/{interface}",
            ],
            "401 410 410 410 410 410": [
                "GET /servers/{server}/os-virtual-interfaces"
            ],
            "401 404 404 404 404 404": [
                "GET /servers/nosuch",
                "GET /servers/{server}/ips/nosuch",
                "GET /servers/{server}/os-interface/{none}",
                "GET /servers/{server}/os-volume_attachments/{none}",
                "GET@2.97 /servers/{server}/shares/{none}",
                "GET /servers/{server}/os-instance-actions/nosuch",
            ],
            "401 403 200 404 200 404": [
                #"PUT /servers/{server} {"server": {"name": "x"}}"#,
                #"POST /servers/{server}/metadata {"metadata": {"a": "c"}}"#,
                #"PUT /servers/{server}/metadata {"metadata": {"a": "c"}}"#,
                #"PUT /servers/{server}/metadata/a {"meta": {"a": "c"}}"#,
                #"POST@2.6 /servers/{server}/remote-consoles {"remote_console": {"protocol": "vnc", "type": "novnc"}}"#,
                #"POST /servers/{server}/os-interface {"interfaceAttachment": {"net_id": "{subnetted}"}}"#,
            ],
            "401 403 204 404 204 404": [
                "DELETE /servers/{server}",
                "DELETE /servers/{server}/metadata/a",
                "DELETE /servers/{server}/os-server-password",
            ],
            "401 403 202 404 202 404": [
                "DELETE /servers/{server}/os-interface/{interface}"
            ],
            "401 403 404 404 404 404": [
                #"POST /servers/{server}/os-volume_attachments {"volumeAttachment": {"volumeId": "{none}"}}"#,
                #"PUT /servers/{server}/os-volume_attachments/{none} {"volumeAttachment": {"volumeId": "{none}"}}"#,
                "DELETE /servers/{server}/os-volume_attachments/{none}",
                #"POST@2.97 /servers/{server}/shares {"share": {"share_id": "{none}"}}"#,
                "DELETE@2.97 /servers/{server}/shares/{none}",
                "DELETE /servers/{server}/metadata/nosuch",
            ],
            "401 403 403 404 200 404": [
                "GET /servers/{server}/diagnostics",
                "GET@2.23 /servers/{server}/migrations",
            ],
            "401 200 200 403 200 403": [
                "GET@2.26 /servers/{server}/tags"
            ],
            "401 204 204 403 204 403": [
                "GET@2.26 /servers/{server}/tags/{servertag}"
            ],
            "401 404 404 403 404 403": [
                "GET@2.26 /servers/{server}/tags/nosuch"
            ],
            "401 403 200 403 200 403": [
                #"PUT@2.26 /servers/{server}/tags {"tags": ["a"]}"#
            ],
            "401 403 201 403 201 403": [
                "PUT@2.26 /servers/{server}/tags/u"
            ],
            "401 403 204 403 204 403": [
                "DELETE@2.26 /servers/{server}/tags",
                "DELETE@2.26 /servers/{server}/tags/{servertag}",
            ],
        ])
}
