import HTTP

/// Version discovery of the network service.
struct NetworkVersions: Sendable {
    /// `GET /networking`: the one version there is.
    func choices(_ request: Request) -> Response {
        .document { json in
            json.list("versions", [request.baseURL]) { json, base in
                json.object {
                    $0.member("id", "v2.0")
                    $0.member("status", "CURRENT")
                    $0.link(to: base + "/networking/v2.0/")
                }
            }
        }
    }
}
