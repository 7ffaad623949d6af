import Compute
import HTTP
import Images
import ServiceCore

/// `/images`: glance's images as nova showed them until 2.35; their metadata until 2.38.
struct ImageProxy: Sendable {
    let images: ImageService

    func register(on table: inout RouteTable) {
        let versions = SecurityGroupProxy.versions
        table.on(.get, "/v2.1/images", in: versions, list)
        table.on(.get, "/v2.1/images/detail", in: versions, detail)
        table.on(.get, "/v2.1/images/{id}", in: versions, show)
        table.on(.delete, "/v2.1/images/{id}", in: versions, delete)
        let later = Microversion(2, 1)...Microversion(2, 38)
        table.on(.get, "/v2.1/images/{id}/metadata", in: later, metadata)
        table.on(.post, "/v2.1/images/{id}/metadata", in: later, merge)
        table.on(.put, "/v2.1/images/{id}/metadata", in: later, replace)
        table.on(.get, "/v2.1/images/{id}/metadata/{key}", in: later, item)
        table.on(.put, "/v2.1/images/{id}/metadata/{key}", in: later, setItem)
        table.on(.delete, "/v2.1/images/{id}/metadata/{key}", in: later, deleteItem)
    }

    func list(_ call: APICall) throws -> Response {
        let page = try self.page(call)
        return call.answer { json in
            json.list("images", page.items) { json, image in
                json.object {
                    $0.member("id", image.id.text)
                    $0.member("name", image.name)
                    $0.imageLinks(image, call)
                }
            }
            json.nextLink("images_links", page.next, call)
        }
    }

    func detail(_ call: APICall) throws -> Response {
        let page = try self.page(call)
        return call.answer { json in
            json.list("images", page.items) { $0.image($1, call) }
            json.nextLink("images_links", page.next, call)
        }
    }

    func show(_ call: APICall) throws -> Response {
        let image = try find(call)
        return call.answer { json in json.entry("image") { $0.image(image, call) } }
    }

    func delete(_ call: APICall) throws -> Response {
        try images.delete(find(call).id, as: call.context)
        return .nothing()
    }

    private func find(_ call: APICall) throws -> Image {
        guard let id = ID<Image>(untrusted: call[parameter: "id"]) else {
            throw APIError(.notFound, "Image not found.")
        }
        return try images.image(id, as: call.context)
    }

    /// There are few images: they are narrowed and cut here.
    private func page(_ call: APICall) throws -> Page<Image> {
        let query = call.query
        let request = try query.novaPage()
        let since = try query.moment("changes-since") ?? query.moment("changes_since")
        let status = query.text("status")?.uppercased()
        let server = query.text("server").map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        let (name, type) = (query.text("name"), query.text("type"))
        let (minRAM, minDisk) = (try query.integer("minRam"), try query.integer("minDisk"))
        var found = try images.images(as: call.context).items.filter { image in
            (status == nil || image.novaStatus == status) && (name == nil || image.name == name)
                && (server == nil || image.properties["instance_uuid"] == server)
                && (type == nil || image.properties["image_type"] == type
                    || type == "server" && image.properties["instance_uuid"] != nil)
                && image.minRAMMiB >= minRAM ?? 0 && image.minDiskGiB >= minDisk ?? 0
                && image.updatedAt >= since ?? image.updatedAt
        }
        guard let request else { return Page(items: [], next: nil) }
        if let marker = request.marker {
            guard let place = found.firstIndex(where: { $0.id.text == marker }) else {
                throw APIError(.badRequest, "marker [\(marker.prefix(80))] not found")
            }
            found.removeFirst(place + 1)
        }
        let items = Array(found.prefix(request.limit))
        return Page(items: items, next: found.count > items.count ? items.last?.id.text : nil)
    }
}

extension ImageProxy {
    func metadata(_ call: APICall) throws -> Response {
        let properties = try find(call).properties
        return call.answer { $0.member("metadata", properties) }
    }

    func item(_ call: APICall) throws -> Response {
        let key = call[parameter: "key"]
        guard let value = try find(call).properties[key] else {
            throw APIError(.notFound, "Metadata item was not found")
        }
        return call.answer { $0.object("meta") { $0.entry(key, value) } }
    }

    func merge(_ call: APICall) throws -> Response {
        let pairs = try pairs(call)
        return try answer(change(find(call), pairs, call), call)
    }

    func replace(_ call: APICall) throws -> Response {
        let pairs = try pairs(call)
        let image = try find(call)
        let removed = image.properties.keys.filter { pairs[$0] == nil }.sorted()
        return try answer(change(image, pairs, removing: removed, call), call)
    }

    func setItem(_ call: APICall) throws -> Response {
        let key = call[parameter: "key"]
        let pairs = try call.content().object { try $0.required("meta").metadata() }
        guard pairs.count == 1, let value = pairs[key] else {
            throw APIError(.badRequest, "Request body and URI mismatch")
        }
        _ = try change(find(call), pairs, call)
        return call.answer { $0.object("meta") { $0.entry(key, value) } }
    }

    func deleteItem(_ call: APICall) throws -> Response {
        let key = call[parameter: "key"]
        let image = try find(call)
        guard image.properties[key] != nil else { throw APIError(.notFound, "Invalid metadata key") }
        _ = try change(image, [:], removing: [key], call)
        return .nothing()
    }

    private func pairs(_ call: APICall) throws -> [String: String] {
        try call.content().object { try $0.required("metadata").metadata() }
    }

    private func change(
        _ image: Image, _ pairs: [String: String], removing removed: [String] = [], _ call: APICall
    ) throws -> Image {
        var update = ImageUpdate()
        update.properties = pairs
        _ = try images.update(image.id, removed.map { .remove(property: $0) } + [.set(update)], as: call.context)
        return try images.image(image.id, as: call.context)
    }

    private func answer(_ image: Image, _ call: APICall) -> Response {
        call.answer { $0.member("metadata", image.properties) }
    }
}

extension Image {
    /// nova's word for glance's status.
    fileprivate var novaStatus: String {
        switch status {
        case .active: "ACTIVE"
        case .queued, .saving: "SAVING"
        default: "ERROR"
        }
    }
}

extension JSONWriter {
    fileprivate mutating func image(_ image: Image, _ call: APICall) {
        object {
            $0.member("id", image.id.text)
            $0.member("name", image.name)
            $0.member("status", image.novaStatus)
            $0.member("progress", image.novaStatus == "ACTIVE" ? 100 : image.novaStatus == "SAVING" ? 25 : 0)
            $0.member("minDisk", image.minDiskGiB)
            $0.member("minRam", image.minRAMMiB)
            $0.member("created", image.createdAt.iso8601)
            $0.member("updated", image.updatedAt.iso8601)
            $0.member("metadata", image.properties)
            $0.member("OS-EXT-IMG-SIZE:size", image.size.map { Int($0) } ?? 0)
            if let server = image.properties["instance_uuid"] {
                $0.object("server") {
                    $0.member("id", server)
                    $0.links(to: "/servers/" + server, call)
                }
            }
            $0.imageLinks(image, call)
        }
    }

    fileprivate mutating func imageLinks(_ image: Image, _ call: APICall) {
        let path = "/images/" + image.id.text
        list("links", ["self", "bookmark", "alternate"]) { json, rel in
            json.object {
                $0.member("rel", rel)
                switch rel {
                case "self": $0.member("href", call.root + path)
                case "bookmark": $0.member("href", call.bookmarks + path)
                default:
                    $0.member("type", "application/vnd.openstack.image")
                    $0.member("href", call.base + "/image/v2" + path)
                }
            }
        }
    }
}
