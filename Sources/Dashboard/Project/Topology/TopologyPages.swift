import Compute
import Foundation
import HTTP
import Markup
import Networking
import ServiceCore

/// Network Topology: the project's networks as lanes, with its routers and instances between them.
struct TopologyPages: Sendable {
    /// In per cent.
    private static let zooms = [50, 75, 100, 150]

    private let site: Site
    private let view: View<TopologyContent>

    init(_ site: Site) throws {
        self.site = site
        view = try site.view("project/network_topology/index", of: TopologyContent.self)
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let topology = try Topology(site.services, as: visitor.context)
        let isEmpty = topology.networks.isEmpty && topology.devices.isEmpty
        let asked = request.query["zoom"].flatMap { Int($0) } ?? 100
        let zoom = Self.zooms.contains(asked) ? asked : 100
        let content = TopologyContent(
            drawing: isEmpty ? .empty : TopologyDrawing(topology, visitor.wording).svg(zoom: zoom), isEmpty: isEmpty,
            note: topology.isCut
                ? visitor.text(
                    Message(
                        "Not everything is drawn: at most {count} networks, routers and instances each.",
                        ["count": String(Topology.limit)])) : nil,
            zooms: Self.zooms.map {
                TabModel(
                    title: "\($0)%", href: SiteURL.networkTopology.with("zoom", String($0)).description,
                    current: $0 == zoom)
            },
            mayLaunch: site.services.compute.canLaunch(as: visitor.context),
            mayCreateNetwork: site.services.networking.may(.createNetwork, as: visitor.context),
            mayCreateRouter: site.services.networking.may(.createRouter, as: visitor.context))
        var head = PageHead(
            .networkTopology,
            [
                Crumb(visitor.text(Area.project.title)), Crumb(visitor.text(Message("Network"))),
                Crumb(visitor.text(Message("Network Topology"))),
            ])
        head.refreshes = topology.isBusy
        return view.page(content, head, visitor)
    }

    /// The same as JSON.
    func feed(_ request: Request, _ visitor: Visitor) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let feed = TopologyFeed(try Topology(site.services, as: visitor.context))
        return Response.json(Array(try encoder.encode(feed)))
    }
}

struct TopologyContent: TemplateModel {
    let drawing: SafeHTML
    let isEmpty: Bool
    let note: String?
    let zooms: [TabModel]
    let mayLaunch: Bool
    let mayCreateNetwork: Bool
    let mayCreateRouter: Bool

    static let shape = Shape<TopologyContent>([
        .safe("drawing", \.drawing), .flag("isEmpty", \.isEmpty), .optionalText("note", \.note),
        .list("zooms", \.zooms), .flag("mayLaunch", \.mayLaunch), .flag("mayCreateNetwork", \.mayCreateNetwork),
        .flag("mayCreateRouter", \.mayCreateRouter),
        .text("launch") { _ in SiteURL.launchInstance.path },
        .text("createNetwork") { _ in SiteURL.createNetwork(.project).path },
        .text("createRouter") { _ in SiteURL.createRouter.path },
    ])
}

/// Horizon's addresses of the topology.
extension SiteURL {
    static let networkTopology = SiteURL("project", "network_topology")
    static let networkTopologyFeed = networkTopology.below("json")
}
