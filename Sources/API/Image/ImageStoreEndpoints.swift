import HTTP
import Images

/// Where images are kept, of which there is one place, and how much they hold.
struct ImageStoreEndpoints: Sendable {
    let images: ImageService

    /// `GET /v2/info/stores`: 200.
    func list(_ call: APICall) -> Response {
        call.answer { json in
            json.list("stores", ImageStoreInformation.all) { json, store in
                json.object { Self.write(store, to: &$0) }
            }
        }
    }

    /// `GET /v2/info/stores/detail`: 200, to administrators.
    func details(_ call: APICall) throws -> Response {
        let stores = try images.stores(as: call.context)
        return call.answer { json in
            json.list("stores", stores) { json, store in
                json.object {
                    Self.write(store, to: &$0)
                    $0.member("type", "file")
                    $0.member("weight", 0)
                    $0.object("properties") { $0.member("data_dir", images.directoryPath) }
                }
            }
        }
    }

    /// `GET /v2/info/usage`: 200. Of keystone's limits for images none is looked at, so that there is nothing to tell, as
    /// in a glance without `use_keystone_limits`.
    func usage(_ call: APICall) -> Response {
        call.answer { json in json.object("usage") { _ in } }
    }

    /// `DELETE /v2/stores/{store_id}/{image_id}`: 403, since what is in one store alone is not taken from it.
    func remove(_ call: APICall) throws -> Response {
        try images.removeFromStore(call[parameter: "store_id"], call.imageID(), as: call.context)
        return .nothing()
    }

    private static func write(_ store: ImageStoreInformation, to json: inout JSONWriter) {
        json.member("id", store.id)
        json.member("description", store.description)
        if store.isDefault { json.member("default", "true") }
    }
}
