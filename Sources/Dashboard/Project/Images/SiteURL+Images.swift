import Images
import ServiceCore

/// Horizon's addresses of images.
extension SiteURL {
    static func images(_ area: Area) -> SiteURL { SiteURL(area.rawValue, "images") }
    static let createImage = SiteURL("project", "images", "create")
    static func image(_ area: Area, _ id: String = "{image_id}") -> SiteURL {
        SiteURL(area.rawValue, "images", id)
    }
}

extension PageHead {
    /// The trail of a page of images.
    static func images(_ area: Area, _ visitor: Visitor, _ more: Crumb...) -> PageHead {
        let trail = [
            Crumb(visitor.text(area.title)), Crumb(visitor.text(Message("Compute"))),
            Crumb(visitor.text(Message("Images")), more.isEmpty ? nil : .images(area)),
        ]
        return PageHead(.images(area), trail + more)
    }
}
