import ServiceCore

/// Horizon's addresses of security groups and their rules.
extension SiteURL {
    static let securityGroups = SiteURL("project", "security_groups")
    static let createSecurityGroup = securityGroups.below("create")
    /// The page of a group is the one on which its rules are managed.
    static func securityGroup(_ id: String = "{security_group_id}") -> SiteURL { securityGroups.below(id) }
    static func updateSecurityGroup(_ id: String = "{security_group_id}") -> SiteURL {
        securityGroup(id).below("update")
    }
    static func addSecurityGroupRule(_ id: String = "{security_group_id}") -> SiteURL {
        securityGroup(id).below("add_rule")
    }
}

extension PageHead {
    /// The trail of a page of security groups: Project / Network / Security Groups / …
    static func securityGroups(_ visitor: Visitor, _ more: Crumb...) -> PageHead {
        let trail = [
            Crumb(visitor.text(Area.project.title)), Crumb(visitor.text(Message("Network"))),
            Crumb(visitor.text(Message("Security Groups")), more.isEmpty ? nil : .securityGroups),
        ]
        return PageHead(.securityGroups, trail + more)
    }
}
