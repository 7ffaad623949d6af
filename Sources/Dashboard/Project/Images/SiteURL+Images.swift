import Images
import ServiceCore

/// Horizon's addresses of images.
extension SiteURL {
    static func images(_ area: Area) -> SiteURL { SiteURL(area.rawValue, "images") }
    static let createImage = SiteURL("project", "images", "create")
    static func image(_ area: Area, _ id: String = "{image_id}") -> SiteURL {
        SiteURL(area.rawValue, "images", id)
    }
    static func updateImage(_ area: Area, _ id: String = "{image_id}") -> SiteURL { image(area, id).below("update") }
    static func imageMetadata(_ area: Area, _ id: String = "{image_id}") -> SiteURL {
        image(area, id).below("update_metadata")
    }
    static func imageMembers(_ area: Area, _ id: String = "{image_id}") -> SiteURL { image(area, id).below("members") }
    static func addImageMember(_ area: Area, _ id: String = "{image_id}") -> SiteURL {
        imageMembers(area, id).below("add")
    }
}

extension PageHead {
    /// The trail of a page of images.
    static func images(_ area: Area, _ visitor: Visitor, _ more: Crumb...) -> PageHead {
        images(area, visitor, trail: more)
    }

    /// The trail of a page of one image.
    static func image(_ image: Image, _ area: Area, _ visitor: Visitor, _ more: Crumb...) -> PageHead {
        images(area, visitor, trail: [Crumb(image.title, .image(area, image.id.text))] + more)
    }

    private static func images(_ area: Area, _ visitor: Visitor, trail more: [Crumb]) -> PageHead {
        let trail = [
            Crumb(visitor.text(area.title)), Crumb(visitor.text(Message("Compute"))),
            Crumb(visitor.text(Message("Images")), more.isEmpty ? nil : .images(area)),
        ]
        return PageHead(.images(area), trail + more)
    }
}
