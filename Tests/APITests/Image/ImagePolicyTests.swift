import HTTP
import Testing

@testable import API

/// What each role gets at each route, as Glance answers with its default policies: strangers are told that there is no such
/// image, who may look is refused what it may not do.
@Suite struct `Who may do what with images` {
    private let desk: ImageDesk

    init() throws { desk = try ImageDesk() }

    /// Statuses for nobody, a reader and a member of the image's project, a member of another one, the administrator.
    struct Row: Sendable, CustomTestStringConvertible {
        let method: HTTP.Method
        let path: String
        var json: String?
        let statuses: [Int]
        var testDescription: String { "\(method) \(path)" }
    }

    /// On a private image that has bytes; `{id}` is its identifier.
    private static let ofPrivate: [Row] = [
        Row(method: .get, path: "/v2/images", statuses: [401, 200, 200, 200, 200]),
        Row(method: .post, path: "/v2/images", json: "{}", statuses: [401, 403, 201, 201, 201]),
        Row(
            method: .post, path: "/v2/images", json: #"{"visibility": "public"}"#, statuses: [401, 403, 403, 403, 201]),
        Row(method: .get, path: "/v2/images/{id}", statuses: [401, 200, 200, 404, 200]),
        Row(method: .patch, path: "/v2/images/{id}", json: "[]", statuses: [401, 403, 200, 404, 200]),
        Row(method: .get, path: "/v2/images/{id}/file", statuses: [401, 403, 200, 404, 200]),
        Row(method: .put, path: "/v2/images/{id}/tags/t", statuses: [401, 403, 204, 404, 204]),
        Row(method: .post, path: "/v2/images/{id}/actions/deactivate", statuses: [401, 403, 204, 404, 204]),
        Row(method: .post, path: "/v2/images/{id}/actions/reactivate", statuses: [401, 403, 204, 404, 204]),
        Row(method: .get, path: "/v2/images/{id}/tasks", statuses: [401, 200, 200, 404, 200]),
        Row(method: .get, path: "/v2/images/{id}/members", statuses: [401, 403, 403, 404, 403]),
        Row(
            method: .post, path: "/v2/images/{id}/import", json: #"{"method": {"name": "glance-direct"}}"#,
            statuses: [401, 403, 409, 404, 409]),
        Row(method: .get, path: "/v2/tasks", statuses: [401, 403, 403, 403, 200]),
        Row(method: .get, path: "/v2/info/import", statuses: [401, 200, 200, 200, 200]),
        Row(method: .get, path: "/v2/schemas/image", statuses: [401, 200, 200, 200, 200]),
        Row(method: .get, path: "/v2/metadefs/namespaces", statuses: [401, 200, 200, 200, 200]),
        Row(
            method: .post, path: "/v2/metadefs/namespaces", json: #"{"namespace": "n"}"#,
            statuses: [401, 403, 403, 403, 201]),
        Row(method: .delete, path: "/v2/images/{id}", statuses: [401, 403, 204, 404, 204]),
    ]

    @Test(arguments: ofPrivate)
    func `as Glance's policies have it`(row: Row) throws {
        let people: [String?] = [nil, desk.eve, desk.ada, desk.bob, desk.admin]
        for (token, status) in zip(people, row.statuses) {
            // A new one for each, because some of them change it.
            let id = try desk.stored()
            #expect(desk.patch(id, #"[{"op": "replace", "path": "/visibility", "value": "private"}]"#).status == 200)
            var fields = ["Accept": "application/json"]
            if row.method == .patch { fields.merge(ImageDesk.newer) { $1 } }
            let answer = desk.cloud.ask(
                row.method, "/image" + row.path.replacing("{id}", with: id), token: token, json: row.json,
                fields: fields)
            #expect(answer.status == status, "\(answer.text)")
        }
    }

    @Test(arguments: [("/file", "application/octet-stream"), ("/stage", "application/octet-stream")])
    func `bytes are taken from those who may change the image`(path: String, type: String) throws {
        for (token, status) in [(desk.eve, 403), (desk.ada, 204), (desk.bob, 404), (desk.admin, 204)] {
            let id = try desk.create(
                #"{"visibility": "private", "disk_format": "raw", "container_format": "bare"}"#)
            #expect(desk.put("/v2/images/\(id)\(path)", [1], as: token).status == status)
        }
    }
}
