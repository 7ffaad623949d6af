import API
import Dashboard
import Foundation
import HTTP
import Logging

/// Everything the program answers to: the dashboard, its files, and the two addresses for machines that watch it.
struct FrontDoor: Sendable {
    let router: Router

    init(
        site: DashboardSite, api: OpenStackAPI, files: StaticFiles, metrics: Metrics,
        isWell: @escaping @Sendable () -> Bool
    ) throws {
        var router = Router()
        router.notFound = { site.notFound($0) }
        try site.register(on: &router)
        api.register(on: &router)
        files.register(on: &router)
        router.on(
            .get, "/healthz", .none,
            .worker { _ in
                isWell() ? .text("ok\n") : .text("the database does not answer\n", status: .serviceUnavailable)
            })
        router.on(
            .get, "/metrics", .none,
            .worker { _ in Response(contentType: OpenMetrics.contentType, body: .bytes(Array(metrics.text.utf8))) })
        self.router = router
    }
}
