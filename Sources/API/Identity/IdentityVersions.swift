import HTTP

/// Version discovery of the identity service: what a client asks before anything else.
struct IdentityVersions: Sendable {
    /// `GET /identity`: the versions there are to choose from.
    func choices(_ request: Request) -> Response {
        .document(.multipleChoices) { json in
            json.object("versions") { $0.list("values", [request.baseURL], version) }
        }
    }

    /// `GET /identity/v3`: the one there is.
    func current(_ request: Request) -> Response {
        .document { json in
            json.entry("version") { version(&$0, request.baseURL) }
        }
    }

    private func version(_ json: inout JSONWriter, _ base: String) {
        json.object {
            $0.member("id", "v3.14")
            $0.member("status", "stable")
            $0.member("updated", "2020-04-07T00:00:00Z")
            $0.link(to: base + "/identity/v3/")
            $0.list("media-types", ["application/vnd.openstack.identity-v3+json"]) { json, type in
                json.object {
                    $0.member("base", "application/json")
                    $0.member("type", type)
                }
            }
        }
    }
}
