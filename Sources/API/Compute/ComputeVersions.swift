import HTTP

/// Version discovery of the compute service.
struct ComputeVersions: Sendable {
    /// `GET /compute`: the versions there are to choose from. Version 2.0 is named as nova names it, and not served.
    func choices(_ request: Request) -> Response {
        .document { json in
            json.list("versions", [true, false]) { json, isOld in
                json.object { isOld ? describeOld(&$0, request.baseURL) : describe(&$0, request.baseURL) }
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

    /// `GET /compute/v2`: told of, as by nova, though clients find all they want below 2.1.
    func old(_ request: Request) -> Response {
        .document { json in
            json.object("version") { describeOld(&$0, request.baseURL) }
        }
    }

    /// Without microversions, and named first: clients look for it there.
    private func describeOld(_ json: inout JSONWriter, _ base: String) {
        json.member("id", "v2.0")
        json.member("status", "SUPPORTED")
        json.member("version", "")
        json.member("min_version", "")
        json.member("updated", "2011-01-21T11:33:21Z")
        json.link(to: base + "/compute/v2/")
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
