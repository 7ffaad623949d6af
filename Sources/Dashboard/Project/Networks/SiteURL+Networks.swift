import HTTP
import Networking
import ServiceCore

/// Horizon's addresses of networks, subnets and ports.
extension SiteURL {
    static func networks(_ area: Area) -> SiteURL { SiteURL(area.rawValue, "networks") }
    static func createNetwork(_ area: Area) -> SiteURL { SiteURL(area.rawValue, "networks", "create") }
    static func network(_ area: Area, _ network: String = "{network_id}") -> SiteURL {
        SiteURL(area.rawValue, "networks", network, "detail")
    }
    static func updateNetwork(_ area: Area, _ network: String = "{network_id}") -> SiteURL {
        SiteURL(area.rawValue, "networks", network, "update")
    }
    static func createSubnet(_ area: Area, _ network: String = "{network_id}") -> SiteURL {
        SiteURL(area.rawValue, "networks", network, "subnets", "create")
    }
    static func updateSubnet(
        _ area: Area, _ network: String = "{network_id}", _ subnet: String = "{subnet_id}"
    ) -> SiteURL {
        SiteURL(area.rawValue, "networks", network, "subnets", subnet, "update")
    }
    /// What a form would come to, as a part of its page.
    static func preview(_ form: SiteURL) -> SiteURL { form.below("preview") }
    static func subnet(_ area: Area, _ subnet: String = "{subnet_id}") -> SiteURL {
        SiteURL(area.rawValue, "networks", "subnets", subnet, "detail")
    }
    static func createPort(_ area: Area, _ network: String = "{network_id}") -> SiteURL {
        SiteURL(area.rawValue, "networks", network, "ports", "create")
    }
    static func updatePort(
        _ area: Area, _ network: String = "{network_id}", _ port: String = "{port_id}"
    ) -> SiteURL {
        SiteURL(area.rawValue, "networks", network, "ports", port, "update")
    }
    static func portSecurityGroups(
        _ area: Area, _ network: String = "{network_id}", _ port: String = "{port_id}"
    ) -> SiteURL {
        SiteURL(area.rawValue, "networks", network, "ports", port, "security_groups")
    }
    static func addAddressPair(_ area: Area, _ port: String = "{port_id}") -> SiteURL {
        SiteURL(area.rawValue, "networks", "ports", port, "addallowedaddresspairs")
    }
    static func port(_ area: Area, _ port: String = "{port_id}") -> SiteURL {
        SiteURL(area.rawValue, "networks", "ports", port, "detail")
    }
}

/// A tab of the network's page, by Horizon's names.
enum NetworkTab: String, CaseIterable, Sendable {
    case overview = "network_tabs__overview"
    case subnets = "network_tabs__subnets_tab"
    case ports = "network_tabs__ports_tab"
    /// Administrators' alone.
    case agents = "network_tabs__agents_tab"

    func url(_ area: Area, _ network: ID<Network>) -> SiteURL {
        SiteURL.network(area, network.text).with("tab", rawValue)
    }
}

/// A tab of a port's page, by Horizon's names.
enum PortTab: String, CaseIterable, Sendable {
    case overview = "port_details__overview"
    case addressPairs = "port_details__allowed_address_pairs"

    var title: Message {
        switch self {
        case .overview: Message("Overview")
        case .addressPairs: Message("Allowed Address Pairs")
        }
    }

    func url(_ area: Area, _ port: ID<Port>) -> SiteURL { SiteURL.port(area, port.text).with("tab", rawValue) }
}

extension PageHead {
    /// The trail of a page of networks: Admin / Network / Networks / …
    static func networks(_ area: Area, _ visitor: Visitor, _ more: Crumb...) -> PageHead {
        let trail = [
            Crumb(visitor.text(area.title)), Crumb(visitor.text(Message("Network"))),
            Crumb(visitor.text(Message("Networks")), more.isEmpty ? nil : .networks(area)),
        ]
        return PageHead(.networks(area), trail + more)
    }
}

extension Request {
    /// The id in the path. What cannot be an id is not found, like one nobody has.
    func id<Resource>(_ name: String, of what: String) throws -> ID<Resource> {
        let text = parameters[name]
        guard let id = ID<Resource>(untrusted: text) else { throw ServiceError.notFound(what, text) }
        return id
    }
}
