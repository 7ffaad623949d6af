import HTTP
import Images
import ServiceCore

/// `/v2/images`: the images, their tags, and whether their bytes are given out.
struct ImageEndpoints: Sendable {
    let images: ImageService

    /// `GET /v2/images`: 200 with a page.
    func list(_ call: APICall) throws -> Response {
        let query = try ImageQuery(call.query)
        let page =
            query.isEmpty
            ? Page(items: [], next: nil)
            : try images.images(query.filter, page: query.page, as: call.context)
        let reader = call.query
        let plain = reader.pairs.filter { $0.name != "marker" }
        let first = plain.map { "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))" }
        return call.answer(capacity: 256 + page.items.count * 1024) { json in
            json.list("images", page.items) { ImageDocument.write($1, to: &$0) }
            json.member("first", "/v2/images" + (first.isEmpty ? "" : "?" + first.joined(separator: "&")))
            if let next = page.next { json.member("next", "/v2/images?" + reader.replacing("marker", with: next)) }
            json.member("schema", "/v2/schemas/images")
        }
    }

    /// `POST /v2/images`: 201.
    func create(_ call: APICall) throws -> Response {
        let new = try call.content().object(ImageRequest.newImage)
        let image = try images.create(new, as: call.context)
        var response = document(image, call, .created)
        response.fields.set("Location", call.base + "/image/v2/images/\(image.id)")
        response.fields.set("OpenStack-image-import-methods", ImportMethod.names.joined(separator: ","))
        response.fields.set(
            "OpenStack-image-store-ids", ImageStoreInformation.all.map(\.id).joined(separator: ","))
        return response
    }

    /// `GET /v2/images/{image_id}`: 200.
    func show(_ call: APICall) throws -> Response {
        document(try images.image(call.imageID(), as: call.context), call)
    }

    /// `PATCH /v2/images/{image_id}`: 200.
    func update(_ call: APICall) throws -> Response {
        let id = try call.imageID()
        let changes = try ImagePatch(call).changes
        return document(try images.update(id, changes, as: call.context), call)
    }

    /// `DELETE /v2/images/{image_id}`: 204.
    func delete(_ call: APICall) throws -> Response {
        do {
            try images.delete(call.imageID(), as: call.context)
        } catch let error as ServiceError where error.code == "image_protected" {
            throw APIError(.forbidden, error.message.english)
        }
        return .nothing()
    }

    /// `/v2/images/`, which names no image: 404.
    func nameless(_ call: APICall) throws -> Response {
        throw ServiceError.notFound("Image", "")
    }

    /// `POST /v2/images/{image_id}/actions/deactivate`: 204.
    func deactivate(_ call: APICall) throws -> Response {
        try images.setActive(false, call.imageID(), as: call.context)
        return .nothing()
    }

    /// `POST /v2/images/{image_id}/actions/reactivate`: 204.
    func reactivate(_ call: APICall) throws -> Response {
        try images.setActive(true, call.imageID(), as: call.context)
        return .nothing()
    }

    /// `PUT /v2/images/{image_id}/tags/{tag}`: 204.
    func addTag(_ call: APICall) throws -> Response {
        try images.addTag(call[parameter: "tag"], to: call.imageID(), as: call.context)
        return .nothing()
    }

    /// `DELETE /v2/images/{image_id}/tags/{tag}`: 204.
    func removeTag(_ call: APICall) throws -> Response {
        try images.removeTag(call[parameter: "tag"], from: call.imageID(), as: call.context)
        return .nothing()
    }

    private func document(_ image: Image, _ call: APICall, _ status: Status = .ok) -> Response {
        var json = JSONWriter(capacity: 1024)
        ImageDocument.write(image, to: &json)
        return .json(json.bytes, status: status)
    }
}

/// An image as Glance tells it: flat, its properties beside its attributes.
enum ImageDocument {
    static func write(_ image: Image, to json: inout JSONWriter) {
        let path = "/v2/images/\(image.id)"
        json.object { json in
            for (name, value) in image.properties.sorted(by: { $0.key < $1.key }) { json.entry(name, value) }
            json.member("id", image.id.text)
            json.member("name", image.name.isEmpty ? nil : image.name)
            json.member("status", image.status.rawValue)
            json.member("visibility", image.visibility.rawValue)
            json.member("protected", image.protected)
            json.member("os_hidden", image.isHidden)
            json.member("owner", image.ownerProjectID)
            json.member("disk_format", image.diskFormat?.rawValue)
            json.member("container_format", image.containerFormat)
            json.member("min_disk", image.minDiskGiB)
            json.member("min_ram", image.minRAMMiB)
            json.member("size", image.size)
            json.member("virtual_size", image.virtualSize)
            json.member("checksum", image.checksum)
            json.member("os_hash_algo", image.sha512 == nil ? nil : "sha512")
            json.member("os_hash_value", image.sha512)
            json.member("created_at", image.createdAt.iso8601)
            json.member("updated_at", image.updatedAt.iso8601)
            json.member("tags", image.tags)
            if image.status.hasData { json.member("stores", ImageStoreInformation.local.id) }
            json.member("self", path)
            json.member("file", path + "/file")
            json.member("schema", "/v2/schemas/image")
        }
    }
}
