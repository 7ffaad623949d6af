import HTTP
import Images
import ServiceCore

/// `/v2/images/{image_id}/file` and `/stage`: the bytes.
struct ImageDataEndpoints: Sendable {
    let images: ImageService

    /// The service's own limits are below.
    static let limit = Int64.max

    /// `GET …/file`: 200, or the ranges that are asked for; 204 when there are none.
    func download(_ call: APICall) throws -> Response {
        guard let content = try images.content(of: call.imageID(), as: call.context) else { return .nothing() }
        var fields = Fields()
        if let checksum = content.image.checksum { fields.add("Content-MD5", checksum) }
        let file = Representation(
            try FileRegion(path: content.path), contentType: "application/octet-stream",
            etag: content.image.checksum.flatMap { EntityTag($0) })
        return try file.response(to: call.request, fields: fields)
    }

    /// Who may send bytes, how many, and of which type, before any is read.
    func requireUpload(_ call: APICall) throws {
        try images.requireUpload(call.imageID(), size: try size(of: call), as: call.context)
    }

    func beginUpload(_ call: APICall) throws -> any ContentSink {
        ImageSink(try images.beginUpload(call.imageID(), size: try size(of: call), as: call.context))
    }

    /// The same for what an import will take.
    func requireStaging(_ call: APICall) throws {
        try images.requireStaging(call.imageID(), size: try size(of: call), as: call.context)
    }

    func beginStaging(_ call: APICall) throws -> any ContentSink {
        ImageSink(try images.beginStaging(call.imageID(), size: try size(of: call), as: call.context))
    }

    /// `PUT …/file` and `PUT …/stage`: 204.
    func finish(_ call: APICall, _ sink: any ContentSink) throws -> Response {
        do {
            _ = try (sink as? ImageSink)?.upload.finish()
        } catch let error as ServiceError where error.violations.contains(where: { $0.field == "file" }) {
            throw APIError(.unsupportedMediaType, error.message.english)
        } catch let error as ServiceError where error.code == "image_changed" {
            throw APIError(.gone, "Image \(call[parameter: "image_id"]) could not be found after upload.")
        }
        return .nothing()
    }

    /// How many bytes are announced. glanceclient says it beside a chunked transfer.
    private func size(of call: APICall) throws -> Int64? {
        let fields = call.request.fields
        let type = call.mediaType
        guard type == "application/octet-stream" else {
            throw APIError(.unsupportedMediaType, "Invalid content type \(type.prefix(80))")
        }
        guard let text = fields["X-OpenStack-Image-Size"] ?? fields["Content-Length"] else { return nil }
        guard let size = Int64(text), size >= 0 else {
            throw APIError(.badRequest, "Invalid or missing image size in request headers.")
        }
        return size
    }
}

/// An image's bytes on their way from the network to its file.
private final class ImageSink: ContentSink {
    let upload: ImageUpload

    init(_ upload: ImageUpload) {
        self.upload = upload
    }

    func write(_ bytes: [UInt8]) throws { try upload.write(bytes) }

    func abandon() { upload.cancel() }
}
