import HTTP

/// Version discovery of the identity service: what a client asks before anything else.
struct IdentityVersions: Sendable {
    /// `GET /identity`: the versions there are to choose from.
    func choices(_ request: Request) throws -> Response {
        let document = Choices(versions: .init(values: [Version(base: request.baseURL)]))
        return .json(try JSONContent.encode(document), status: .multipleChoices)
    }

    /// `GET /identity/v3`: the one there is.
    func current(_ request: Request) throws -> Response {
        .json(try JSONContent.encode(Current(version: Version(base: request.baseURL))))
    }

    private struct Choices: Encodable {
        struct List: Encodable { let values: [Version] }
        let versions: List
    }

    private struct Current: Encodable { let version: Version }

    private struct Version: Encodable {
        struct Link: Encodable {
            let rel = "self"
            let href: String
        }

        struct MediaType: Encodable {
            let base = "application/json"
            let type = "application/vnd.openstack.identity-v3+json"
        }

        let id = "v3.14"
        let status = "stable"
        let updated = "2020-04-07T00:00:00Z"
        let links: [Link]
        let mediaTypes = [MediaType()]

        init(base: String) { links = [Link(href: base + "/identity/v3/")] }

        enum CodingKeys: String, CodingKey {
            case id, status, updated, links
            case mediaTypes = "media-types"
        }
    }
}
