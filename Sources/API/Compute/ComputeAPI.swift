import Compute
import HTTP
import Images
import Networking

/// Nova's interface, version 2.1 with its microversions.
struct ComputeAPI: Sendable {
    let compute: ComputeService
    let networking: NetworkingService
    let images: ImageService

    func register(on table: inout RouteTable) {
        let versions = ComputeVersions()
        table.open(.get, "", versions.choices)
        table.open(.get, "/v2.1", versions.current)
    }
}
