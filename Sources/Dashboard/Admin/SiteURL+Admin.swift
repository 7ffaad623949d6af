import Compute
import Networking
import ServiceCore

/// Horizon's addresses of the pages about the cloud itself.
extension SiteURL {
    static let flavors = SiteURL("admin", "flavors")
    static func flavorMetadata(_ id: String = "{flavor_id}") -> SiteURL {
        flavors.below(id).below("update_metadata")
    }

    static let hypervisors = SiteURL("admin", "hypervisors")
    static func disableService(_ host: String = "{compute_host}") -> SiteURL {
        hypervisors.below(host).below("disable_service")
    }

    static let aggregates = SiteURL("admin", "aggregates")
    static let createAggregate = aggregates.below("create")
    static func updateAggregate(_ id: String = "{aggregate_id}") -> SiteURL { aggregates.below(id).below("update") }
    static func manageHosts(_ id: String = "{aggregate_id}") -> SiteURL { aggregates.below(id).below("manage_hosts") }
    static func aggregateMetadata(_ id: String = "{aggregate_id}") -> SiteURL {
        aggregates.below(id).below("update_metadata")
    }

    static let rbacPolicies = SiteURL("admin", "rbac_policies")
    static let createRBACPolicy = rbacPolicies.below("create")
    static func rbacPolicy(_ id: String = "{rbac_policy_id}") -> SiteURL { rbacPolicies.below(id) }
    static func updateRBACPolicy(_ id: String = "{rbac_policy_id}") -> SiteURL { rbacPolicy(id).below("update") }

    static let systemInformation = SiteURL("admin", "info")
}

extension PageHead {
    /// The trail of an administrator's page: Admin / Compute / Host Aggregates / …
    static func admin(
        _ panel: SiteURL, _ group: Message, _ title: Message, _ visitor: Visitor, _ more: [Crumb] = []
    ) -> PageHead {
        let trail = [
            Crumb(visitor.text(Area.admin.title)), Crumb(visitor.text(group)),
            Crumb(visitor.text(title), more.isEmpty ? nil : panel),
        ]
        return PageHead(panel, trail + more)
    }
}

extension Cell {
    /// Whether a service may take work.
    static func enabled(_ record: ServiceRecord, _ wording: Wording) -> Cell {
        .text(record.isEnabled ? wording(Message("Enabled")) : wording(Message("Disabled")))
    }

    /// Whether a service reports.
    static func state(_ record: ServiceRecord, _ wording: Wording) -> Cell {
        .status(record.isUp ? .good : .bad, record.isUp ? wording(Message("Up")) : wording(Message("Down")))
    }

    /// Whether an agent reports.
    static func state(_ agent: NetworkAgent, _ wording: Wording) -> Cell {
        .status(agent.isAlive ? .good : .bad, agent.isAlive ? wording(Message("Up")) : wording(Message("Down")))
    }
}
