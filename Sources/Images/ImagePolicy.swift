public import ServiceCore

/// Who may do what with images; the names are Glance's. Ownership comes on top.
public enum ImagePolicy {
    /// The rules.
    public static let policy = Policy(
        [
            PolicyRule(name: get, least: .reader, description: "See images"),
            PolicyRule(name: add, least: .member, description: "Create images"),
            PolicyRule(name: upload, least: .member, description: "Store an image's bytes"),
            PolicyRule(name: download, least: .member, description: "Get an image's bytes"),
            PolicyRule(name: modify, least: .member, description: "Edit images"),
            PolicyRule(name: delete, least: .member, description: "Delete images"),
            PolicyRule(name: publicize, least: .admin, description: "Show an image to every project"),
            PolicyRule(name: communitize, least: .member, description: "Let every project use an image"),
            PolicyRule(name: deactivate, least: .member, description: "Keep an image's bytes back"),
            PolicyRule(name: copy, least: .admin, description: "Copy images between stores"),
            PolicyRule(name: getMembers, least: .reader, description: "See whom an image is shared with"),
            PolicyRule(name: changeMembers, least: .member, description: "Share images"),
            PolicyRule(name: acceptMember, least: .member, description: "Accept shared images"),
            PolicyRule(name: getMetadefs, least: .reader, description: "See metadata definitions"),
            PolicyRule(name: changeMetadefs, least: .admin, description: "Edit metadata definitions"),
            PolicyRule(name: storeDetails, least: .admin, description: "See how images are kept"),
            PolicyRule(name: removeFromStore, least: .admin, description: "Take images out of single stores"),
            PolicyRule(name: tasks, least: .admin, description: "See and create image tasks"),
        ], isOfProjects: true)

    static let get = "image:get_image"
    static let add = "image:add_image"
    static let upload = "image:upload_image"
    static let download = "image:download_image"
    static let modify = "image:modify_image"
    static let delete = "image:delete_image"
    static let publicize = "image:publicize_image"
    static let communitize = "image:communitize_image"
    static let deactivate = "image:deactivate"
    static let copy = "image:copy_image"
    static let getMembers = "image:get_members"
    static let changeMembers = "image:add_member"
    static let acceptMember = "image:modify_member"
    static let getMetadefs = "image:get_metadef_namespaces"
    static let changeMetadefs = "image:modify_metadef_namespace"
    static let storeDetails = "image:stores_info_detail"
    static let removeFromStore = "image:delete_image_location"
    static let tasks = "image:tasks_api_access"
}
