import Compute
import HTTP

/// Placement's interface, as far as clients ask: what there is to read.
struct PlacementAPI: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        let versions = PlacementVersions()
        table.open(.get, "", versions.choices)
    }
}
