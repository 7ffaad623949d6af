import API
import Dashboard
import Foundation
import HTTP
import Logging

/// Everything the program answers to: the dashboard, its files, and the two addresses for machines that watch it.
struct FrontDoor: Sendable {
    let router: Router

    init(
        site: DashboardSite, api: OpenStackAPI, files: StaticFiles, consoles: ConsoleFiles, metrics: Metrics,
        redirect: SecureRedirect?, isWell: @escaping @Sendable () -> Bool
    ) throws {
        var router = Router()
        if let redirect { router.admit = { redirect.answer(to: $0) } }
        router.notFound = { request in
            switch Audience(of: request) {
            case .program: OpenStackAPI.notFound(request)
            case .person: site.notFound(request)
            case .anybody: .text("Not found\n", status: .notFound)
            }
        }
        let (plainRefusal, plainFailure) = (router.refusal, router.failure)
        router.refusal = { refusal, request in
            switch Audience(of: request) {
            case .program: OpenStackAPI.refusal(refusal, request)
            case .person: site.refusal(refusal, request)
            case .anybody: plainRefusal(refusal, request)
            }
        }
        router.failure = { error, request in
            switch Audience(of: request) {
            case .program: OpenStackAPI.failure(request)
            case .person: site.failure(request)
            case .anybody: plainFailure(error, request)
            }
        }
        try site.register(on: &router)
        api.register(on: &router)
        files.register(on: &router)
        consoles.register(on: &router)
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

/// Who will read an answer that no page and no endpoint has made.
private enum Audience {
    /// A program that speaks OpenStack: JSON.
    case program
    /// A person with a browser: a page in their language.
    case person
    /// A line of text does.
    case anybody

    init(of request: Request) {
        if OpenStackAPI.owns(request) {
            self = .program
        } else if request.path.hasPrefix("/dashboard/") || request.fields.hasType("text/html", in: "Accept") {
            self = .person
        } else {
            self = .anybody
        }
    }
}

extension Fields {
    /// Whether a list of media ranges names a type outright (RFC 9110 section 12.5.1). Browsers name `text/html`, other
    /// programs say `*/*`.
    fileprivate func hasType(_ type: String, in name: String) -> Bool {
        values(for: name).contains { value in
            value.split(separator: ",").contains { element in
                let range = element.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
                return range.lowercased() == type
            }
        }
    }
}
