import ServiceCore

/// Horizon's addresses of key pairs.
extension SiteURL {
    static let keyPairs = SiteURL("project", "key_pairs")
    static let createKeyPair = SiteURL("project", "key_pairs", "create")
    static let importKeyPair = SiteURL("project", "key_pairs", "import")
    static func keyPair(_ name: String = "{keypair_name}") -> SiteURL {
        SiteURL("project", "key_pairs", name, "detail")
    }
}

extension PageHead {
    /// The trail of a page of key pairs.
    static func keyPairs(_ visitor: Visitor, _ more: Crumb...) -> PageHead {
        let trail = [
            Crumb(visitor.text(Area.project.title)), Crumb(visitor.text(Message("Compute"))),
            Crumb(visitor.text(Message("Key Pairs")), more.isEmpty ? nil : .keyPairs),
        ]
        return PageHead(.keyPairs, trail + more)
    }
}
