import HTTP

/// Version discovery of the compute service.
struct ComputeVersions: Sendable {
    /// `GET /compute`: the versions there are to choose from. Version 2.0 is named as nova names it, and not served.
    func choices(_ request: Request) -> Response {
        .document { json in
            json.list("versions", [request.baseURL]) { json, base in
                json.object { describe(&$0, base) }
            }
        }
    }

    /// `GET /compute/v2.1`.
    func current(_ request: Request) -> Response {
        .document { json in
            json.object("version") {
                describe(&$0, request.baseURL)
                $0.list("media-types", ["application/vnd.openstack.compute+json;version=2.1"]) { json, type in
                    json.object {
                        $0.member("base", "application/json")
                        $0.member("type", type)
                    }
                }
            }
        }
    }

    private func describe(_ json: inout JSONWriter, _ base: String) {
        let versions = Dialect.compute.versions
        json.member("id", "v2.1")
        json.member("status", "CURRENT")
        json.member("version", versions?.upperBound.description ?? "")
        json.member("min_version", versions?.lowerBound.description ?? "")
        json.member("updated", "2013-07-23T11:33:21Z")
        json.list("links", [("self", base + "/compute/v2.1/")]) { $0.link($1.0, $1.1) }
    }
}
