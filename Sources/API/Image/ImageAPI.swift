import HTTP
import Images

/// Glance's interface, version 2.
struct ImageAPI: Sendable {
    let images: ImageService

    func register(on table: inout RouteTable) {
        let versions = ImageVersions()
        table.open(.get, "", versions.choices)
        table.open(.get, "/versions", versions.list)
    }
}
