import HTTP

/// Version discovery of the image service.
struct ImageVersions: Sendable {
    /// `GET /image`: the versions there are to choose from.
    func choices(_ request: Request) -> Response {
        versions(request, .multipleChoices)
    }

    /// `GET /image/versions`: the same, to somebody who asked for it.
    func list(_ request: Request) -> Response {
        versions(request, .ok)
    }

    private func versions(_ request: Request, _ status: Status) -> Response {
        .document(status) { json in
            // 2.14 and 2.16 are about a cache, 2.17 about files that others have put into the store: there are none.
            json.list("versions", ([15] + (0...13).reversed())) { json, minor in
                json.object {
                    $0.member("id", "v2.\(minor)")
                    $0.member("status", minor == 15 ? "CURRENT" : "SUPPORTED")
                    $0.link(to: request.baseURL + "/image/v2/")
                }
            }
        }
    }
}
