import Networking
import ServiceCore

/// Horizon's addresses of routers.
extension SiteURL {
    static func routers(_ area: Area) -> SiteURL { SiteURL(area.rawValue, "routers") }
    static let createRouter = routers(.project).below("create")
    static func router(_ area: Area, _ id: String = "{router_id}") -> SiteURL { routers(area).below(id) }
    static func updateRouter(_ area: Area, _ id: String = "{router_id}") -> SiteURL {
        router(area, id).below("update")
    }
    static func setGateway(_ area: Area, _ id: String = "{router_id}") -> SiteURL {
        router(area, id).below("setgateway")
    }
    static func addInterface(_ area: Area, _ id: String = "{router_id}") -> SiteURL {
        router(area, id).below("addinterface")
    }
    static func addRoute(_ area: Area, _ id: String = "{router_id}") -> SiteURL {
        router(area, id).below("addrouterroute")
    }
}

/// A tab of a router's page, by Horizon's names.
enum RouterTab: String, CaseIterable, Sendable {
    case overview = "router_details__overview"
    case interfaces = "router_details__interfaces"
    case routes = "router_details__extra_routes"

    func url(_ area: Area, _ router: ID<NetworkRouter>) -> SiteURL {
        SiteURL.router(area, router.text).with("tab", rawValue)
    }

    var title: Message {
        switch self {
        case .overview: Message("Overview")
        case .interfaces: Message("Interfaces")
        case .routes: Message("Static Routes")
        }
    }
}

extension PageHead {
    /// The trail of a page of routers: Project / Network / Routers / …
    static func routers(_ area: Area, _ visitor: Visitor, _ more: Crumb...) -> PageHead {
        let trail = [
            Crumb(visitor.text(area.title)), Crumb(visitor.text(Message("Network"))),
            Crumb(visitor.text(Message("Routers")), more.isEmpty ? nil : .routers(area)),
        ]
        return PageHead(.routers(area), trail + more)
    }
}
