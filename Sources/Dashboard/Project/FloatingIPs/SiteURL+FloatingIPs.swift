import ServiceCore

/// Horizon's addresses of floating IPs.
extension SiteURL {
    static func floatingIPs(_ area: Area) -> SiteURL { SiteURL(area.rawValue, "floating_ips") }
    static func allocateFloatingIP(_ area: Area) -> SiteURL { floatingIPs(area).below("allocate") }
    /// Horizon has such a page for administrators only.
    static func floatingIP(_ ip: String = "{floating_ip_id}") -> SiteURL {
        floatingIPs(.admin).below(ip).below("detail")
    }
    static let associateFloatingIP = floatingIPs(.project).below("associate")
    /// Which of an instance's floating IPs is to lead elsewhere.
    static func disassociateFloatingIP(_ area: Area, _ instance: String = "{instance_id}") -> SiteURL {
        SiteURL.instance(area, instance).below("disassociate")
    }
}

extension PageHead {
    /// The trail of a page of floating IPs: Project / Network / Floating IPs / …
    static func floatingIPs(_ area: Area, _ visitor: Visitor, _ more: Crumb...) -> PageHead {
        let trail = [
            Crumb(visitor.text(area.title)), Crumb(visitor.text(Message("Network"))),
            Crumb(visitor.text(Message("Floating IPs")), more.isEmpty ? nil : .floatingIPs(area)),
        ]
        return PageHead(.floatingIPs(area), trail + more)
    }
}
