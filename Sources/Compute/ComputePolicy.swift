public import ServiceCore

/// Who may do what with instances; the names are nova's. Ownership comes on top: these levels count in the project that
/// owns the instance, administrators may act in every project.
public enum ComputePolicy {
    /// The rules.
    public static let policy = Policy(
        actions + [
            PolicyRule(name: get, least: .reader, description: "See instances, flavors and quotas"),
            PolicyRule(name: create, least: .member, description: "Launch instances"),
            PolicyRule(name: keypairs, least: .reader, description: "Manage one's own key pairs"),
            PolicyRule(name: othersKeypairs, least: .admin, description: "Manage the key pairs of other users"),
            PolicyRule(name: domainXML, least: .admin, description: "Read the definitions of domains"),
            PolicyRule(
                name: extendedAttributes, least: .admin,
                description: "See where instances are, and what their hosts say about faults"),
            PolicyRule(name: hypervisors, least: .admin, description: "See hosts and services"),
            PolicyRule(name: updateService, least: .admin, description: "Enable and disable compute hosts"),
            PolicyRule(name: aggregates, least: .admin, description: "Manage host aggregates and their zones"),
            PolicyRule(name: forcedHost, least: .admin, description: "Name the host an instance is launched on"),
            PolicyRule(name: getServerGroups, least: .reader, description: "See server groups"),
            PolicyRule(name: changeServerGroups, least: .member, description: "Create and delete server groups"),
            PolicyRule(name: createFlavor, least: .admin, description: "Create flavors"),
            PolicyRule(name: diagnostics, least: .admin, description: "See what hosts count about instances"),
            PolicyRule(name: usages, least: .admin, description: "See what all projects used"),
            PolicyRule(name: resetState, least: .admin, description: "Say what the state of instances is"),
            PolicyRule(name: tags, least: .member, description: "Change the tags of instances"),
            PolicyRule(name: migrations, least: .admin, description: "See migrations"),
            PolicyRule(name: updateFlavor, least: .admin, description: "Describe flavors and set their extra specs"),
            PolicyRule(name: deleteFlavor, least: .admin, description: "Delete flavors"),
            PolicyRule(name: flavorAccess, least: .admin, description: "Choose who may use a flavor"),
            PolicyRule(name: updateQuota, least: .admin, description: "Set a project's compute quotas"),
        ], isOfProjects: true)

    private static let actions = [
        rule(.start, "Start instances"), rule(.stop, "Shut off instances"), rule(.softReboot, "Reboot instances"),
        rule(.pause, "Pause instances"), rule(.unpause, "Resume paused instances"),
        rule(.suspend, "Suspend instances"), rule(.resume, "Resume suspended instances"),
        rule(.lock, "Lock instances"), rule(.unlock, "Unlock instances"), rule(.shelve, "Shelve instances"),
        rule(.unshelve, "Take shelved instances back"), rule(.rescue, "Rescue instances"),
        rule(.unrescue, "End the rescue of instances"), rule(.resize, "Resize instances"),
        rule(.confirmResize, "Confirm resizes"), rule(.revertResize, "Revert resizes"),
        rule(.rebuild, "Rebuild instances"), rule(.createImage, "Make snapshots of instances"),
        rule(.attachInterface, "Attach interfaces"), rule(.detachInterface, "Detach interfaces"),
        rule(.editSecurityGroups, "Choose the security groups of instances"),
        rule(.rename, "Edit instances"), rule(.updateMetadata, "Change the metadata of instances"),
        rule(.viewLog, "Read console logs"), rule(.console, "Use consoles"),
        rule(.delete, "Delete instances"), rule(.forceDelete, "Delete instances whatever their host says", .admin),
    ]

    private static func rule(
        _ action: InstanceAction, _ description: String, _ least: RoleLevel = .member
    ) -> PolicyRule {
        PolicyRule(name: action.rule, least: least, description: description)
    }

    static let get = "compute:get"
    static let create = "compute:create"
    static let keypairs = "compute:keypairs"
    static let othersKeypairs = "compute:keypairs_of_others"
    static let domainXML = "compute:get_domain_xml"
    static let extendedAttributes = "compute:extended_server_attributes"
    static let hypervisors = "compute:hypervisors"
    static let updateService = "compute:update_service"
    static let aggregates = "compute:aggregates"
    static let forcedHost = "compute:create_forced_host"
    static let getServerGroups = "compute:get_server_groups"
    static let changeServerGroups = "compute:change_server_groups"
    static let createFlavor = "compute:create_flavor"
    static let diagnostics = "compute:server_diagnostics"
    static let usages = "compute:simple_tenant_usage"
    static let resetState = "compute:reset_state"
    static let tags = "compute:server_tags"
    static let migrations = "compute:migrations"
    static let updateFlavor = "compute:update_flavor"
    static let deleteFlavor = "compute:delete_flavor"
    static let flavorAccess = "compute:flavor_access"
    static let updateQuota = "compute:update_quota"
}
