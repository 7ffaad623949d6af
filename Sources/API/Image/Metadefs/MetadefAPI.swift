import HTTP
import Images

extension ImageAPI {
    /// The catalogue of metadata definitions.
    func registerMetadefs(on table: inout RouteTable) {
        let namespaces = MetadefNamespaceEndpoints(images: images)
        let root = "/v2/metadefs/namespaces"
        table.on(.get, "/v2/metadefs/resource_types", namespaces.resourceTypes)
        table.on(.get, root, namespaces.list)
        table.on(.post, root, namespaces.create)
        table.on(.get, root + "/{namespace}", namespaces.show)
        table.on(.put, root + "/{namespace}", namespaces.update)
        table.on(.delete, root + "/{namespace}", namespaces.delete)
        for kind in [MetadefItem.Kind.object, .property, .tag, .resourceType] {
            let items = MetadefItemEndpoints(images: images, kind: kind)
            let path = root + "/{namespace}/" + items.collection
            table.on(.get, path, items.list)
            table.on(.post, path, items.create)
            table.on(.delete, path + "/{name}", items.delete)
            guard kind != .resourceType else { continue }
            table.on(.delete, path, items.deleteAll)
            table.on(.get, path + "/{name}", items.show)
            table.on(.put, path + "/{name}", items.update)
            if kind == .tag { table.on(.post, path + "/{name}", items.createTag) }
        }
    }
}
