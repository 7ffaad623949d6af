public import ServiceCore

/// Who may do what with images; the names are Glance's. Ownership comes on top.
public enum ImagePolicy {
    /// The rules.
    public static let policy = Policy([
        PolicyRule(name: get, least: .reader, description: "See images"),
        PolicyRule(name: add, least: .member, description: "Create images"),
        PolicyRule(name: upload, least: .member, description: "Store an image's bytes"),
        PolicyRule(name: modify, least: .member, description: "Edit images"),
        PolicyRule(name: delete, least: .member, description: "Delete images"),
        PolicyRule(name: publicize, least: .admin, description: "Show an image to every project"),
    ])

    static let get = "image:get_image"
    static let add = "image:add_image"
    static let upload = "image:upload_image"
    static let modify = "image:modify_image"
    static let delete = "image:delete_image"
    static let publicize = "image:publicize_image"
}
