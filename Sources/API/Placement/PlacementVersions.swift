import HTTP

/// Version discovery of the placement service.
struct PlacementVersions: Sendable {
    /// `GET /placement`.
    func choices(_ request: Request) -> Response {
        .document { json in
            json.list("versions", [Dialect.placement.versions]) { json, versions in
                json.object {
                    $0.member("id", "v1.0")
                    $0.member("status", "CURRENT")
                    $0.member("min_version", versions?.lowerBound.description ?? "")
                    $0.member("max_version", versions?.upperBound.description ?? "")
                    $0.link(to: "")
                }
            }
        }
    }
}
