public import ServiceCore

/// Who may do what with instances; the names are nova's. Ownership comes on top: these levels count in the project that
/// owns the instance, administrators may act in every project.
public enum ComputePolicy {
    /// The rules.
    public static let policy = Policy([
        PolicyRule(name: get, least: .reader, description: "See instances, flavors and quotas"),
        PolicyRule(name: create, least: .member, description: "Launch instances"),
        PolicyRule(name: InstanceAction.start.rule, least: .member, description: "Start instances"),
        PolicyRule(name: InstanceAction.stop.rule, least: .member, description: "Shut off instances"),
        PolicyRule(name: InstanceAction.softReboot.rule, least: .member, description: "Reboot instances"),
        PolicyRule(name: InstanceAction.rename.rule, least: .member, description: "Edit instances"),
        PolicyRule(name: InstanceAction.delete.rule, least: .member, description: "Delete instances"),
        PolicyRule(name: InstanceAction.viewLog.rule, least: .reader, description: "Read console logs"),
        PolicyRule(name: keypairs, least: .reader, description: "Manage one's own key pairs"),
        PolicyRule(name: domainXML, least: .admin, description: "Read the definitions of domains"),
        PolicyRule(name: hypervisors, least: .admin, description: "See hosts and services"),
        PolicyRule(name: updateQuota, least: .admin, description: "Set a project's compute quotas"),
    ])

    static let get = "compute:get"
    static let create = "compute:create"
    static let keypairs = "compute:keypairs"
    static let domainXML = "compute:get_domain_xml"
    static let hypervisors = "compute:hypervisors"
    static let updateQuota = "compute:update_quota"
}
