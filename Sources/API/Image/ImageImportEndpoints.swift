import HTTP
import Images

/// Imports, and what there is to import with.
struct ImageImportEndpoints: Sendable {
    let images: ImageService

    /// `POST /v2/images/{image_id}/import`: 202.
    func begin(_ call: APICall) throws -> Response {
        let id = try call.imageID()
        let request = try call.content().object(Self.request)
        try images.importImage(id, request, as: call.context)
        return .nothing(.accepted)
    }

    /// `GET /v2/info/import`: 200.
    func methods(_ call: APICall) -> Response {
        call.answer { json in
            json.object("import-methods") {
                $0.member("description", "Import methods available.")
                $0.member("type", "array")
                $0.member("value", ImportMethod.names)
            }
        }
    }

    private static func request(_ reader: JSONReader) throws -> ImportRequest {
        reader.allowUnknown()
        var request = ImportRequest(try reader.required("method").object(method))
        request.stores = try reader.nullable("stores")?.list().map { try $0.text() }
        request.allStores = try reader.optional("all_stores")?.bool()
        request.allStoresMustSucceed = try reader.optional("all_stores_must_succeed")?.bool()
        return request
    }

    private static func method(_ reader: JSONReader) throws -> ImportMethod {
        reader.allowUnknown()
        let name = try reader.required("name").text()
        switch name {
        case "glance-direct": return .glanceDirect
        case "web-download": return .webDownload(uri: try reader.required("uri").text())
        case "glance-download":
            return .glanceDownload(
                imageID: try reader.required("glance_image_id").text(),
                region: try reader.required("glance_region").text(),
                interface: try reader.nullable("glance_service_interface")?.text() ?? "public")
        default: throw APIError(.badRequest, "Unknown import method name '\(name.prefix(80))'.")
        }
    }
}
