import HTTP
import Images
import ServiceCore

/// Glance's interface, version 2 (Image API v2).
struct ImageAPI: Sendable {
    let images: ImageService

    func register(on table: inout RouteTable) {
        let versions = ImageVersions()
        table.open(.get, "", versions.choices)
        table.open(.get, "/versions", versions.list)
        registerImages(on: &table)
        registerData(on: &table)
        registerMembers(on: &table)
        registerTasks(on: &table)
        registerMetadefs(on: &table)
        registerSchemas(on: &table)
    }

    private func registerImages(on table: inout RouteTable) {
        let endpoints = ImageEndpoints(images: images)
        // With a slash at its end the path names an image without a name.
        table.on(.get, "/v2/images", slash: false, endpoints.list)
        table.on(.post, "/v2/images", slash: false, endpoints.create)
        for method in [Method.get, .delete] { table.on(method, "/v2/images/", endpoints.nameless) }
        table.on(.get, "/v2/images/{image_id}", endpoints.show)
        table.on(.patch, "/v2/images/{image_id}", endpoints.update)
        table.on(.delete, "/v2/images/{image_id}", endpoints.delete)
        table.on(.post, "/v2/images/{image_id}/actions/deactivate", endpoints.deactivate)
        table.on(.post, "/v2/images/{image_id}/actions/reactivate", endpoints.reactivate)
        table.on(.put, "/v2/images/{image_id}/tags/{tag}", endpoints.addTag)
        table.on(.delete, "/v2/images/{image_id}/tags/{tag}", endpoints.removeTag)
    }

    private func registerData(on table: inout RouteTable) {
        let endpoints = ImageDataEndpoints(images: images)
        table.on(.get, "/v2/images/{image_id}/file", endpoints.download)
        table.upload(
            .put, "/v2/images/{image_id}/file", limit: ImageDataEndpoints.limit, before: endpoints.requireUpload,
            to: endpoints.beginUpload, endpoints.finish)
        table.upload(
            .put, "/v2/images/{image_id}/stage", limit: ImageDataEndpoints.limit, before: endpoints.requireStaging,
            to: endpoints.beginStaging, endpoints.finish)
    }

    private func registerMembers(on table: inout RouteTable) {
        let endpoints = ImageMemberEndpoints(images: images)
        table.on(.get, "/v2/images/{image_id}/members", endpoints.list)
        table.on(.post, "/v2/images/{image_id}/members", endpoints.create)
        table.on(.get, "/v2/images/{image_id}/members/{member_id}", endpoints.show)
        table.on(.put, "/v2/images/{image_id}/members/{member_id}", endpoints.update)
        table.on(.delete, "/v2/images/{image_id}/members/{member_id}", endpoints.delete)
    }

    private func registerTasks(on table: inout RouteTable) {
        let imports = ImageImportEndpoints(images: images)
        table.on(.post, "/v2/images/{image_id}/import", imports.begin)
        table.on(.get, "/v2/info/import", imports.methods)
        let stores = ImageStoreEndpoints(images: images)
        table.on(.get, "/v2/info/stores", stores.list)
        table.on(.get, "/v2/info/stores/detail", stores.details)
        table.on(.get, "/v2/info/usage", stores.usage)
        table.on(.delete, "/v2/stores/{store_id}/{image_id}", stores.remove)
        let tasks = ImageTaskEndpoints(images: images)
        table.on(.get, "/v2/images/{image_id}/tasks", tasks.ofImage)
        table.on(.get, "/v2/tasks", tasks.list)
        table.on(.post, "/v2/tasks", tasks.create)
        table.on(.get, "/v2/tasks/{task_id}", tasks.show)
    }

    private func registerSchemas(on table: inout RouteTable) {
        for (path, schema) in ImageSchemas.all + MetadefSchemas.all {
            let bytes = schema.bytes
            table.on(.get, "/v2/schemas/\(path)") { _ in .json(bytes) }
        }
    }
}

extension APICall {
    /// The media type of the content, without its parameters, in lower case.
    var mediaType: String {
        let text = request.fields["Content-Type"] ?? ""
        return text.prefix { $0 != ";" && $0 != " " }.lowercased()
    }

    /// The image in the path. Any text may stand there: clients ask for names before they list.
    func imageID() throws -> ID<Image> {
        let text = self[parameter: "image_id"]
        guard let id = ID<Image>(untrusted: text) else { throw ServiceError.notFound("Image", text) }
        return id
    }
}
